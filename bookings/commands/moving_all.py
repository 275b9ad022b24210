"""An appointment with everybody in it: to another time, or to other people at the same time."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.holding import sweep_expired
from bookings.commands.licence import licence
from bookings.commands.looking import NOTHING, each_crew, look_for, looks_again
from bookings.commands.moving import Mover, hand_over, put_where, tell_who_left, what_was
from bookings.commands.notices import tell_customer, tell_house
from bookings.commands.reminding import plan
from bookings.commands.scheduling import conclude, count_up, crew_of, end_holds, locked, told
from bookings.commands.versions import changed, refuse_stale
from bookings.engine.policy import CHANGEABLE, AppointmentState, Override
from bookings.engine.slots import Shape
from bookings.errors import WrongState
from bookings.models import Appointment, Booking, Resource
from bookings.models.appointment import IN_LINE
from bookings.queries.crews import Crew, Look
from bookings.queries.plan import minutes

_RESCHEDULED = ("appointment.rescheduled", "booking.rescheduled")
_REASSIGNED = ("appointment.reassigned", "booking.reassigned")


@looks_again
def reschedule_appointment(
    *,
    appointment: Appointment,
    starts_at: datetime,
    staff: Resource | None = None,
    now: datetime,
    actor: Actor,
    overrides: frozenset[Override] = NOTHING,
    because: str = "",
    version: int | None = None,
) -> Appointment:
    """Move an appointment with everybody in it and tell them all.

    Without `staff` the same people come where they are free, else anyone. Requests move too
    and still await approval. Holds end: they were of another time. `version` is that of the
    appointment as `actor` saw it; rules set aside by `overrides` are recorded with the reason,
    `because`. An appointment that is there already stays as it is.

    Raises:
        Invalid: rules are set aside without a reason.
        WrongState: it is cancelled, or nobody but holds is in it.
        ChangedMeanwhile: the version is another, or it moved between look and lock.
        SlotTaken, BookingError: the new time is refused; the old one is kept.
    """
    mover = Mover(actor, licence(overrides, because), version)
    appointment = _scheduled(appointment, mover, now)
    crew = crew_of(appointment)
    if starts_at == appointment.starts_at and (staff is None or staff.pk in crew):
        return appointment
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
        prefer=frozenset(crew),
    )
    return each_crew(seen, lambda new: _move(appointment, crew, seen, new, mover))


@looks_again
def reassign(
    *,
    appointment: Appointment,
    staff: Resource,
    now: datetime,
    actor: Actor,
    overrides: frozenset[Override] = NOTHING,
    because: str = "",
    version: int | None = None,
) -> Appointment:
    """Give an appointment to another person, at the same time, and tell everybody concerned.

    Rooms stay where they are free for it. When it starts is agreed, so lead time and grid have
    nothing to say; the new person's hours, absences, limits and other appointments do. It
    keeps its length and buffers, and holds in it go on. Who serves it already keeps it.

    Raises:
        Invalid: rules are set aside without a reason.
        WrongState: it is cancelled, or nobody but holds is in it.
        StaffNotOffered: this person does not offer the service.
        ChangedMeanwhile: the version is another, or it moved between look and lock.
        SlotTaken, BookingError: the person cannot come; who served it keeps it.
    """
    mover = Mover(actor, licence(overrides, because), version)
    appointment = _scheduled(appointment, mover, now)
    crew = crew_of(appointment)
    if staff.pk in crew:
        return appointment
    seen = look_for(
        appointment.service,
        starts_at=appointment.starts_at,
        staff=staff,
        seats=1,
        now=now,
        actor=actor,
        overrides=overrides,
        moving=appointment.pk,
        joining=False,
        prefer=frozenset(crew),
        agreed=_shape_of(appointment),
    )
    return each_crew(seen, lambda new: _reassign(appointment, crew, seen, new, mover))


def _scheduled(appointment: Appointment, mover: Mover, now: datetime) -> Appointment:
    """Return an appointment as it is now, before the look.

    Raises:
        ChangedMeanwhile, WrongState: it is not what the mover saw, or is cancelled.
    """
    found = Appointment.objects.select_related("service__business").get(pk=appointment.pk)
    refuse_stale(found, mover.version, mover.actor)
    if found.state != AppointmentState.SCHEDULED.value:
        raise WrongState()
    sweep_expired(now=now, of=found.service)
    return found


def _shape_of(appointment: Appointment) -> Shape:
    """Return the length and buffers that were agreed, whatever the service's are by now."""
    return Shape(
        duration=minutes(appointment.ends_at - appointment.starts_at),
        before=minutes(appointment.buffer_before),
        after=minutes(appointment.buffer_after),
        interval=1,
    )


@decision
def _move(seen_as: Appointment, crew: Crew, seen: Look, new: Crew, mover: Mover) -> Appointment:
    appointment = _unchanged(seen_as, crew, mover)
    if end_holds(appointment, Booking.objects.all()) and not appointment.seats_taken:
        raise WrongState()
    data = what_was(appointment)
    put_where(appointment, seen, new, crew)
    _tell(appointment, _RESCHEDULED, (crew, new), data, mover, seen.ask.now)
    conclude(seen, appointment, new, also=crew)
    return appointment


@decision
def _reassign(seen_as: Appointment, crew: Crew, seen: Look, new: Crew, mover: Mover) -> Appointment:
    appointment = _unchanged(seen_as, crew, mover)
    if not appointment.bookings.filter(state__in=CHANGEABLE).exists():
        raise WrongState()
    data = what_was(appointment)
    claims.lock_gates({*crew, *new})
    hand_over(appointment, new, crew)
    data["staff_now"] = what_was(appointment)["staff"]
    _tell(appointment, _REASSIGNED, (crew, new), data, mover, seen.ask.now)
    conclude(seen, appointment, new, also=crew)
    return appointment


def _unchanged(seen_as: Appointment, crew: Crew, mover: Mover) -> Appointment:
    """Return the appointment, locked, when it still is where it was looked at.

    Raises:
        ChangedMeanwhile: it is not.
    """
    appointment = locked(seen_as.pk)[seen_as.pk]
    refuse_stale(appointment, mover.version, mover.actor)
    there = (appointment.state, appointment.starts_at, crew_of(appointment))
    if there != (AppointmentState.SCHEDULED.value, seen_as.starts_at, crew):
        raise changed(appointment, mover.actor)
    return appointment


def _tell(
    appointment: Appointment,
    kinds: tuple[str, str],
    crews: tuple[Crew, Crew],
    data: dict[str, object],
    mover: Mover,
    now: datetime,
) -> None:
    """Record what happened to a locked appointment and to each booking in it, and tell them.

    `kinds` are those of the events, `crews` who served it and who does. Cost: seven statements,
    and four for each booking.
    """
    (of_all, of_each), (old, new) = kinds, crews
    count_up(appointment)
    event = outbox.record(
        appointment=appointment,
        kind=of_all,
        actor=str(mover.actor),
        data=data | mover.licence.data,
        now=now,
    )
    tell_house(event, "changed", appointment, staff_ids=new, now=now)
    tell_who_left(event, appointment, set(old) - set(new), now)
    for booking in appointment.bookings.filter(state__in=CHANGEABLE).order_by("pk"):
        booking.appointment = appointment
        booking.sequence += 1
        if kinds is _RESCHEDULED:
            booking.reconfirmed_at = None
        booking.save(update_fields=["sequence", "reconfirmed_at"])
        about = told(booking, of_each, mover.actor, now, data)
        tell_customer(about, "changed", booking, now=now)
    for booking in appointment.bookings.filter(IN_LINE).order_by("waitlisted_at", "pk"):
        booking.appointment = appointment
        booking.sequence += 1
        booking.save(update_fields=["sequence"])
        about = told(booking, of_each, mover.actor, now, data)
        tell_customer(about, "waitlisted", booking, now=now)
    plan([appointment], now=now)
