"""Offering places that have become free to those who wait for them. Parts of decisions.

A place that is offered is taken: it is a hold with a name, which ends by itself like any other.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.db.models import Exists, OuterRef

from bookings.commands import claims
from bookings.commands.actor import SYSTEM, Actor
from bookings.commands.decision import decision
from bookings.commands.notices import tell_customer
from bookings.commands.scheduling import call_off, crew_of, locked_if_free, told, vacate
from bookings.engine.offers import offer_until
from bookings.engine.policy import AppointmentState, BookingState
from bookings.models import Appointment, Booking

BATCH = 100


def offer_places(appointment: Appointment, *, now: datetime) -> None:
    """Offer the free places of a locked appointment to those who wait, the first in line first.

    Whoever wants more than is free waits on, and the next is asked. Where nobody is left in it
    and nobody can be asked any more, it is over, and all who wait are told. Follows in every
    decision that gives seats back, before it bumps the versions.
    Reads `service.business`. Cost: none for one customer, one query where nobody waits; six
    statements for each who is asked.
    """
    if not appointment.is_group or appointment.state != AppointmentState.SCHEDULED.value:
        return
    rows = appointment.bookings.filter(state=BookingState.WAITLISTED.value)
    waiting = list(rows.order_by("waitlisted_at", "pk"))
    lead = appointment.service.policy.minimum_lead
    until = offer_until(appointment.starts_at, lead=lead, now=now) if waiting else None
    for booking in waiting:
        booking.appointment = appointment
        if until and appointment.seats_taken + booking.seats <= appointment.capacity:
            _offer(booking, until, now)
    if waiting and not appointment.seats_taken:
        call_off(appointment)
        for booking in waiting:
            strike(booking, "booking.unlisted", now=now, actor=SYSTEM)


def strike(booking: Booking, kind: str, *, reason: str = "", now: datetime, actor: Actor) -> None:
    """Take somebody off the list of a locked appointment, and tell them.

    `kind` is that of the event. Seats that were kept are the caller's to give back. Cost: five
    statements.
    """
    booking.state = BookingState.EXPIRED.value
    booking.cancel_reason = reason
    booking.sequence += 1
    booking.save(update_fields=["state", "cancel_reason", "sequence"])
    event = told(booking, kind, actor, now, {"reason": reason})
    tell_customer(event, "waitlisted", booking, now=now)


def end_offers(appointment: Appointment, *, now: datetime) -> bool:
    """End what was offered in a locked appointment and not taken in time; seats go back.

    Returns: whether there was any. Cost: one query, and at most nine statements for each.
    """
    offered = appointment.bookings.filter(
        state=BookingState.HELD.value, waitlisted_at__isnull=False, expires_at__lte=now
    )
    lapsed = list(offered.order_by("waitlisted_at", "pk"))
    for booking in lapsed:
        booking.appointment = appointment
        strike(booking, "booking.offer_expired", now=now, actor=SYSTEM)
        vacate(appointment, booking.seats)
    return bool(lapsed)


def offer_free_places(*, now: datetime) -> int:
    """Offer the places that nobody has offered yet; returns in how many appointments.

    A hold that was given back asks nobody by itself, for it must not wait for others. Runs
    every few seconds, in transactions of its own. Cost: one query when there are none.
    """
    fitting = Booking.objects.filter(
        appointment=OuterRef("pk"),
        state=BookingState.WAITLISTED.value,
        seats__lte=OuterRef("capacity") - OuterRef("seats_taken"),
    )
    free = Appointment.objects.filter(
        Exists(fitting), state=AppointmentState.SCHEDULED.value, starts_at__gt=now
    )
    found = free.select_related("service__business").order_by("pk").iterator()
    asking = (each.pk for each in found if _is_worth_asking(each, now))
    return sum(_offer_in(each, now) for each in list(islice(asking, BATCH)))


def _is_worth_asking(appointment: Appointment, now: datetime) -> bool:
    """Say whether somebody can still be asked, or the session is over because nobody can."""
    lead = appointment.service.policy.minimum_lead
    until = offer_until(appointment.starts_at, lead=lead, now=now)
    return until is not None or not appointment.seats_taken


@decision
def _offer_in(appointment_id: int, now: datetime) -> int:
    appointment = locked_if_free(appointment_id)
    if appointment is None:
        return 0
    before = appointment.version
    offer_places(appointment, now=now)
    if appointment.version == before:
        return 0
    claims.bump(crew_of(appointment))
    return 1


def _offer(booking: Booking, until: datetime, now: datetime) -> None:
    appointment = booking.appointment
    booking.state, booking.expires_at = BookingState.HELD.value, until
    booking.sequence += 1
    booking.save(update_fields=["state", "expires_at", "sequence"])
    appointment.seats_taken += booking.seats
    appointment.save(update_fields=["seats_taken"])
    claims.prolong(appointment, until=until)
    event = told(booking, "booking.offered", SYSTEM, now, {"until": until.isoformat()})
    tell_customer(event, "offer", booking, now=now)
