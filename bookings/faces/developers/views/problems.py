"""What every refusal means; the `type` of a problem leads here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.doors import Door, opens_to
from bookings.faces.developers.frame import show
from bookings.faces.explained import OF_CALLS, refusals
from bookings.faces.replies import takes


@opens_to(Door.PUBLIC)
@takes("GET")
def problems(request: HttpRequest) -> HttpResponse:
    """Show every code with its status, what it means and what helps."""
    shown = {"of_calls": OF_CALLS, "refusals": refusals()}
    return show(request, "developers/problems.html", shown, here="problems")
