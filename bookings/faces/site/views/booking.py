"""The pages behind a manage link: see, move, cancel, and take the time to one's calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.calendars.ics import invitation
from bookings.commands import BookingDecision
from bookings.errors import BookingError, NotFound
from bookings.faces.abuse import count_change, count_letter
from bookings.faces.replies import private, see_other, status_of, takes
from bookings.faces.site.cards import house
from bookings.faces.site.choosing import Choosing, Refused, known_person
from bookings.faces.site.entry import calendar_entry, calendar_links
from bookings.faces.site.forms import CancelForm
from bookings.faces.site.ticket import Ticket, ticket
from bookings.faces.site.wish import read_start, read_wish
from bookings.faces.site.zones import Zones, remember_choice, zones_of
from bookings.faces.visit import Visit, told, visit
from bookings.faces.words import said
from bookings.models import Booking
from bookings.queries import pages


@dataclass(frozen=True)
class Seen:
    """A booking as its link shows it to one visitor."""

    booking: Booking
    zones: Zones
    visit: Visit
    ticket: Ticket

    @property
    def shown(self) -> dict[str, object]:
        """What every page behind the link shows."""
        business = self.booking.appointment.service.business
        return {"house": house(business), "visit": self.visit, "ticket": self.ticket}


def _seen(request: HttpRequest, token: str) -> Seen:
    now = timezone.now()
    found = pages.booking_by_token(token, now=now)
    zones = zones_of(request, found.appointment.service.business)
    news = request.GET.get("done", "")
    told = ticket(found, token=token, zone=zones.shown, news=news, now=now)
    return Seen(found, zones, visit(found, zone=zones.shown), told)


@opens_to(Door.LINK)
@takes("GET")
@private
def booking(request: HttpRequest, token: str) -> HttpResponse:
    """Show a booking and what can be done with it."""
    return _ticket_page(request, _seen(request, token))


@opens_to(Door.LINK)
@takes("GET")
@private
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the booking as a calendar file to keep; a request is in no calendar."""
    seen = _seen(request, token)
    if seen.ticket.is_request:
        raise NotFound()
    address = request.build_absolute_uri(seen.ticket.url)
    entry = calendar_entry(seen.booking, visit=seen.visit, manage_url=address)
    return HttpResponse(
        invitation(entry, method=seen.ticket.method, stamp=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@opens_to(Door.LINK)
@takes("POST")
@private
def come(request: HttpRequest, token: str) -> HttpResponse:
    """Note that the customer says once more that they come."""
    return _pressed(request, token, commands.reconfirm)


@opens_to(Door.LINK)
@takes("POST")
@private
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take the place that is kept for somebody who waited."""
    return _pressed(request, token, commands.take_place)


@opens_to(Door.LINK)
@takes("POST")
@private
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a waiting list, and the place that may be kept there."""
    return _pressed(request, token, commands.leave_waitlist)


def _pressed(request: HttpRequest, token: str, command: BookingDecision) -> HttpResponse:
    """Do what a button of the manage page says, and show it again; where it cannot be, say why."""
    found = pages.booking_by_token(token, now=timezone.now())
    try:
        command(booking=found, now=timezone.now(), actor=commands.CUSTOMER)
    except BookingError as refusal:
        return _ticket_page(
            request, _seen(request, token), refusal=said(refusal), status=status_of(refusal)
        )
    return see_other(reverse("site:booking", args=[token]))


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to cancel, and why; a POST does."""
    seen = _seen(request, token)
    if request.method != "POST" and not seen.ticket.may_change:
        return _ticket_page(request, seen)
    form, status = CancelForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            commands.cancel_booking(
                booking=seen.booking, reason=form.typed("reason"), now=timezone.now()
            )
        except BookingError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            return see_other(f"{seen.ticket.url}?done=cancelled")
    return render(request, "site/cancel.html", seen.shown | {"form": form}, status=status)


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Show the free times for a booking; a POST moves it."""
    seen = _seen(request, token)
    if request.method != "POST" and not seen.ticket.may_change:
        return _ticket_page(request, seen)
    choosing = _choosing(request, seen)
    if request.method == "POST":
        return _move(request, seen, choosing)
    return remember_choice(request, _move_page(request, seen, choosing))


@opens_to(Door.LINK)
@takes("POST")
@private
def end_texts(request: HttpRequest, token: str) -> HttpResponse:
    """Take the consent to text messages back."""
    now = timezone.now()
    found = pages.booking_by_token(token, now=now)
    try:
        commands.end_texts(booking=found, now=now)
    except BookingError as refusal:
        return _ticket_page(
            request, _seen(request, token), refusal=said(refusal), status=status_of(refusal)
        )
    return see_other(f"{reverse('site:booking', args=[token])}?done=texts-ended")


def _choosing(request: HttpRequest, seen: Seen) -> Choosing:
    service = seen.booking.appointment.service
    staff = pages.staff_of(service)
    fields = request.POST if request.method == "POST" else request.GET
    wish = read_wish(fields, zone=seen.zones.shown, people=staff, seats=seen.booking.seats)
    today = seen.booking.appointment.starts_at.astimezone(ZoneInfo(wish.zone)).date()
    wish = replace(wish, month=wish.month or today.replace(day=1))
    return Choosing(service, staff, seen.zones, wish, timezone.now(), moving=seen.booking)


def _move(request: HttpRequest, seen: Seen, choosing: Choosing) -> HttpResponse:
    start = None
    try:
        start = read_start(request.POST.get("start", ""))
        count_change(choosing.service.business, now=choosing.now)
        count_letter(seen.booking.email, now=choosing.now)
        commands.reschedule(
            booking=seen.booking,
            starts_at=start,
            staff=known_person(choosing.wish, request.POST.get("staff", "")),
            now=choosing.now,
        )
    except BookingError as refusal:
        refused = choosing.refused(refusal, start)
        return _move_page(request, seen, choosing, refused, status=status_of(refusal))
    return see_other(f"{seen.ticket.url}?done=moved")


def _move_page(
    request: HttpRequest,
    seen: Seen,
    choosing: Choosing,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {"picker": choosing.picker(seen.ticket.move_url), "refusal": refused}
    return render(request, "site/move.html", seen.shown | shown, status=status)


def _ticket_page(
    request: HttpRequest, seen: Seen, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    links = []
    answers = told(seen.booking, pages.answers_of(seen.booking))
    if seen.ticket.is_coming and not seen.ticket.is_request:
        address = request.build_absolute_uri(seen.ticket.url)
        entry = calendar_entry(seen.booking, visit=seen.visit, manage_url=address)
        links = calendar_links(entry, ics_url=seen.ticket.ics_url)
    shown = {"calendar_links": links, "told": answers, "refusal": refusal}
    return render(request, "site/booking.html", seen.shown | shown, status=status)
