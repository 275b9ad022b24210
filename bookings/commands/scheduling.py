"""How an appointment comes to be, gains and loses seats, and ends. Parts of decisions.

Every function here runs inside the transaction of a command, in the order that keeps
everybody from waiting in a circle: appointment rows, gates, claims by resource, the rest,
and versions last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, QuerySet

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import Actor
from bookings.commands.versions import changed
from bookings.engine.hours import at_minute, minute_of, wall_of
from bookings.engine.policy import AppointmentState, BookingState, Override, why_not_change
from bookings.errors import Full
from bookings.models import Appointment, Booking, Event, LocationKind, Service
from bookings.queries.crews import Crew, Look, still_stands


def refuse_change(booking: Booking, overrides: frozenset[Override], now: datetime) -> None:
    """Refuse to move or cancel a booking by its state or, unless set aside, by the notice.

    Reads `appointment.service.business`.

    Raises:
        WrongState, TooLate: as `engine.policy.why_not_change`.
    """
    appointment = booking.appointment
    notice = appointment.service.policy.cancellation_notice
    if Override.NOTICE in overrides:
        notice = timedelta.min
    refusal = why_not_change(booking.state, appointment.starts_at, notice=notice, now=now)
    if refusal is not None:
        raise refusal


def locked(*appointment_ids: int) -> dict[int, Appointment]:
    """Return appointments by pk, locked in that order, their service and business loaded."""
    rows = (
        Appointment.objects.filter(pk__in=appointment_ids)
        .select_related("service__business")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    return {row.pk: row for row in rows}


def locked_if_free(appointment_id: int) -> Appointment | None:
    """Return an appointment as `locked` does; None where it is gone, or somebody else has it.

    For sweeps, which need not wait: whoever has it is about to change it anyway. Cost: one query.
    """
    rows = Appointment.objects.filter(pk=appointment_id).select_related("service__business")
    return rows.select_for_update(no_key=True, of=("self",), skip_locked=True).first()


def locked_booking(booking_id: int, actor: Actor) -> Booking:
    """Return a booking as it is under the lock of its appointment. Cost: three queries.

    Raises:
        ChangedMeanwhile: it moved to another appointment at this very moment; waiting for
            that one here, out of order, could end in a circle.
    """
    seen_in = Booking.objects.values_list("appointment_id", flat=True).get(pk=booking_id)
    appointment = locked(seen_in)[seen_in]
    booking = Booking.objects.get(pk=booking_id)
    if booking.appointment_id != seen_in:
        raise changed(appointment, actor)
    booking.appointment = appointment
    return booking


def seat(
    seen: Look, crew: Crew, *, service: Service, seats: int, until: datetime | None
) -> Appointment:
    """Take seats: in the session seen, or in a new appointment of `crew`.

    `until` is the end of a hold, None for good: then the event that makes a new appointment
    known is counted in its insert. Cost: two or three statements.

    Raises:
        Full: the session has filled up meanwhile.
        SlotTaken: somebody else has the time of one of the crew.
    """
    if seen.session is not None:
        return _join(seen, seen.session.appointment_id, seats, until)
    appointment = new_appointment(seen, service, seats)
    appointment.version = 1 if until is None else 0
    appointment.save(force_insert=True)
    assign(appointment, crew)
    claims.block(appointment, crew, expires_at=until)
    return appointment


def new_appointment(seen: Look, service: Service, seats: int) -> Appointment:
    """Return an unsaved appointment at the start seen, with all that is agreed about it."""
    appointment = Appointment(
        business=service.business,
        service=service,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        capacity=service.capacity,
        seats_taken=seats,
        location_kind=service.location_kind,
        place=_place(service),
        join_link=service.join_link,
        price_kind=service.price_kind,
        price=service.price,
        currency=service.business.currency,
        created_at=seen.ask.now,
    )
    put_at(appointment, at_minute(seen.start), at_minute(seen.start) + service.duration)
    return appointment


def put_at(appointment: Appointment, starts_at: datetime, ends_at: datetime) -> None:
    """Set when an appointment is: the instants, and the wall clock they were agreed on."""
    zone = appointment.service.business.zone
    wall = wall_of(minute_of(starts_at), zone)
    appointment.starts_at, appointment.ends_at = starts_at, ends_at
    appointment.zone = zone
    appointment.wall_date, appointment.wall_time, appointment.fold = wall.day, wall.time, wall.fold


def _place(service: Service) -> str:
    """Return where an appointment is held; at the business where nothing else is said."""
    if service.place or service.location_kind != LocationKind.PHYSICAL:
        return service.place
    return service.business.address


WHEN = ["starts_at", "ends_at", "zone", "wall_date", "wall_time", "fold"]
"""The fields that `put_at` sets."""


def assign(appointment: Appointment, crew: Crew) -> None:
    """Note who serves a new appointment. Cost: one insert."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_appointment_resources (appointment_id, resource_id)"
            " SELECT %s, unnest(%s::bigint[])",
            [appointment.pk, list(crew)],
        )


def crew_of(appointment: Appointment) -> Crew:
    """Return the resources that serve an appointment, ascending. Cost: one query."""
    link = Appointment.resources.through
    rows = link.objects.filter(appointment_id=appointment.pk).order_by("resource_id")
    return tuple(rows.values_list("resource_id", flat=True))


def vacate(appointment: Appointment, seats: int) -> bool:
    """Give seats of a locked appointment back; without anybody left it is over, its time free.

    Not while somebody waits for them: the caller then offers them (`offering.offer_places`).
    Returns: whether it is over. Cost: at most three statements.
    """
    appointment.seats_taken -= seats
    if appointment.seats_taken == 0 and not appointment.is_waited_for:
        call_off(appointment)
        return True
    appointment.save(update_fields=["seats_taken"])
    return False


def call_off(appointment: Appointment) -> None:
    """End a locked appointment that nobody is in any more, and free its time. Two statements."""
    appointment.seats_taken, appointment.state = 0, AppointmentState.CANCELLED.value
    claims.free(appointment)
    appointment.save(update_fields=["seats_taken", "state"])


def end_holds(appointment: Appointment, bookings: QuerySet[Booking]) -> bool:
    """End those of a locked appointment's bookings that are held, and give their seats back.

    What is kept for somebody from the waiting list is no hold.
    Returns: whether there were any. Cost: one query, and three more where there were.
    """
    held = list(
        bookings.filter(appointment=appointment, state=BookingState.HELD.value, waitlisted_at=None)
    )
    if not held:
        return False
    Booking.objects.filter(pk__in=[booking.pk for booking in held]).update(
        state=BookingState.EXPIRED.value
    )
    vacate(appointment, sum(booking.seats for booking in held))
    return True


def count_up(appointment: Appointment) -> None:
    """Count the version of a locked appointment up, for the event that follows."""
    appointment.version += 1
    appointment.save(update_fields=["version"])


def told(
    booking: Booking,
    kind: str,
    actor: Actor,
    now: datetime,
    data: dict[str, object] | None = None,
) -> Event:
    """Record an event about one booking of a locked appointment. Cost: two statements."""
    count_up(booking.appointment)
    return outbox.record(
        appointment=booking.appointment,
        booking=booking,
        kind=kind,
        actor=str(actor),
        now=now,
        data=data,
    )


def conclude(seen: Look, appointment: Appointment, crew: Crew, *, also: Iterable[int] = ()) -> None:
    """Bump the versions of all that changed; where one moved since the look, ask again.

    The last step of every decision that takes time. Locks: where the policy limits the
    service's day, the service row.

    Raises:
        BookingError: what the engine now says against it; the transaction must end.
    """
    limited = seen.ask.plan.policy.service_daily_limit is not None
    if limited and Override.LIMITS not in seen.ask.overrides:
        Service.objects.select_for_update(no_key=True).get(pk=seen.ask.plan.service_id)
    bumped = claims.bump({*crew, *also})
    if seen.session is not None:
        return
    own = {number: version for number, version in bumped.items() if number in crew}
    if limited or claims.moved(own, seen.stamp):
        ask = replace(seen.ask, moving=appointment.pk)
        if refusal := still_stands(ask, crew, start=seen.start):
            raise refusal


def _join(seen: Look, appointment_id: int, seats: int, until: datetime | None) -> Appointment:
    """Add seats to a session that is still where it was seen, by one guarded statement."""
    joined = Appointment.objects.filter(
        pk=appointment_id,
        starts_at=at_minute(seen.start),
        state=AppointmentState.SCHEDULED.value,
        seats_taken__lte=F("capacity") - seats,
    ).update(seats_taken=F("seats_taken") + seats)
    if not joined:
        raise Full()
    appointment = Appointment.objects.select_related("service__business").get(pk=appointment_id)
    if until is None:
        claims.confirm(appointment)
    else:
        claims.prolong(appointment, until=until)
    return appointment
