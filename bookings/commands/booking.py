"""Booking: a customer gets seats, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.answers import write_answers
from bookings.commands.contact import Contact, customer_for, write_down
from bookings.commands.decision import decision
from bookings.commands.holding import sweep_expired
from bookings.commands.looking import NOTHING, each_crew, look_for, looks_again
from bookings.commands.notices import tell_all
from bookings.commands.noting import note_beneath
from bookings.commands.orders import Order, checked_order
from bookings.commands.reminding import plan
from bookings.commands.scheduling import conclude, count_up, crew_of, locked, seat
from bookings.commands.tokens import manage_token, new_reference
from bookings.engine.policy import BookingState, Override
from bookings.errors import BookingError, Full, HoldExpired, TooManyOpen, WrongState
from bookings.models import Appointment, Booking, Customer, Resource, Service
from bookings.models.appointment import digest_of
from bookings.queries.crews import Crew, Look

OPEN = [BookingState.CONFIRMED.value, BookingState.PENDING.value]


@dataclass(frozen=True)
class Booked:
    """A booking and the token of its manage link."""

    booking: Booking
    token: str


def book(
    *,
    service: Service,
    starts_at: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    contact: Contact,
    customer: Customer | None = None,
    answers: Mapping[str, object],
    now: datetime,
    hold: str = "",
    key: str = "",
    actor: Actor = CUSTOMER,
    overrides: frozenset[Override] = NOTHING,
    because: str = "",
    staff_notes: str = "",
) -> Booked:
    """Book seats at a start and return the booking with its manage token.

    A customer's booking of a service that needs approval is pending: its time is taken, and
    staff are asked. With `hold` the seats of that hold are booked, whatever the other
    arguments say of when and who. The same hold or `key` again returns the same booking and
    writes nothing. Customers must give an e-mail address; staff need not. Who books is
    `customer` where staff know, else whom the business knows by the e-mail address. Rules set
    aside by `overrides` are recorded with the reason, `because`. `staff_notes` go beneath the
    internal notes of the appointment. Writes the booking, its answers, the event and all letters
    in one transaction.

    Raises:
        Invalid: contact, answers, notes or a missing reason; nothing is written and a hold is
            kept.
        HoldExpired: the hold has ended.
        TooManyOpen: by the policy's limit for one customer.
        SlotTaken, Full: somebody else was faster.
        BookingError: what else refuses the start.
    """
    order = checked_order(
        service,
        contact,
        answers,
        customer=customer,
        seats=seats,
        key=key,
        actor=actor,
        overrides=overrides,
        because=because,
        staff_notes=staff_notes,
        now=now,
    )
    if known := _known(service, key, now):
        return known
    try:
        return _confirm(order, hold) if hold else _look_and_book(order, starts_at, staff)
    except (BookingError, IntegrityError):
        # The same key may have been booked by a repeat that ran beside this one.
        if known := _known(service, key, now):
            return known
        raise


def add_attendee(
    *,
    appointment: Appointment,
    contact: Contact,
    customer: Customer | None = None,
    seats: int = 1,
    answers: Mapping[str, object] | None = None,
    now: datetime,
    actor: Actor,
) -> Booked:
    """Add a customer to a group appointment that is scheduled.

    Raises:
        Invalid: contact or answers.
        Full: fewer places are left.
        WrongState: the appointment is cancelled or over.
    """
    sweep_expired(now=now, of=appointment.service)
    order = checked_order(
        appointment.service,
        contact,
        answers or {},
        customer=customer,
        seats=seats,
        actor=actor,
        now=now,
    )
    return _add(order, appointment.pk)


@looks_again
def _look_and_book(order: Order, starts_at: datetime, staff: Resource | None) -> Booked:
    sweep_expired(now=order.now, of=order.service)
    seen = look_for(
        order.service,
        starts_at=starts_at,
        staff=staff,
        seats=order.seats,
        now=order.now,
        actor=order.actor,
        overrides=order.licence.overrides,
    )
    return each_crew(seen, lambda crew: _book(order, seen, crew))


def unsaved(order: Order, appointment: Appointment) -> Booking:
    """Return a new booking of an order, not written yet."""
    return Booking(
        reference=new_reference(),
        business=order.service.business,
        appointment=appointment,
        seats=order.seats,
        created_at=order.now,
    )


@decision
def _book(order: Order, seen: Look, crew: Crew) -> Booked:
    appointment = seat(seen, crew, service=order.service, seats=order.seats, until=None)
    if seen.session is not None:
        count_up(appointment)
    crew = crew or crew_of(appointment)
    booking = unsaved(order, appointment)
    booked = _settle(order, booking, crew)
    conclude(seen, appointment, crew)
    return booked


@decision
def _add(order: Order, appointment_id: int) -> Booked:
    appointment = locked(appointment_id)[appointment_id]
    if appointment.state != "scheduled" or appointment.ends_at <= order.now:
        raise WrongState()
    if appointment.seats_taken + order.seats > appointment.capacity:
        raise Full()
    appointment.seats_taken += order.seats
    appointment.version += 1
    appointment.save(update_fields=["seats_taken", "version"])
    claims.confirm(appointment)
    booking = unsaved(order, appointment)
    crew = crew_of(appointment)
    booked = _settle(order, booking, crew)
    claims.bump(crew)
    return booked


@decision
def _confirm(order: Order, hold: str) -> Booked:
    found = Booking.objects.filter(
        business_id=order.service.business_id, hold_digest=digest_of(hold)
    ).first()
    if found is None:
        raise HoldExpired()
    appointment = locked(found.appointment_id)[found.appointment_id]
    booking = Booking.objects.get(pk=found.pk)
    if booking.state not in (BookingState.HELD.value, BookingState.EXPIRED.value):
        return Booked(booking, manage_token(booking=booking, now=order.now))
    over = booking.expires_at is None or booking.expires_at <= order.now
    if booking.state != BookingState.HELD.value or over or not claims.confirm(appointment):
        raise HoldExpired()
    booking.appointment = appointment
    booking.expires_at = None
    count_up(appointment)
    return _settle(order, booking, crew_of(appointment))


def _settle(order: Order, booking: Booking, crew: Crew) -> Booked:
    """Write the booking with its answers, event, letters and manage link.

    Where the service needs approval a customer's is a request; staff approve their own by
    booking. The caller has counted the event.
    """
    is_request = order.service.needs_approval and order.actor.is_customer
    state = BookingState.PENDING if is_request else BookingState.CONFIRMED
    customer_id = customer_of(order)
    if Override.LIMITS not in order.licence.overrides:
        refuse_too_many(order.service, customer_id, now=order.now)
    booking.state = state.value
    set_down(order, booking, customer_id)
    note_beneath(booking.appointment, order.staff_notes)
    event = outbox.record(
        appointment=booking.appointment,
        booking=booking,
        kind="booking.requested" if is_request else "booking.confirmed",
        actor=str(order.actor),
        data=order.licence.data,
        now=order.now,
    )
    topic = "requested" if is_request else "confirmed"
    tell_all(event, topic, booking, staff_ids=crew, now=order.now)
    if not is_request:
        plan([booking.appointment], now=order.now)
    return Booked(booking, manage_token(booking=booking, now=order.now))


def customer_of(order: Order) -> int:
    """Return the pk of who books: whom staff know, else whom the e-mail address tells."""
    known = order.customer
    return known.pk if known else customer_for(order.service.business, order.contact)


def set_down(order: Order, booking: Booking, customer_id: int) -> None:
    """Write a booking and its answers as they were ordered. Cost: at most two statements."""
    write_down(booking, order.contact, customer_id)
    if order.sms_number:
        booking.sms_number, booking.sms_consent = order.sms_number, order.contact.sms_consent
        booking.sms_consented_at = order.now
    booking.idempotency_key = order.key
    booking.save()
    write_answers(booking, order.answers)


def refuse_too_many(service: Service, customer_id: int, *, now: datetime) -> None:
    """Hold the customer's row and count, where the policy limits open bookings.

    Raises:
        TooManyOpen: there are as many as the policy allows.
    """
    limit = service.policy.customer_open_limit
    if limit is None:
        return
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    held = Booking.objects.filter(
        customer=customer_id, state__in=OPEN, appointment__starts_at__gt=now
    )
    if held.count() >= limit:
        raise TooManyOpen()


def _known(service: Service, key: str, now: datetime) -> Booked | None:
    """Return the booking that was made with this key before, None without a key."""
    rows = Booking.objects.filter(business_id=service.business_id, idempotency_key=key)
    found = rows.select_related("appointment").first() if key else None
    return Booked(found, manage_token(booking=found, now=now)) if found else None
