"""The reference of the API: every operation described, and tried with a token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.doors import Door, opens_to
from bookings.faces.developers.frame import show
from bookings.faces.replies import takes


@opens_to(Door.PUBLIC)
@takes("GET")
def reference(request: HttpRequest) -> HttpResponse:
    """Show the page that draws the description of the API; it holds no token of anybody."""
    return show(request, "developers/reference.html", {}, here="reference")
