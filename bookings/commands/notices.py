"""Who is told of a decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from bookings import outbox
from bookings.models import Appointment, Booking, Event
from bookings.models.outbox import Audience
from bookings.outbox import Recipient


def tell_customer(event: Event, topic: str, booking: Booking, *, now: datetime) -> None:
    """Queue a letter to the customer of a booking. Cost: one insert."""
    to = [Recipient(Audience.CUSTOMER, booking.email)]
    outbox.put(event=event, topic=topic, to=to, now=now, booking=booking)


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
    """Queue letters to the customer, the staff and, as `tell_house`, the business mailbox.

    A request goes to the mailbox too where none of the staff get mail: somebody has to answer.
    Reads `booking.appointment.service.business`. Cost: one query, one insert.
    """
    appointment = booking.appointment
    house = _house(appointment, staff_ids)
    if not house and topic == "requested":
        house = [_mailbox(appointment)]
    to = [Recipient(Audience.CUSTOMER, booking.email), *house]
    outbox.put(event=event, topic=topic, to=to, now=now, booking=booking)


def _house(appointment: Appointment, staff_ids: Iterable[int]) -> list[Recipient]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT email FROM bookings_resource WHERE id = ANY(%s::bigint[])"
            " AND kind = 'staff' AND is_notified AND email <> '' ORDER BY id",
            [list(staff_ids)],
        )
        addresses = [row[0] for row in cursor.fetchall()]
    recipients = [Recipient(Audience.STAFF, address) for address in addresses]
    if appointment.service.policy.notify_business:
        recipients.append(_mailbox(appointment))
    return recipients


def _mailbox(appointment: Appointment) -> Recipient:
    return Recipient(Audience.BUSINESS, appointment.service.business.mailbox)
