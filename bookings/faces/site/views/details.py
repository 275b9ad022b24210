"""The page on which a visitor who holds a time says who they are, and books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.engine.policy import BookingState
from bookings.errors import BookingError, HoldExpired, NotFound
from bookings.faces.abuse import count_change, count_letter
from bookings.faces.replies import private, see_other, status_of, takes
from bookings.faces.site import earlier
from bookings.faces.site.cards import house, service_card
from bookings.faces.site.choosing import Choosing
from bookings.faces.site.forms import DetailsForm
from bookings.faces.site.holding import hold_card
from bookings.faces.site.wish import read_start, read_wish
from bookings.faces.site.zones import zones_of
from bookings.faces.visit import visit
from bookings.models import Booking
from bookings.queries import pages


@dataclass(frozen=True)
class Desk:
    """What lies on the table while a visitor fills in the details."""

    token: str
    booking: Booking
    choosing: Choosing
    form: DetailsForm


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def details(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Ask who comes; a POST books the held time, or holds another one instead."""
    desk = _desk(request, slug, token)
    if request.method != "POST":
        return _shown(request, desk)
    return _hold_instead(request, desk) if "start" in request.POST else _book(request, desk)


def _desk(request: HttpRequest, slug: str, token: str) -> Desk:
    now = timezone.now()
    booking = pages.held(token)
    service = booking.appointment.service
    if service.business.slug != slug:
        raise NotFound()
    zones = zones_of(request, service.business)
    staff = pages.staff_of(service)
    wish = read_wish(request.GET, zone=zones.shown, people=staff)
    day = booking.appointment.starts_at.astimezone(ZoneInfo(wish.zone)).date()
    wish = replace(wish, day=day, seats=booking.seats)
    typed = request.POST if request.method == "POST" else None
    form = DetailsForm(typed, service=service, asks=pages.questions_of(service))
    return Desk(token, booking, Choosing(service, staff, zones, wish, now), form)


def _book(request: HttpRequest, desk: Desk) -> HttpResponse:
    choosing, form = desk.choosing, desk.form
    form.full_clean()
    try:
        count_change(choosing.service.business, now=choosing.now)
        count_letter(form.typed("email"), now=choosing.now)
        booked = commands.book(
            service=choosing.service,
            starts_at=desk.booking.appointment.starts_at,
            seats=desk.booking.seats,
            contact=form.contact(zone=choosing.wish.zone, language=get_language() or "en"),
            answers=form.answers(),
            now=choosing.now,
            hold=desk.token,
        )
    except HoldExpired as refusal:
        return _shown(request, desk, status=status_of(refusal))
    except BookingError as refusal:
        form.refuse(refusal)
        return _shown(request, desk, status=status_of(refusal))
    address = reverse("site:booking", args=[booked.token])
    return earlier.forget(see_other(f"{address}?done=booked"), choosing.service.business)


def _hold_instead(request: HttpRequest, desk: Desk) -> HttpResponse:
    choosing = desk.choosing
    try:
        count_change(choosing.service.business, now=choosing.now)
        held = commands.hold(
            service=choosing.service,
            starts_at=read_start(request.POST["start"]),
            staff=choosing.wish.staff,
            seats=desk.booking.seats,
            now=choosing.now,
            replacing=desk.token,
        )
    except BookingError as refusal:
        desk.form.refuse(refusal)
        return _shown(request, desk, status=status_of(refusal))
    fresh = replace(desk, token=held.token, booking=pages.held(held.token))
    response = _shown(request, fresh)
    return earlier.remember(request, response, held.token, choosing.service.business)


def _shown(request: HttpRequest, desk: Desk, *, status: int = 200) -> HttpResponse:
    choosing, booking = desk.choosing, desk.booking
    shown = {
        "house": house(choosing.service.business),
        "service": service_card(choosing.service),
        "form": desk.form,
    }
    if booking.state not in (BookingState.HELD, BookingState.EXPIRED):
        return render(request, "site/booked.html", shown, status=status)
    shown["visit"] = visit(booking, zone=choosing.wish.zone)
    shown["hold"] = hold_card(booking, choosing=choosing, token=desk.token)
    return render(request, "site/details.html", shown, status=status)
