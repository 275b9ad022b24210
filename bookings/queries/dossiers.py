"""Everything that is stored about one customer, to be taken away.

The shape is stable; what is added later comes as further names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.db.models.functions import Lower

from bookings.models import (
    Answer,
    Appointment,
    Attempt,
    Booking,
    Customer,
    Event,
    Feed,
    Message,
    Resource,
)
from bookings.models.outbox import Audience
from bookings.queries.records import addresses_of, bookings_of, records_of

FORMAT = "customer-dossier/1"
TOLD_TO_ALL = {"starts_at", "ends_at", "staff", "reason"}
"""What an event of a group says about everybody in it."""


def dossier(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """Return all that is stored about a customer, ready for JSON; instants are ISO 8601.

    `customer` says who it is; `bookings` what was booked, each with its appointment and
    answers; `events` what happened to them, and what was decided about the customer;
    `messages` what was sent about them, the address where it is the customer's own; `feeds` the
    calendar addresses made for them, without the secret. All are in the order in which they were
    made. In a group there is nothing of the others.
    Cost: fifteen queries, two more for each round of merging.
    """
    staff = Resource.objects.filter(kind="staff").order_by("name")
    bookings = list(
        bookings_of(customer)
        .select_related("appointment__service")
        .prefetch_related(
            Prefetch("appointment__resources", queryset=staff),
            Prefetch("answers", queryset=Answer.objects.order_by("pk")),
        )
        .order_by("created_at", "pk")
    )
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "business": {"name": customer.business.name, "slug": customer.business.slug},
        "customer": {
            "id": str(customer.public_id),
            "name": customer.name,
            "email": customer.email,
            "phone": customer.phone,
            "time_zone": customer.zone,
            "language": customer.language,
            "notes": customer.notes,
            "opted_out_at": _instant(customer.opted_out_at),
            "created_at": customer.created_at.isoformat(),
        },
        "bookings": [_booking(booking) for booking in bookings],
        "events": [_event(event, bookings) for event in _events(customer, bookings)],
        "messages": [_message(message) for message in _messages(customer, bookings)],
        "feeds": [_feed(feed) for feed in customer.feeds.order_by("created_at", "pk")],
    }


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "id": str(booking.public_id),
        "reference": booking.reference,
        "state": booking.state,
        "seats": booking.seats,
        "name": booking.name,
        "email": booking.email,
        "phone": booking.phone,
        "notes": booking.notes,
        "time_zone": booking.zone,
        "language": booking.language,
        "cancel_reason": booking.cancel_reason,
        "texts_to": booking.sms_number,
        "texts_agreed_at": _instant(booking.sms_consented_at),
        "texts_agreed_to": booking.sms_consent,
        "created_at": _instant(booking.created_at),
        "waitlisted_at": _instant(booking.waitlisted_at),
        "reconfirmed_at": _instant(booking.reconfirmed_at),
        "checked_in_at": _instant(booking.checked_in_at),
        "completed_at": _instant(booking.completed_at),
        "no_show_at": _instant(booking.no_show_at),
        "answers": [{"question": each.asked, "answer": each.value} for each in _answers(booking)],
        "appointment": _appointment(booking.appointment),
    }


def _answers(booking: Booking) -> Iterable[Answer]:
    return booking.answers.all()


def _appointment(appointment: Appointment) -> dict[str, Any]:
    """Return an appointment; notes on a group may be about anybody in it, and are left out."""
    return {
        "id": str(appointment.public_id),
        "service": appointment.service.name,
        "starts_at": _instant(appointment.starts_at),
        "ends_at": _instant(appointment.ends_at),
        "time_zone": appointment.zone,
        "state": appointment.state,
        "staff": [person.name for person in appointment.resources.all()],
        "location_kind": appointment.location_kind,
        "place": appointment.place,
        "join_link": appointment.join_link,
        "price_kind": appointment.price_kind,
        "price": None if appointment.price is None else str(appointment.price),
        "currency": appointment.currency,
        "staff_notes": "" if appointment.is_group else appointment.staff_notes,
    }


def _events(customer: Customer, bookings: list[Booking]) -> list[Event]:
    common = {booking.appointment_id for booking in bookings}
    about = Q(booking__in=bookings) | Q(booking=None, appointment__in=common)
    found = Event.objects.filter(about).select_related("appointment", "booking")
    return sorted([*found, *records_of(customer)], key=lambda event: (event.at, event.pk))


def _event(event: Event, bookings: list[Booking]) -> dict[str, Any]:
    data = dict(event.data)
    if event.booking is None and event.appointment is not None:
        own = {str(booking.public_id) for booking in bookings}
        named = [each for each in data.get("bookings", []) if each in own]
        if event.appointment.is_group:
            data = {name: value for name, value in data.items() if name in TOLD_TO_ALL}
        if named:
            data["bookings"] = named
    return {
        "id": str(event.public_id),
        "kind": event.kind,
        "at": _instant(event.at),
        "by": event.actor,
        "appointment": str(event.appointment.public_id) if event.appointment else None,
        "booking": str(event.booking.public_id) if event.booking else None,
        "data": data,
    }


def _messages(customer: Customer, bookings: list[Booking]) -> list[Message]:
    links = Q(appointment=None, booking=None, audience=Audience.CUSTOMER)
    links &= Q(folded__in=addresses_of(customer))
    rows = Message.objects.filter(business=customer.business_id).alias(folded=Lower("address"))
    found = rows.filter(Q(booking__in=bookings) | links).select_related("booking")
    answered = Attempt.objects.exclude(answer="").order_by("pk")
    found = found.prefetch_related(Prefetch("tries", queryset=answered))
    return list(found.order_by("created_at", "pk"))


def _message(message: Message) -> dict[str, Any]:
    is_own = message.audience == Audience.CUSTOMER
    is_told = is_own or message.audience == Audience.PROGRAM
    return {
        "id": str(message.public_id),
        "topic": message.topic,
        "to": message.audience,
        "address": message.address if is_own else None,
        "by": message.outlet,
        "booking": str(message.booking.public_id) if message.booking else None,
        "state": message.state,
        "created_at": _instant(message.created_at),
        "due_at": _instant(message.due_at),
        "sent_at": _instant(message.sent_at),
        "delivery": message.delivery,
        "failed_at": _instant(message.failed_at),
        "error": message.error if is_own else "",
        "body": message.body,
        "answers": [each.answer for each in message.tries.all()] if is_told else [],
    }


def _feed(feed: Feed) -> dict[str, Any]:
    return {
        "id": str(feed.public_id),
        "created_at": _instant(feed.created_at),
        "revoked_at": _instant(feed.revoked_at),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
