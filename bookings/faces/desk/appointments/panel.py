"""The page about one appointment, alone or in the panel beside the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.roles import Capability
from bookings.faces import reading, words
from bookings.faces.access import DeskRequest
from bookings.faces.desk.appointments.actions import Doer
from bookings.faces.desk.appointments.cards import card, day_url
from bookings.faces.desk.deciding import done, refusal_of
from bookings.faces.desk.frame import address_of, show
from bookings.faces.replies import status_of
from bookings.models import Appointment
from bookings.queries.docket import docket


@dataclass(frozen=True)
class Refused:
    """Why something was not done, at which form, and what had been typed into it."""

    text: str
    url: str
    typed: str


def show_beside(
    request: DeskRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """Return a page of the desk: whole, or only its inner part for the panel that asks for it."""
    beside = bool(request.headers.get("HX-Request"))
    frame = {
        "layout": "desk/beside.html" if beside else "desk/layout.html",
        "beside": beside,
        "level": 2 if beside else 1,
        "sub": 3 if beside else 2,
    }
    return show(request, template, {**frame, **context}, here="day", status=status)


def show_appointment(
    request: DeskRequest,
    appointment: Appointment,
    *,
    refused: Refused | None = None,
    status: int = 200,
    link: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the page about an appointment; its service is loaded.

    `link` maps the id of a booking to its manage link, to be shown. Cost: the docket's queries.
    """
    doer = Doer(request.colleague, timezone.now())
    known = request.colleague.bookings(Capability.SEE_BOOKINGS)
    shown = {
        "card": card(docket(appointment, known=known), doer),
        "refused": refused,
        "link": link or {},
    }
    return show_beside(request, "desk/appointment.html", shown, status=status)


def decide(
    request: DeskRequest,
    appointment: Appointment,
    act: Callable[[], object],
    *,
    said: str | Promise,
) -> HttpResponse:
    """Do something about an appointment and lead back to its page, or say there why not."""
    if refusal := refusal_of(act):
        typed = request.POST.get("reason", "") or request.POST.get("notes", "")
        refused = Refused(words.said_in_full(refusal), request.path, typed)
        appointment.refresh_from_db()
        return show_appointment(request, appointment, refused=refused, status=status_of(refusal))
    return done(
        request, str(said), to=address_of(request.colleague, "appointment", appointment.public_id)
    )


def see_moved(request: DeskRequest, appointment: Appointment, *, said: str) -> HttpResponse:
    """Say what was done on the day that an appointment is on by now; in the panel, beside it."""
    to = day_url(request.colleague.business, appointment.starts_at)
    if request.headers.get("HX-Request"):
        to = address_of(request.colleague, "appointment", appointment.public_id)
    return done(request, said, to=to)


def read_version(request: DeskRequest) -> int:
    """Return the version of the appointment that the form was made from."""
    return reading.read_version(request.POST.get("version", ""))
