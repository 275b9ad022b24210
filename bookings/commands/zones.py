"""When a country changes its clocks: nine o'clock stays nine o'clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import SYSTEM
from bookings.commands.decision import decision
from bookings.commands.notices import tell_customer, tell_house
from bookings.commands.reminding import plan
from bookings.commands.scheduling import count_up, crew_of, locked, told
from bookings.commands.versions import changed
from bookings.engine.hours import at_minute, instants_of, minute_of
from bookings.engine.policy import CHANGEABLE, AppointmentState
from bookings.errors import BookingError, ChangedMeanwhile, NoSuchTime
from bookings.models import Appointment


@dataclass(frozen=True)
class Moved:
    """An appointment whose instants had to follow its wall clock, or could not (`refusal`)."""

    appointment: Appointment
    was: datetime
    refusal: BookingError | None = None


def rederive(*, now: datetime) -> list[Moved]:
    """Derive the instants of all coming appointments again from their wall clocks.

    Each appointment moves in a transaction of its own, with its claims; people get a new
    calendar file, because calendars keep instants too. One that cannot move (its wall time no
    longer exists, or its claims would overlap another's) keeps its instants and is reported.

    Returns: those that moved or should have, soonest first.
    Cost: one query, and a decision for each that moves.
    """
    coming = Appointment.objects.filter(
        state=AppointmentState.SCHEDULED.value, ends_at__gt=now
    ).order_by("starts_at", "pk")
    due = [
        (appointment, derived)
        for appointment in coming.iterator()
        if (derived := _derived(appointment)) != minute_of(appointment.starts_at)
    ]
    found = [_followed(appointment, derived, now) for appointment, derived in _in_order(due)]
    return sorted((moved for moved in found if moved), key=lambda moved: moved.was)


Due = tuple[Appointment, int | None]
"""An appointment and the minute at which it should start, None where its wall time is skipped."""


def _in_order(due: list[Due]) -> list[Due]:
    """Put those first who make room: soonest first to go earlier, latest first to go later."""
    earlier: list[Due] = []
    later: list[Due] = []
    for appointment, derived in due:
        goes_later = derived is not None and derived > minute_of(appointment.starts_at)
        (later if goes_later else earlier).append((appointment, derived))
    return [*earlier, *reversed(later)]


def _followed(appointment: Appointment, derived: int | None, now: datetime) -> Moved | None:
    """Return what became of one appointment; None where people changed it in the meantime."""
    was = appointment.starts_at
    if derived is None:
        return Moved(appointment, was, NoSuchTime())
    try:
        return Moved(_shift(appointment, derived, now), was)
    except ChangedMeanwhile:
        return None
    except BookingError as refusal:
        return Moved(appointment, was, refusal)


def _derived(appointment: Appointment) -> int | None:
    """Return the minute at which the agreed wall clock comes, None when it is skipped."""
    instants = instants_of(appointment.wall_date, appointment.wall_time, appointment.zone)
    return instants[min(appointment.fold, len(instants) - 1)] if instants else None


@decision
def _shift(seen: Appointment, start: int, now: datetime) -> Appointment:
    appointment = locked(seen.pk)[seen.pk]
    unchanged = (AppointmentState.SCHEDULED.value, seen.starts_at)
    if (appointment.state, appointment.starts_at) != unchanged:
        raise changed(appointment, SYSTEM)
    data: dict[str, object] = {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
    }
    length = appointment.ends_at - appointment.starts_at
    crew = crew_of(appointment)
    claims.lock_gates(crew)
    appointment.starts_at = at_minute(start)
    appointment.ends_at = appointment.starts_at + length
    appointment.save(update_fields=["starts_at", "ends_at"])
    claims.move(give=appointment, old=crew, into=appointment, new=crew)
    count_up(appointment)
    event = outbox.record(
        appointment=appointment, kind="appointment.rederived", actor=str(SYSTEM), data=data, now=now
    )
    tell_house(event, "changed", appointment, staff_ids=crew, now=now)
    for booking in appointment.bookings.filter(state__in=CHANGEABLE).order_by("pk"):
        booking.appointment = appointment
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        told_event = told(booking, "booking.rederived", SYSTEM, now, data)
        tell_customer(told_event, "changed", booking, now=now)
    plan([appointment], now=now)
    claims.bump(crew)
    return appointment
