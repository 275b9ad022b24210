"""The page on which a visitor joins the waiting list of a group that is full."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.engine.policy import BookingState
from bookings.errors import BookingError
from bookings.faces.abuse import count_change, count_letter
from bookings.faces.reading import read_number
from bookings.faces.replies import see_other, status_of, takes
from bookings.faces.site.cards import house, service_card
from bookings.faces.site.forms import DetailsForm
from bookings.faces.site.zones import zones_of
from bookings.faces.visit import visit
from bookings.models import Booking
from bookings.queries import pages, waiting


@opens_to(Door.PUBLIC)
@takes("GET", "POST")
def wait(request: HttpRequest, slug: str, appointment: UUID) -> HttpResponse:
    """Ask who waits for a place; a POST puts them on the list."""
    session = waiting.session_to_wait_for(slug, appointment)
    service, now = session.service, timezone.now()
    zone = zones_of(request, service.business).shown
    fields = request.POST if request.method == "POST" else request.GET
    seats = read_number(fields.get("party", ""))
    typed = request.POST if request.method == "POST" else None
    form, status = DetailsForm(typed, service=service, asks=pages.questions_of(service)), 200
    if request.method == "POST":
        form.full_clean()
        try:
            count_change(service.business, now=now)
            count_letter(form.typed("email"), now=now)
            joined = commands.join_waitlist(
                appointment=session,
                seats=seats,
                contact=form.contact(zone=zone, language=get_language() or "en"),
                answers=form.answers(),
                now=now,
            )
        except BookingError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            return see_other(reverse("site:booking", args=[joined.token]))
    wished = Booking(appointment=session, seats=seats, state=BookingState.WAITLISTED.value)
    shown = {
        "house": house(service.business),
        "service": service_card(service),
        "visit": visit(wished, zone=zone),
        "form": form,
        "party": seats,
        "url": request.path,
    }
    response = render(request, "site/wait.html", shown, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response
