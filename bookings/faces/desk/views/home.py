"""The way in: to the business one works for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.doors import Door, opens_to
from accounts.models import User
from accounts.roles import Capability
from bookings.faces.replies import takes
from bookings.queries.colleagues import businesses_of


@opens_to(Door.SIGNED_IN)
@takes("GET")
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the desk of the business where there is one, else ask which."""
    assert isinstance(request.user, User)
    businesses = list(businesses_of(request.user, Capability.OPEN_DESK)[:200])
    if len(businesses) == 1:
        return redirect("desk:day", slug=businesses[0].slug)
    return render(request, "desk/home.html", {"businesses": businesses})
