"""Moving one customer to another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.decision import decision
from bookings.commands.holding import sweep_expired
from bookings.commands.licence import Licence, licence
from bookings.commands.looking import NOTHING, each_crew, look_for, looks_again
from bookings.commands.notices import tell_all, tell_house
from bookings.commands.offering import offer_places
from bookings.commands.reminding import plan
from bookings.commands.scheduling import (
    WHEN,
    assign,
    conclude,
    count_up,
    crew_of,
    locked,
    new_appointment,
    put_at,
    refuse_change,
    seat,
    told,
    vacate,
)
from bookings.commands.versions import changed, refuse_stale
from bookings.engine.hours import at_minute
from bookings.engine.policy import Override
from bookings.models import Appointment, Booking, Event, Resource
from bookings.queries.crews import Crew, Look


@dataclass(frozen=True)
class Mover:
    """Who moves, which rules they set aside, and the version of the appointment they saw."""

    actor: Actor
    licence: Licence
    version: int | None


@looks_again
def reschedule(
    *,
    booking: Booking,
    starts_at: datetime,
    staff: Resource | None = None,
    now: datetime,
    actor: Actor = CUSTOMER,
    overrides: frozenset[Override] = NOTHING,
    because: str = "",
    version: int | None = None,
) -> Booking:
    """Move one customer's seats to another start and return the booking as it is then.

    Without `staff` the same people come where they are free, else anyone. Somebody alone in
    an appointment takes it along: its identity, its manage link and its calendar entry stay.
    In a group only this customer's seats move. An older look at the booking does no harm:
    what it decides on is read again under lock; who wants to be told of changes gives the
    `version` of the appointment that they saw. A booking that is there already stays as it is.
    Rules set aside by `overrides` are recorded with the reason, `because`.

    Raises:
        Invalid: rules are set aside without a reason.
        WrongState, TooLate: by the booking's state and the notice of the policy.
        ChangedMeanwhile: the version is another, or it moved between look and lock.
        SlotTaken, Full, BookingError: the new time is refused; the old one is kept.
    """
    mover = Mover(actor, licence(overrides, because), version)
    booking = Booking.objects.select_related("appointment__service__business").get(pk=booking.pk)
    appointment = booking.appointment
    refuse_stale(appointment, version, actor)
    refuse_change(booking, overrides, now)
    sweep_expired(now=now, of=appointment.service)
    crew = crew_of(appointment)
    if starts_at == appointment.starts_at and (staff is None or staff.pk in crew):
        return booking
    seen = look_for(
        appointment.service,
        starts_at=starts_at,
        staff=staff,
        seats=booking.seats,
        now=now,
        actor=actor,
        overrides=overrides,
        moving=appointment.pk if booking.is_alone else None,
        prefer=frozenset(crew),
    )
    return each_crew(seen, lambda crew: _reschedule(booking, seen, crew, mover))


@decision
def _reschedule(booking: Booking, seen: Look, crew: Crew, mover: Mover) -> Booking:
    source_id, now = booking.appointment_id, seen.ask.now
    wanted = {source_id} | ({seen.session.appointment_id} if seen.session else set())
    source = locked(*wanted)[source_id]
    before = booking.appointment
    booking = Booking.objects.get(pk=booking.pk)
    refuse_stale(source, mover.version, mover.actor)
    if (booking.appointment_id, source.starts_at) != (source_id, before.starts_at):
        raise changed(source, mover.actor)
    booking.appointment = source
    refuse_change(booking, seen.ask.overrides, now)
    data = what_was(source)
    old_crew = crew_of(source)
    if seen.session is None and booking.is_alone:
        put_where(source, seen, crew, old_crew)
        target = source
    else:
        target = _change_seats(booking, source, seen, crew, old_crew)
    crew = crew_of(target)
    booking.appointment = target
    booking.sequence += 1
    booking.reconfirmed_at = None
    booking.save(update_fields=["appointment", "sequence", "reconfirmed_at"])
    event = told(booking, "booking.rescheduled", mover.actor, now, data | mover.licence.data)
    tell_all(event, "changed", booking, staff_ids=crew, now=now)
    left = set(old_crew) if target is source else set()
    tell_who_left(event, source, left - set(crew), now, booking)
    if target is not source:
        _record_left(booking, source, old_crew, mover.actor, now)
    plan({source, target}, now=now)
    offer_places(source, now=now)
    conclude(seen, target, crew, also=old_crew)
    return booking


def what_was(appointment: Appointment) -> dict[str, object]:
    """Return the old time and people, for the event and the letters. Cost: one query."""
    names = appointment.resources.filter(kind="staff").order_by("name")
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "staff": list(names.values_list("name", flat=True)),
    }


def put_where(appointment: Appointment, seen: Look, crew: Crew, old_crew: Crew) -> None:
    """Put a locked appointment at the start seen, served by `crew`, behind the gates."""
    claims.lock_gates({*old_crew, *crew})
    starts_at, service = at_minute(seen.start), appointment.service
    put_at(appointment, starts_at, starts_at + service.duration)
    appointment.buffer_before, appointment.buffer_after = (
        service.buffer_before,
        service.buffer_after,
    )
    appointment.save(update_fields=[*WHEN, "buffer_before", "buffer_after"])
    hand_over(appointment, crew, old_crew)


def hand_over(appointment: Appointment, crew: Crew, old_crew: Crew) -> None:
    """Let `crew` serve a locked appointment where it is now; the caller holds the gates."""
    claims.move(give=appointment, old=old_crew, into=appointment, new=crew)
    if crew != old_crew:
        appointment.resources.set(crew)


def _change_seats(
    booking: Booking, source: Appointment, seen: Look, crew: Crew, old_crew: Crew
) -> Appointment:
    """Move the booking's seats out of `source` into the session seen or a new appointment."""
    service = source.service
    if seen.session is not None:
        target = seat(seen, crew, service=service, seats=booking.seats, until=None)
    else:
        claims.lock_gates({*old_crew, *crew})
        target = new_appointment(seen, service, booking.seats)
        target.save(force_insert=True)
        assign(target, crew)
        claims.block(target, crew)
    vacate(source, booking.seats)
    return target


def _record_left(
    booking: Booking, source: Appointment, old_crew: Crew, actor: Actor, now: datetime
) -> None:
    """Record that the booking left an appointment, and tell the house."""
    count_up(source)
    event = outbox.record(
        appointment=source, booking=booking, kind="booking.left", actor=str(actor), now=now
    )
    tell_house(event, "cancelled", source, staff_ids=old_crew, now=now, booking=booking)


def tell_who_left(
    event: Event,
    appointment: Appointment,
    staff_ids: set[int],
    now: datetime,
    booking: Booking | None = None,
) -> None:
    """Tell the staff who no longer serve a moved appointment that it is off their day."""
    if staff_ids:
        tell_house(event, "cancelled", appointment, staff_ids=staff_ids, now=now, booking=booking)
