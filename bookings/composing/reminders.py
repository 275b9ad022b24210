"""What was planned for before or after an appointment: whether it still holds, and its letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings

from bookings.commands.reminding import planned_start
from bookings.composing.options import options
from bookings.composing.pieces import (
    guest,
    letterhead,
    manage_url,
    opt_out_url,
    price,
    staff_names,
    staff_of,
    when,
    where,
)
from bookings.composing.verdicts import Needless
from bookings.engine.policy import BookingState
from bookings.models import Appointment, Booking, ChoicePurpose, Message, Reminder, ReminderKind
from bookings.models.outbox import Audience
from bookings.outlets import letter as written
from bookings.outlets.letter import Letter, Topic

CONFIRMED = BookingState.CONFIRMED.value


def reminder_of(message: Message, *, now: datetime) -> Letter | None:
    """Return the letter of a planned message, or None when it no longer holds.

    Cost: at most eleven queries.

    Raises:
        Needless: as `holds`.
    """
    rule, appointment = message.reminder, message.appointment
    if rule is None or appointment is None or not holds(message, now=now):
        return None
    if message.booking is not None:
        return _to_customer(message, rule, message.booking, now)
    return _to_staff(message, rule, appointment)


def holds(message: Message, *, now: datetime) -> bool:
    """Say whether a planned message may still leave: the same rule, the same time, the same people.

    What comes before an appointment may not come after its start; what comes after it goes to
    nobody who did not come. Cost: at most four queries.

    Raises:
        Needless: the customer wants nothing but news, or has said already that they will come.
    """
    rule, appointment = message.reminder, message.appointment
    if rule is None or appointment is None or appointment.state != "scheduled":
        return False
    if planned_start(message) != appointment.starts_at:
        return False
    if rule.due_at(appointment.starts_at, appointment.ends_at) > now:
        return False
    if rule.kind != ReminderKind.FOLLOW_UP.value and appointment.starts_at <= now:
        return False
    if message.booking is not None:
        return _holds_for(message.booking, message, rule)
    return _serves(message, appointment) and rule.recipients in ("staff", "all")


def _holds_for(booking: Booking, message: Message, rule: Reminder) -> bool:
    is_there = (booking.state, booking.appointment_id) == (CONFIRMED, message.appointment_id)
    is_meant = rule.recipients in ("customer", "all") and rule.channel in (message.outlet, "both")
    if not is_there or not is_meant:
        return False
    if rule.kind == ReminderKind.FOLLOW_UP.value and booking.no_show_at is not None:
        return False
    if booking.customer is not None and booking.customer.opted_out_at is not None:
        raise Needless("The customer wants nothing but news of their bookings.")
    if rule.kind == ReminderKind.RECONFIRMATION.value and booking.reconfirmed_at is not None:
        raise Needless("The customer has said already that they will come.")
    return True


def _serves(message: Message, appointment: Appointment) -> bool:
    """Say whether the reader still serves an appointment that somebody comes to."""
    serving = staff_of(appointment).filter(email__iexact=message.address, is_notified=True)
    return serving.exists() and appointment.bookings.filter(state=CONFIRMED).exists()


def _to_customer(message: Message, rule: Reminder, booking: Booking, now: datetime) -> Letter:
    appointment = booking.appointment
    is_over = rule.kind == ReminderKind.FOLLOW_UP.value
    language = booking.language or settings.LANGUAGE_CODE
    occasion = _occasion(appointment, zone=booking.zone or message.business.zone, has_begun=is_over)
    asked = rule.kind == ReminderKind.RECONFIRMATION.value
    return Letter(
        topic=Topic(message.topic),
        audience=written.Audience.CUSTOMER,
        language=language,
        business=letterhead(message.business),
        reader=booking.name,
        own_words=rule.text,
        unsubscribe_url=opt_out_url(booking),
        occasion=replace(
            occasion,
            guests=(replace(guest(booking), notes="", answers=()),),
            price="" if is_over else price(appointment, language),
            note="" if is_over else appointment.service.confirmation_note,
            manage_url=manage_url(booking, now),
            options=options(booking, ChoicePurpose.RECONFIRMATION, address=message.address, now=now)
            if asked
            else (),
        ),
    )


def _to_staff(message: Message, rule: Reminder, appointment: Appointment) -> Letter:
    coming = appointment.bookings.filter(state=CONFIRMED).order_by("pk")
    is_over = rule.kind == ReminderKind.FOLLOW_UP.value
    reader = staff_of(appointment).filter(email__iexact=message.address).first()
    return Letter(
        topic=Topic(message.topic),
        audience=written.Audience(Audience.STAFF),
        language=settings.LANGUAGE_CODE,
        business=letterhead(message.business),
        reader=reader.name if reader else "",
        own_words=rule.text,
        occasion=replace(
            _occasion(appointment, zone=message.business.zone, has_begun=is_over),
            guests=tuple(guest(each) for each in coming.prefetch_related("answers__question")),
            price=price(appointment, settings.LANGUAGE_CODE),
            staff_notes=appointment.staff_notes,
        ),
    )


def _occasion(appointment: Appointment, *, zone: str, has_begun: bool) -> written.Occasion:
    """Return what both sides read of an appointment; the way into a meeting until it begins."""
    place = where(appointment)
    return written.Occasion(
        service=appointment.service.name,
        when=when(appointment, zone),
        where=replace(place, join_link="") if has_begun else place,
        guests=(),
        staff=staff_names(appointment),
        has_begun=has_begun,
        capacity=appointment.capacity,
        seats_taken=appointment.seats_taken,
    )
