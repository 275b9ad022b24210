"""The page of a service, on which a time is chosen and held."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.errors import BookingError
from bookings.faces.abuse import count_change
from bookings.faces.replies import see_other, status_of, takes
from bookings.faces.site import earlier
from bookings.faces.site.cards import house, service_card
from bookings.faces.site.choosing import Choosing, Refused, known_person
from bookings.faces.site.holding import details_url
from bookings.faces.site.wish import read_start, read_wish
from bookings.faces.site.zones import remember_choice, zones_of
from bookings.queries import pages


@opens_to(Door.PUBLIC)
@takes("GET", "POST")
def service(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Show the free times of a service; a POST holds one and goes on to the details."""
    choosing = _choosing(request, slug, name)
    if request.method == "POST":
        return _hold(request, choosing)
    return remember_choice(request, _shown(request, choosing))


def _choosing(request: HttpRequest, slug: str, name: str) -> Choosing:
    now = timezone.now()
    offered = pages.service_page(slug, name)
    zones = zones_of(request, offered.service.business)
    fields = request.POST if request.method == "POST" else request.GET
    return Choosing(
        service=offered.service,
        staff=offered.staff,
        zones=zones,
        wish=read_wish(fields, zone=zones.shown, people=offered.staff),
        now=now,
        moving=earlier.held(request, offered.service, now=now),
    )


def _hold(request: HttpRequest, choosing: Choosing) -> HttpResponse:
    start = None
    try:
        start = read_start(request.POST.get("start", ""))
        count_change(choosing.service.business, now=choosing.now)
        held = commands.hold(
            service=choosing.service,
            starts_at=start,
            staff=known_person(choosing.wish, request.POST.get("staff", "")),
            seats=choosing.wish.seats,
            now=choosing.now,
            replacing=earlier.token(request),
        )
    except BookingError as refusal:
        refused = choosing.refused(refusal, start)
        return _shown(request, choosing, refused, status=status_of(refusal))
    response = see_other(details_url(choosing, held.token))
    return earlier.remember(request, response, held.token, choosing.service.business)


def _shown(
    request: HttpRequest, choosing: Choosing, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    card = service_card(choosing.service)
    shown = {
        "house": house(choosing.service.business),
        "service": card,
        "picker": choosing.picker(card.url),
        "refusal": refused,
        "held": earlier.reminder(request, choosing),
    }
    response = render(request, "site/service.html", shown, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response
