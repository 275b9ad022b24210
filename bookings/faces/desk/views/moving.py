"""Moving an appointment to another time or person: by drag, by keys and by form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.engine.policy import Override
from bookings.errors import BookingError, ChangedMeanwhile, NotAllowed, NotFound
from bookings.faces.access import DeskRequest, by_name, desk, is_script
from bookings.faces.desk.appointments.cards import brief
from bookings.faces.desk.appointments.insisting import insisting
from bookings.faces.desk.appointments.panel import read_version, see_moved, show_beside
from bookings.faces.desk.appointments.when import Look, WhenForm, when
from bookings.faces.desk.frame import address_of
from bookings.faces.desk.moment import read_moment, with_pick, written
from bookings.faces.desk.views import appointment as appointments
from bookings.faces.desk.views import bookings
from bookings.faces.replies import status_of
from bookings.faces.words import said_in_full
from bookings.models import Appointment, Booking, Resource
from bookings.queries.serving import choosable_staff, keepers_of, whom_to_move_to


@dataclass(frozen=True)
class Moving:
    """What is to be moved: an appointment with everybody in it, or one `booking` out of it."""

    request: DeskRequest
    appointment: Appointment
    staff: list[Resource]
    booking: Booking | None = None

    @property
    def zone(self) -> str:
        return self.request.colleague.business.zone

    @property
    def seats(self) -> int:
        """Return how many places it needs; a whole group needs a time of its own."""
        return self.booking.seats if self.booking else self.appointment.capacity

    @property
    def keeper(self) -> Resource | None:
        """Return who serves it now; a room where nobody does."""
        return self.staff[0] if self.staff else None

    @property
    def takes_all(self) -> bool:
        """Say whether the appointment's own time becomes free."""
        return self.booking is None or self.appointment.seats_taken == self.booking.seats

    def people(self) -> list[Resource]:
        """Return those whom it may be given to; nobody where one may not give it away."""
        may_reassign = self.request.colleague.may(Capability.REASSIGN)
        return choosable_staff(self.appointment.service) if may_reassign else []


@desk("GET", "POST", needs=Capability.MOVE)
def move(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Ask where to, or move an appointment; a script is told in plain words why not."""
    found = appointments.found(request, appointment, Capability.MOVE)
    return _answer(Moving(request, found, keepers_of(found)))


@desk("GET", "POST", needs=Capability.MOVE)
def move_booking(request: DeskRequest, booking: UUID) -> HttpResponse:
    """Ask where to, or move one customer's seats out of a group."""
    found = bookings.found(request, booking, Capability.MOVE)
    return _answer(Moving(request, found.appointment, keepers_of(found.appointment), found))


def _answer(moving: Moving) -> HttpResponse:
    request = moving.request
    if request.method != "POST":
        now_at = written(moving.appointment.starts_at, zone=moving.zone)
        return _page(moving, now_at | {"staff": str(moving.keeper and moving.keeper.public_id)})
    fields = with_pick(request.POST, zone=moving.zone)
    if "look" in fields or "start" in fields:
        return _page(moving, fields)
    try:
        moved = _move(moving, fields)
    except NotFound:
        raise
    except BookingError as refusal:
        if is_script(request):
            plain = "text/plain; charset=utf-8"
            return HttpResponse(
                said_in_full(refusal), status=status_of(refusal), content_type=plain
            )
        if isinstance(refusal, NotAllowed):
            raise
        return _page(moving, fields, refusal)
    if is_script(request):
        return HttpResponse(status=204)
    return see_moved(request, moved, said=_("It is moved, and those concerned are told."))


def _move(moving: Moving, fields: QueryDict) -> Appointment:
    """Move it, and return where it is then; at the same time it is given to somebody else."""
    request, appointment = moving.request, moving.appointment
    if is_script(request):
        fields["fold"] = fields.get("fold") or "0"
    named = fields.get("staff", "")
    ours = Resource.objects.filter(business=request.colleague.business)
    person = by_name(ours, named) if named else None
    staff = whom_to_move_to(request.colleague, appointment, person)
    starts_at = read_moment(fields, zone=moving.zone)
    is_elsewhere = staff is not None and not appointment.resources.filter(pk=staff.pk).exists()

    def act(overrides: frozenset[Override]) -> Appointment:
        how: dict[str, Any] = {
            "now": timezone.now(),
            "actor": request.actor,
            "overrides": overrides,
            "because": fields.get("because", ""),
            "version": read_version(request),
        }
        if moving.booking is not None:
            booking = commands.reschedule(
                booking=moving.booking, starts_at=starts_at, staff=staff, **how
            )
            return booking.appointment
        if staff is not None and is_elsewhere and starts_at == appointment.starts_at:
            return commands.reassign(appointment=appointment, staff=staff, **how)
        return commands.reschedule_appointment(
            appointment=appointment, starts_at=starts_at, staff=staff, **how
        )

    return insisting(request, act)


def _page(
    moving: Moving, fields: Mapping[str, str], refusal: BookingError | None = None
) -> HttpResponse:
    request, appointment = moving.request, moving.appointment
    is_news = request.method != "POST" or isinstance(refusal, ChangedMeanwhile)
    if isinstance(refusal, ChangedMeanwhile):
        appointment.refresh_from_db()
    people = moving.people()
    chosen = next((each for each in people if str(each.public_id) == fields.get("staff")), None)
    form = WhenForm(fields, zone=moving.zone, people=people, anyone=True)
    look = Look(
        service=appointment.service,
        staff=chosen if people else moving.keeper,
        seats=moving.seats,
        now=timezone.now(),
        moving=appointment.pk if moving.takes_all else None,
    )
    shown = {
        "form": form,
        "when": when(request, form, look, refusal),
        "what": brief(appointment, moving.zone),
        "who": moving.booking.name if moving.booking else "",
        "url": request.path,
        "back_url": address_of(request.colleague, "appointment", appointment.public_id),
        "version": appointment.version if is_news else read_version(request),
    }
    status = status_of(refusal) if refusal else 200
    return show_beside(request, "desk/move.html", shown, status=status)
