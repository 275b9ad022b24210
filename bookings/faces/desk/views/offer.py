"""What the business offers, to read."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability
from bookings.faces import words
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.frame import show
from bookings.faces.desk.offer import said_of
from bookings.queries.offer import offered


@desk("GET", needs=Capability.SEE_SETTINGS)
def offer(request: DeskRequest) -> HttpResponse:
    """Show the services with their prices, questions and rules, and the page they are on."""
    business = request.colleague.business
    shown = {
        "services": [said_of(service) for service in offered(business)],
        "page_url": settings.PUBLIC_URL + reverse("site:business", args=[business.slug]),
        "zone": words.zone_at(business.zone, timezone.now()),
    }
    return show(request, "desk/offer.html", shown, here="offer")
