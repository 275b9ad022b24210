"""The waiting list of a group that is full: joining it, leaving it, taking a place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.booking import Booked, customer_of, refuse_too_many, set_down, unsaved
from bookings.commands.contact import Contact, why_not_email
from bookings.commands.decision import decision
from bookings.commands.holding import sweep_expired
from bookings.commands.licence import REASON_LIMIT
from bookings.commands.notices import tell_all, tell_customer
from bookings.commands.offering import offer_places, strike
from bookings.commands.orders import Order, checked_order
from bookings.commands.reminding import plan
from bookings.commands.scheduling import crew_of, locked, locked_booking, told, vacate
from bookings.commands.tokens import manage_token
from bookings.engine.offers import offer_until
from bookings.engine.policy import CHANGEABLE, AppointmentState, BookingState
from bookings.engine.text import clean_line
from bookings.errors import (
    AlreadyWaiting,
    Full,
    HoldExpired,
    InThePast,
    Invalid,
    NotBookable,
    PartyTooLarge,
    PlacesLeft,
    TooSoon,
    WrongState,
)
from bookings.models import Appointment, Booking, Customer
from bookings.models.appointment import IN_LINE


def join_waitlist(
    *,
    appointment: Appointment,
    contact: Contact,
    customer: Customer | None = None,
    seats: int = 1,
    answers: Mapping[str, object],
    now: datetime,
    actor: Actor = CUSTOMER,
) -> Booked:
    """Put a customer on the waiting list of a group that has too few places left, and tell them.

    No seats are taken. Everybody must give an e-mail address: offers are sent there. Nobody is
    twice on one list.

    Raises:
        Invalid: contact or answers.
        NotBookable: it has no waiting list.
        PlacesLeft: there are enough places.
        AlreadyWaiting: this customer is on it.
        PartyTooLarge, WrongState, InThePast, TooSoon: a place could never be offered.
    """
    sweep_expired(now=now, of=appointment.service)
    order = checked_order(
        appointment.service,
        contact,
        answers,
        customer=customer,
        seats=seats,
        actor=actor,
        now=now,
    )
    if sentence := why_not_email(order.contact.email):
        raise Invalid({"email": sentence})
    return _join(order, appointment.pk)


@decision
def take_place(*, booking: Booking, now: datetime, actor: Actor = CUSTOMER) -> Booking:
    """Make seats for good what was offered; staff may do so for anybody who waits.

    A customer's seats in a service that needs approval are then asked for. Who has them already
    keeps them. Everybody is told as of a booking.

    Raises:
        HoldExpired: the offer has ended.
        Full: fewer places are left, and none was offered.
        TooManyOpen: by the policy's limit for one customer; staff decide themselves.
        WrongState: they do not wait, or the appointment does not take place any more.
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    appointment = booking.appointment
    if booking.state in CHANGEABLE:
        return booking
    _refuse_taking(booking, actor, now)
    if booking.customer_id is not None and actor.is_customer:
        refuse_too_many(appointment.service, booking.customer_id, now=now)
    if not booking.is_offered:
        appointment.seats_taken += booking.seats
        appointment.save(update_fields=["seats_taken"])
    claims.confirm(appointment)
    is_request = appointment.service.needs_approval and actor.is_customer
    state = BookingState.PENDING if is_request else BookingState.CONFIRMED
    booking.state, booking.expires_at, booking.waitlisted_at = state.value, None, None
    booking.sequence += 1
    booking.save(update_fields=["state", "expires_at", "waitlisted_at", "sequence"])
    kind = "booking.requested" if is_request else "booking.confirmed"
    event = told(booking, kind, actor, now)
    crew = crew_of(appointment)
    topic = "requested" if is_request else "confirmed"
    tell_all(event, topic, booking, staff_ids=crew, now=now)
    plan([appointment], now=now)
    claims.bump(crew)
    return booking


@decision
def leave_waitlist(
    *, booking: Booking, reason: str = "", now: datetime, actor: Actor = CUSTOMER
) -> Booking:
    """Take somebody off a waiting list; a place that was kept for them is offered to the next.

    Who is off it already stays so.

    Raises:
        WrongState: they have a place.
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if booking.waitlisted_at is None:
        raise WrongState()
    if not booking.is_in_line:
        return booking
    appointment, was_offered = booking.appointment, booking.is_offered
    kind = "booking.offer_declined" if was_offered else "booking.unlisted"
    strike(booking, kind, reason=clean_line(reason)[:REASON_LIMIT], now=now, actor=actor)
    if was_offered:
        vacate(appointment, booking.seats)
        offer_places(appointment, now=now)
        claims.bump(crew_of(appointment))
    return booking


@decision
def _join(order: Order, appointment_id: int) -> Booked:
    appointment = locked(appointment_id)[appointment_id]
    _refuse_joining(appointment, order.seats, order.now)
    customer_id = customer_of(order)
    if appointment.bookings.filter(IN_LINE, customer=customer_id).exists():
        raise AlreadyWaiting()
    booking = unsaved(order, appointment)
    booking.state, booking.waitlisted_at = BookingState.WAITLISTED.value, order.now
    set_down(order, booking, customer_id)
    event = told(booking, "booking.waitlisted", order.actor, order.now)
    tell_customer(event, "waitlisted", booking, now=order.now)
    return Booked(booking, manage_token(booking=booking, now=order.now))


def _refuse_joining(appointment: Appointment, seats: int, now: datetime) -> None:
    service = appointment.service
    if not (appointment.is_group and service.has_waitlist):
        raise NotBookable()
    if seats > appointment.capacity:
        raise PartyTooLarge(capacity=appointment.capacity)
    if appointment.state != AppointmentState.SCHEDULED.value:
        raise WrongState()
    if appointment.starts_at <= now:
        raise InThePast()
    if offer_until(appointment.starts_at, lead=service.policy.minimum_lead, now=now) is None:
        raise TooSoon()
    if appointment.seats_taken + seats <= appointment.capacity:
        raise PlacesLeft()


def _refuse_taking(booking: Booking, actor: Actor, now: datetime) -> None:
    """Refuse what was not offered to a customer; to staff only what is not there."""
    appointment = booking.appointment
    if not booking.is_in_line:
        raise HoldExpired() if booking.waitlisted_at else WrongState()
    if appointment.state != AppointmentState.SCHEDULED.value or appointment.ends_at <= now:
        raise WrongState()
    if booking.is_offered:
        if actor.is_customer and booking.expires_at is not None and booking.expires_at <= now:
            raise HoldExpired()
    elif actor.is_customer:
        raise WrongState()
    elif appointment.seats_taken + booking.seats > appointment.capacity:
        raise Full()
