"""Who is told of a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from bookings import outbox
from bookings.models import Appointment, Booking, Event, Outlet
from bookings.models.outbox import Audience
from bookings.outbox import Recipient

TEXTED = frozenset({"confirmed", "changed", "cancelled", "removed", "declined"})
"""News that customers who agreed to it get as a text message too."""


def tell_customer(event: Event, topic: str, booking: Booking, *, now: datetime) -> None:
    """Queue a letter to the customer of a booking, and a text to who agreed to such.

    Cost: an insert for each.
    """
    to = [Recipient(Audience.CUSTOMER, booking.email)]
    outbox.put(event=event, topic=topic, to=to, now=now, booking=booking)
    _text_customer(event, topic, booking, now=now)


def tell_house(
    event: Event,
    topic: str,
    appointment: Appointment,
    *,
    staff_ids: Iterable[int],
    now: datetime,
    booking: Booking | None = None,
) -> None:
    """Queue letters to the staff and, where the policy says so, to the business mailbox.

    Reads `appointment.service.business`. Cost: one query, one insert.
    """
    outbox.put(
        event=event, topic=topic, to=_house(appointment, staff_ids), now=now, booking=booking
    )


def tell_all(
    event: Event,
    topic: str,
    booking: Booking,
    *,
    staff_ids: Iterable[int],
    now: datetime,
) -> None:
    """Queue what `tell_customer` does, and letters to the house as `tell_house`.

    A request goes to the mailbox too where none of the staff get mail: somebody has to answer.
    Reads `booking.appointment.service.business`. Cost: one query, one insert, one for a text.
    """
    appointment = booking.appointment
    house = _house(appointment, staff_ids)
    if not house and topic == "requested":
        house = [_mailbox(appointment)]
    to = [Recipient(Audience.CUSTOMER, booking.email), *house]
    outbox.put(event=event, topic=topic, to=to, now=now, booking=booking)
    _text_customer(event, topic, booking, now=now)


def tell_removed(
    event: Event, booking: Booking, *, staff_ids: Iterable[int], now: datetime
) -> None:
    """Tell a customer, and the staff, that they were taken out of a group that goes on.

    Cost: one query, one insert, one for a text.
    """
    addresses = _staff(staff_ids)
    to = [Recipient(Audience.CUSTOMER, booking.email)]
    to += [Recipient(Audience.STAFF, address) for address in addresses]
    outbox.put(event=event, topic="removed", to=to, now=now, booking=booking)
    _text_customer(event, "removed", booking, now=now)


def _text_customer(event: Event, topic: str, booking: Booking, *, now: datetime) -> None:
    """Queue a text to a customer who agreed to it, where the news is one for a text."""
    if booking.sms_number and topic in TEXTED:
        to = [Recipient(Audience.CUSTOMER, booking.sms_number)]
        outbox.put(event=event, topic=topic, to=to, now=now, booking=booking, outlet=Outlet.SMS)


def _staff(staff_ids: Iterable[int]) -> list[str]:
    """Return the addresses of the staff who want mail. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM bookings_resource WHERE id = ANY(%s::bigint[])"
            " AND kind = 'staff' AND is_notified AND email <> '' ORDER BY id",
            [list(staff_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def _house(appointment: Appointment, staff_ids: Iterable[int]) -> list[Recipient]:
    recipients = [Recipient(Audience.STAFF, address) for address in _staff(staff_ids)]
    if appointment.service.policy.notify_business:
        recipients.append(_mailbox(appointment))
    return recipients


def _mailbox(appointment: Appointment) -> Recipient:
    return Recipient(Audience.BUSINESS, appointment.service.business.mailbox)
