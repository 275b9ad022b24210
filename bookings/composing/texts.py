"""What a queued text message says, and whether it may leave: read again when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from bookings import outbox
from bookings.composing.letters import is_untrue
from bookings.composing.pieces import manage_url
from bookings.composing.reminders import holds
from bookings.composing.short import worded
from bookings.composing.verdicts import Later, Needless
from bookings.engine.quiet import end_of_quiet
from bookings.models import Booking, Message
from bookings.models.reminder import ReminderKind
from bookings.outbox import Budget, Over
from bookings.outlets import OutletError, Text
from bookings.outlets.sms import segments
from bookings.queries import texting

REMINDERS: Final = frozenset(ReminderKind.values)
BEFORE_IT: Final = frozenset({"confirmed", "changed", *REMINDERS} - {ReminderKind.FOLLOW_UP.value})
"""What is of use only until the appointment begins."""
WAKING: Final = timedelta(hours=2)
"""How long after the quiet hours an appointment begins that people must hear of before."""

OVER: Final = {
    Over.ALL: "Not sent: the budget for text messages of 24 hours is spent.",
    Over.NUMBER: "Not sent: too many text messages to this number in 24 hours.",
}


def text_of(message: Message, now: datetime) -> Text | None:
    """Return a text that may leave now, its parts set aside; None when it is no longer true.

    Asked again are: the consent, a STOP, the country, the quiet hours and the budgets. What
    answers something that the customer did this moment leaves at any hour; so does what they
    must know before an appointment that begins in the quiet hours or right after.
    Cost: at most ten queries; a transaction for the budget.

    Raises:
        Later: until the quiet hours of the customer, or else of the business, are over.
        Needless: the consent was taken back, STOP was said, or a reminder would come too late.
        OutletError: permanent, where the country or a budget forbids it.
    """
    booking = message.booking
    if booking is None:
        return None
    if message.event is not None or message.topic in REMINDERS:
        if message.topic in REMINDERS and not holds(message, now=now):
            return None
        if is_untrue(message, booking.appointment) or _is_past(message, booking, now):
            return None
        _refuse_unwanted(message, booking)
        _wait_while_quiet(message, booking, now)
    if not texting.is_allowed(message.address, message.business):
        raise OutletError("Not sent: text messages do not go to this country.", permanent=True)
    words = worded(message, booking, link=manage_url(booking, now))
    budget = Budget(per_number=settings.SMS_PER_NUMBER, in_all=settings.SMS_BUDGET)
    if over := outbox.spend(message, segments=segments(words), budget=budget, now=now):
        raise OutletError(OVER[over], permanent=True)
    return Text(key=message.key, number=message.address, words=words)


def _is_past(message: Message, booking: Booking, now: datetime) -> bool:
    """Say whether the appointment has begun, of which a text would only now tell."""
    return message.topic in BEFORE_IT and booking.appointment.starts_at <= now


def _refuse_unwanted(message: Message, booking: Booking) -> None:
    if booking.sms_number != message.address:
        raise Needless("The customer wants no more text messages about this booking.")
    if not booking.appointment.service.sends_sms:
        raise Needless("The service sends no more text messages.")
    if texting.is_stopped(message.address):
        raise Needless("The owner of this number has answered STOP.")


def _wait_while_quiet(message: Message, booking: Booking, now: datetime) -> None:
    business, event = message.business, message.event
    until = end_of_quiet(
        now,
        zone=booking.zone or business.zone,
        begins=business.quiet_from,
        ends=business.quiet_until,
    )
    if until is None or (event is not None and event.actor.startswith("customer")):
        return
    starts = [booking.appointment.starts_at]
    if message.topic in (ReminderKind.REMINDER, ReminderKind.RECONFIRMATION):
        if until >= starts[0]:
            raise Needless("The appointment begins before the quiet hours end.")
    elif event is not None:
        if "starts_at" in event.data:
            starts.append(datetime.fromisoformat(event.data["starts_at"]))
        if any(now <= start < until + WAKING for start in starts):
            return
    raise Later(until)
