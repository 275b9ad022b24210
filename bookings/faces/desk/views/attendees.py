"""One more customer in a group."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.appointments.cards import brief
from bookings.faces.desk.appointments.guests import (
    Guest,
    add_guest_fields,
    answers_of,
    contact_of,
    guest_of,
    question_fields,
    required_answers,
)
from bookings.faces.desk.appointments.panel import show_beside
from bookings.faces.desk.appointments.when import seats_field
from bookings.faces.desk.deciding import done, refused
from bookings.faces.desk.frame import address_of
from bookings.faces.desk.views.appointment import found
from bookings.faces.reading import read_number
from bookings.faces.typed import TypedForm
from bookings.models import Appointment, ServiceQuestion
from bookings.queries import pages


class AttendeeForm(TypedForm):
    """Who comes too, and with how many."""

    def __init__(
        self,
        fields: QueryDict,
        appointment: Appointment,
        asks: Sequence[ServiceQuestion],
        *,
        suggest: str,
    ) -> None:
        super().__init__(fields)
        left = appointment.capacity - appointment.seats_taken
        most = appointment.capacity if appointment.service.has_waitlist else max(left, 1)
        self.fields["seats"] = seats_field(most, looks=False)
        add_guest_fields(self, appointment.service, asks, suggest=suggest)
        self.needed = frozenset({"name", "seats", *required_answers(asks)})


@desk("GET", "POST", needs=Capability.CHANGE_ATTENDEES)
def add_attendee(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Ask who comes too; a POST adds them, or puts them on the waiting list."""
    chosen = found(request, appointment, Capability.CHANGE_ATTENDEES)
    fields = (request.POST if request.method == "POST" else request.GET).copy()
    guest = guest_of(request, fields)
    asks = pages.questions_of(chosen.service)
    suggest = address_of(request.colleague, "customer_suggest")
    form = AttendeeForm(fields, chosen, asks, suggest=suggest)
    if request.method != "POST" or "find" in fields or "customer" in fields:
        return _page(request, chosen, form, asks, guest)

    waits = "wait" in fields

    def add() -> None:
        join = commands.join_waitlist if waits else commands.add_attendee
        join(
            appointment=chosen,
            contact=contact_of(form, guest, zone=request.colleague.business.zone),
            customer=guest.customer,
            seats=read_number(fields.get("seats", "")),
            answers=answers_of(form, asks),
            now=timezone.now(),
            actor=request.actor,
        )

    if status := refused(form, add):
        return _page(request, chosen, form, asks, guest, status=status)
    name = {"name": form.typed("name").strip()}
    said = _("%(name)s is on the waiting list.") if waits else _("%(name)s comes too.")
    said %= name
    return done(request, said, to=_back(request, chosen))


def _page(
    request: DeskRequest,
    appointment: Appointment,
    form: AttendeeForm,
    asks: Sequence[ServiceQuestion],
    guest: Guest,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": form,
        "questions": question_fields(form, asks),
        "guest": guest,
        "hidden": [("known", form.data.get("known", ""))],
        "what": brief(appointment, request.colleague.business.zone),
        "left": appointment.capacity - appointment.seats_taken,
        "has_waitlist": appointment.service.has_waitlist,
        "url": request.path,
        "back_url": _back(request, appointment),
    }
    return show_beside(request, "desk/attend.html", shown, status=status)


def _back(request: DeskRequest, appointment: Appointment) -> str:
    return address_of(request.colleague, "appointment", appointment.public_id)
