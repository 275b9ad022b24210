"""Moving: one customer to another time, or an appointment with all its people."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.booking import told
from bookings.commands.decision import decision
from bookings.commands.holding import sweep_expired
from bookings.commands.looking import NOTHING, each_crew, look_for, looks_again
from bookings.commands.notices import tell_all, tell_customer, tell_house
from bookings.commands.scheduling import (
    WHEN,
    assign,
    conclude,
    count_up,
    crew_of,
    end_holds,
    locked,
    new_appointment,
    put_at,
    refuse_change,
    seat,
    vacate,
)
from bookings.engine.hours import at_minute
from bookings.engine.policy import AppointmentState, BookingState, Override
from bookings.errors import ChangedMeanwhile, WrongState
from bookings.models import Appointment, Booking, Event, Resource
from bookings.queries.crews import Crew, Look


@looks_again
def reschedule(
    *,
    booking: Booking,
    starts_at: datetime,
    staff: Resource | None = None,
    now: datetime,
    actor: Actor = CUSTOMER,
    overrides: frozenset[Override] = NOTHING,
) -> Booking:
    """Move one customer's seats to another start and return the booking as it is then.

    Without `staff` the same people come where they are free, else anyone. Somebody alone in
    an appointment takes it along: its identity, its manage link and its calendar entry stay.
    In a group only this customer's seats move. An older look at the booking does no harm:
    what it decides on is read again under lock. A booking that is there already stays as it is.

    Raises:
        WrongState, TooLate: by the booking's state and the notice of the policy.
        ChangedMeanwhile: it was moved or cancelled between look and lock.
        SlotTaken, Full, BookingError: the new time is refused; the old one is kept.
    """
    booking = Booking.objects.select_related("appointment__service__business").get(pk=booking.pk)
    refuse_change(booking, overrides, now)
    appointment = booking.appointment
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
    return each_crew(seen, lambda crew: _reschedule(booking, seen, crew, actor))


@looks_again
def reschedule_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    staff: Resource | None = None,
    now: datetime,
    actor: Actor,
    overrides: frozenset[Override] = NOTHING,
) -> Appointment:
    """Move an appointment with everybody in it and tell them all.

    Holds in it end: they were of another time.

    Raises:
        WrongState: it is cancelled, or nobody but holds is in it.
        ChangedMeanwhile: it was moved or cancelled between look and lock.
        SlotTaken, BookingError: the new time is refused; the old one is kept.
    """
    appointment = Appointment.objects.select_related("service__business").get(pk=appointment.pk)
    sweep_expired(now=now, of=appointment.service)
    if appointment.state != AppointmentState.SCHEDULED.value:
        raise WrongState()
    seen = look_for(
        appointment.service,
        starts_at=starts_at,
        staff=staff,
        seats=1,
        now=now,
        actor=actor,
        overrides=overrides,
        moving=appointment.pk,
        joining=False,
        prefer=frozenset(crew_of(appointment)),
    )
    return each_crew(seen, lambda crew: _reschedule_all(appointment, seen, crew, actor))


@decision
def _reschedule(booking: Booking, seen: Look, crew: Crew, actor: Actor) -> Booking:
    source_id, now = booking.appointment_id, seen.ask.now
    wanted = {source_id} | ({seen.session.appointment_id} if seen.session else set())
    source = locked(*wanted)[source_id]
    before = booking.appointment
    booking = Booking.objects.get(pk=booking.pk)
    if (booking.appointment_id, source.starts_at) != (source_id, before.starts_at):
        raise ChangedMeanwhile()
    booking.appointment = source
    refuse_change(booking, seen.ask.overrides, now)
    data = _what_was(source)
    old_crew = crew_of(source)
    if seen.session is None and booking.is_alone:
        _move(source, seen, crew, old_crew)
        target = source
    else:
        target = _change_seats(booking, source, seen, crew, old_crew)
    crew = crew_of(target)
    booking.appointment = target
    booking.sequence += 1
    booking.save(update_fields=["appointment", "sequence"])
    event = told(booking, "booking.rescheduled", actor, now, data)
    tell_all(event, "changed", booking, staff_ids=crew, now=now)
    left = set(old_crew) if target is source else set()
    _tell_who_left(event, source, left - set(crew), now, booking)
    if target is not source:
        _record_left(booking, source, old_crew, actor, now)
    conclude(seen, target, crew, also=old_crew)
    return booking


@decision
def _reschedule_all(appointment: Appointment, seen: Look, crew: Crew, actor: Actor) -> Appointment:
    now, looked_at = seen.ask.now, appointment.starts_at
    appointment = locked(appointment.pk)[appointment.pk]
    unchanged = (AppointmentState.SCHEDULED.value, looked_at)
    if (appointment.state, appointment.starts_at) != unchanged:
        raise ChangedMeanwhile()
    if end_holds(appointment, Booking.objects.all()) and not appointment.seats_taken:
        raise WrongState()
    data = _what_was(appointment)
    old_crew = crew_of(appointment)
    _move(appointment, seen, crew, old_crew)
    count_up(appointment)
    moved = outbox.record(
        appointment=appointment,
        kind="appointment.rescheduled",
        actor=str(actor),
        data=data,
        now=now,
    )
    tell_house(moved, "changed", appointment, staff_ids=crew, now=now)
    _tell_who_left(moved, appointment, set(old_crew) - set(crew), now)
    for booking in appointment.bookings.filter(state=BookingState.CONFIRMED.value).order_by("pk"):
        booking.appointment = appointment
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        event = told(booking, "booking.rescheduled", actor, now, data)
        tell_customer(event, "changed", booking, now=now)
    conclude(seen, appointment, crew, also=old_crew)
    return appointment


def _what_was(appointment: Appointment) -> dict[str, object]:
    """Return the old time and people, for the event and the letters. Cost: one query."""
    names = appointment.resources.filter(kind="staff").order_by("name")
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "staff": list(names.values_list("name", flat=True)),
    }


def _move(appointment: Appointment, seen: Look, crew: Crew, old_crew: Crew) -> None:
    """Put a locked appointment at the start seen, served by `crew`."""
    claims.lock_gates({*old_crew, *crew})
    starts_at, service = at_minute(seen.start), appointment.service
    put_at(appointment, starts_at, starts_at + service.duration)
    appointment.buffer_before, appointment.buffer_after = (
        service.buffer_before,
        service.buffer_after,
    )
    appointment.save(update_fields=[*WHEN, "buffer_before", "buffer_after"])
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


def _tell_who_left(
    event: Event,
    appointment: Appointment,
    staff_ids: set[int],
    now: datetime,
    booking: Booking | None = None,
) -> None:
    """Tell the staff who no longer serve a moved appointment that it is off their day."""
    if staff_ids:
        tell_house(event, "cancelled", appointment, staff_ids=staff_ids, now=now, booking=booking)
