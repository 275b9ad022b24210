"""A new appointment, made for a customer who calls or walks in."""

from __future__ import annotations

import secrets
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.commands import Booked
from bookings.errors import BookingError, NotAllowed, NotFound
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.appointments.cards import brief
from bookings.faces.desk.appointments.draft import (
    Draft,
    NewForm,
    draft_of,
    key_of,
    server_of,
    why_not,
)
from bookings.faces.desk.appointments.guests import answers_of, contact_of, question_fields
from bookings.faces.desk.appointments.insisting import insisting
from bookings.faces.desk.appointments.panel import see_moved, show_beside
from bookings.faces.desk.appointments.when import when
from bookings.faces.desk.moment import read_moment, with_pick
from bookings.faces.replies import status_of

ONLY_LOOKS = ("look", "start", "find", "customer")
"""Buttons that fill something in and book nothing."""


@desk("GET", "POST", needs=Capability.BOOK)
def new(request: DeskRequest) -> HttpResponse:
    """Ask what to book for whom and when; a POST books it."""
    zone = request.colleague.business.zone
    given = request.POST if request.method == "POST" else request.GET
    draft = draft_of(request, with_pick(given, zone=zone))
    if draft is None:
        return show_beside(request, "desk/nothing.html", {})
    if request.method != "POST" or any(name in request.POST for name in ONLY_LOOKS):
        return _page(draft, why_not(draft), status=200)
    try:
        booked = _book(draft)
    except (NotFound, NotAllowed):
        raise
    except BookingError as refusal:
        return _page(draft, refusal, status=status_of(refusal))
    booking = booked.booking
    what = {"name": booking.name, "what": brief(booking.appointment, zone)}
    said = _("Booked for %(name)s: %(what)s.") % what
    return see_moved(request, booking.appointment, said=said)


def _book(draft: Draft) -> Booked:
    """Book what the form says. The same form sent again is the same booking; changed, another."""
    request, fields = draft.request, draft.fields
    staff = server_of(draft)
    form = NewForm(draft)
    form.full_clean()
    starts_at = read_moment(fields, zone=draft.zone)
    return insisting(
        request,
        lambda overrides: commands.book(
            service=draft.service,
            starts_at=starts_at,
            staff=staff,
            seats=draft.seats,
            contact=contact_of(form, draft.guest, zone=draft.zone),
            customer=draft.guest.customer,
            answers=answers_of(form, draft.asks),
            now=timezone.now(),
            key=key_of(fields),
            actor=request.actor,
            overrides=overrides,
            because=fields.get("because", ""),
            staff_notes=form.typed("staff_notes"),
        ),
    )


def _page(draft: Draft, refusal: BookingError | None, *, status: int) -> HttpResponse:
    request, fields = draft.request, draft.fields
    fields["service"] = str(draft.service.public_id)
    fields["staff"] = str(draft.staff.public_id) if draft.staff else ""
    fields.setdefault("key", secrets.token_urlsafe(16))
    if not fields.get("day"):
        fields["day"] = timezone.now().astimezone(ZoneInfo(draft.zone)).date().isoformat()
    form = NewForm(draft)
    shown = {
        "form": form,
        "when": when(request, form, draft.look(), refusal),
        "questions": question_fields(form, draft.asks),
        "guest": draft.guest,
        "hidden": [(name, fields.get(name, "")) for name in ("key", "known")],
        "url": request.path,
    }
    return show_beside(request, "desk/new.html", shown, status=status)
