"""Holds: five minutes in which nobody else can take the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.decision import aside, decision
from bookings.commands.looking import each_crew, look_for, looks_again
from bookings.commands.offering import end_offers, offer_places
from bookings.commands.scheduling import (
    assign,
    conclude,
    crew_of,
    end_holds,
    locked,
    locked_if_free,
    new_appointment,
    seat,
    vacate,
)
from bookings.commands.tokens import new_reference, new_token
from bookings.engine.policy import BookingState
from bookings.models import Appointment, Booking, Resource, Service
from bookings.models.appointment import digest_of
from bookings.queries.crews import Crew, Look

HOLD = timedelta(minutes=5)
KEEP_EXPIRED = timedelta(days=1)
BATCH = 100


@dataclass(frozen=True)
class Held:
    """A fresh hold and the token that is the only way to it."""

    token: str
    booking: Booking


@looks_again
def hold(
    *,
    service: Service,
    starts_at: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    now: datetime,
    replacing: str = "",
    actor: Actor = CUSTOMER,
) -> Held:
    """Hold seats at a start for five minutes, for anyone (`staff` None) or one person.

    `replacing` is the token of an earlier hold: it is given back if, and only if, the new one
    succeeds, so a visitor who looks around holds one time and never none.

    Raises:
        BookingError: what refuses the start; an earlier hold is kept.
    """
    sweep_expired(now=now, of=service)
    old = _held(service, replacing)
    own = old.appointment_id if old is not None and old.is_alone else None
    seen = look_for(
        service, starts_at=starts_at, staff=staff, seats=seats, now=now, actor=actor, moving=own
    )
    return each_crew(seen, lambda crew: _hold(seen, crew, service, seats, old))


def release(*, token: str, now: datetime) -> None:
    """Give a hold back before it ends. A token that holds nothing is ignored."""
    found = Booking.objects.filter(
        hold_digest=digest_of(token), state=BookingState.HELD.value
    ).first()
    if found is not None:
        let_go(booking=found, now=now)


def sweep_expired(*, now: datetime, of: Service | None = None) -> int:
    """End the holds and offers whose time is over; returns how many appointments were touched.

    What is free then is offered to the next who wait for it.

    Runs before every decision that takes time, for the resources of its service alone, and
    every few seconds for all, in transactions of its own: inside a booking's transaction it
    would deadlock. Appointments that somebody else has locked are skipped, they are about to
    change anyway.
    Cost: one query when nothing has expired.
    """
    swept = 0
    while batch := _overdue(now, of):
        touched = sum(_expire(appointment_id, now) for appointment_id in batch)
        swept += touched
        if not touched or len(batch) < BATCH:
            break
    return swept


def _overdue(now: datetime, of: Service | None) -> list[int]:
    """Return some appointments with holds whose time is over.

    Mostly there are none; the short question says so at half the cost of the long one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM bookings_booking WHERE state = 'held' AND expires_at <= %s LIMIT 1", [now]
        )
        if not cursor.rowcount:
            return []
        cursor.execute(
            """
            SELECT DISTINCT b.appointment_id FROM bookings_booking b
            WHERE b.state = 'held' AND b.expires_at <= %(now)s
              AND (%(service)s::bigint IS NULL OR EXISTS (
                SELECT FROM bookings_appointment_resources a
                JOIN bookings_serviceresource s USING (resource_id)
                WHERE a.appointment_id = b.appointment_id AND s.service_id = %(service)s))
            LIMIT %(batch)s
            """,
            {"now": now, "service": of.pk if of else None, "batch": BATCH},
        )
        return [row[0] for row in cursor.fetchall()]


@decision
def forget_expired(*, now: datetime) -> int:
    """Delete the holds that ended more than a day ago and became nothing; returns how many."""
    old = Booking.objects.filter(
        state=BookingState.EXPIRED.value, expires_at__lt=now - KEEP_EXPIRED, events=None
    )
    appointment_ids = set(old.values_list("appointment_id", flat=True)[:BATCH])
    deleted = old.filter(appointment_id__in=appointment_ids).delete()[0]
    Appointment.objects.filter(
        pk__in=appointment_ids, bookings=None, events=None, messages=None
    ).delete()
    return deleted


@decision
def _hold(seen: Look, crew: Crew, service: Service, seats: int, old: Booking | None) -> Held:
    now = seen.ask.now
    until = now + HOLD
    freed: Crew = ()
    if old is None:
        appointment = seat(seen, crew, service=service, seats=seats, until=until)
    else:
        appointment, freed = _swap(seen, crew, service, seats, old, until)
    token = new_token()
    booking = Booking.objects.create(
        reference=new_reference(),
        business=service.business,
        appointment=appointment,
        state=BookingState.HELD.value,
        seats=seats,
        hold_digest=digest_of(token),
        expires_at=until,
        created_at=now,
    )
    conclude(seen, appointment, crew or crew_of(appointment), also=freed)
    return Held(token, booking)


def _swap(
    seen: Look, crew: Crew, service: Service, seats: int, old: Booking, until: datetime
) -> tuple[Appointment, Crew]:
    """Take the new seats and give the old hold's back, as a mover: behind the gates."""
    wanted = {old.appointment_id} | ({seen.session.appointment_id} if seen.session else set())
    left = locked(*wanted)[old.appointment_id]
    old_crew = crew_of(left)
    gone = Booking.objects.filter(pk=old.pk, state=BookingState.HELD.value).update(
        state=BookingState.EXPIRED.value
    )
    claims.lock_gates({*old_crew, *crew})
    if seen.session is not None:
        appointment = seat(seen, crew, service=service, seats=seats, until=until)
        if gone:
            left.refresh_from_db(fields=["seats_taken"])
            vacate(left, old.seats)
        return appointment, old_crew
    appointment = new_appointment(seen, service, seats)
    appointment.save(force_insert=True)
    assign(appointment, crew)
    old.appointment = left
    alone = bool(gone) and old.is_alone
    claims.move(
        give=left if alone else None, old=old_crew, into=appointment, new=crew, expires_at=until
    )
    if gone:
        vacate(left, old.seats)
    return appointment, old_crew


def _held(service: Service, token: str) -> Booking | None:
    """Return the live hold of this business behind a token, or None."""
    if not token:
        return None
    return (
        Booking.objects.filter(
            business_id=service.business_id,
            hold_digest=digest_of(token),
            state=BookingState.HELD.value,
        )
        .select_related("appointment")
        .first()
    )


@decision
def let_go(*, booking: Booking, now: datetime) -> None:
    """Give a hold back before it ends; what is no hold any more stays as it is."""
    booking = Booking.objects.get(pk=booking.pk)
    appointment = locked(booking.appointment_id)[booking.appointment_id]
    if end_holds(appointment, Booking.objects.filter(pk=booking.pk)):
        offer_places(appointment, now=now)
        claims.bump(crew_of(appointment))


@aside
def _expire(appointment_id: int, now: datetime) -> int:
    appointment = locked_if_free(appointment_id)
    if appointment is None:
        return 0
    ended = end_holds(appointment, Booking.objects.filter(expires_at__lte=now))
    lapsed = end_offers(appointment, now=now)
    if not ended and not lapsed:
        return 0
    offer_places(appointment, now=now)
    claims.bump(crew_of(appointment))
    return 1
