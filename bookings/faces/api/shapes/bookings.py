"""Bookings: what is said of them, and what is asked for to make one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bookings.engine.policy import BookingState
from bookings.faces.api.shapes import Instant, Named, Shown, Zone, instant
from bookings.models import Booking
from bookings.queries.gathering import Identity, customer_of, setting_of, told_of

Expansion = Literal["answers", "manage_url"]
"""What can be shown of a booking beyond itself."""
LINK = "https://book.example.org/m/yx2dHkq3Ww0c1PZyVn5E8tRJmB4uFaL6GsKo7iQ9eTA/"


class Guest(Shown):
    """Who a booking is for, as given with this booking."""

    id: UUID | None
    """The customer on record."""
    name: Annotated[str, Field(examples=["Jo Meyer"])]
    email: str
    phone: str
    time_zone: str
    """IANA time zone in which they are told times; empty: that of the appointment."""
    language: str
    """In which they are written to; empty: that of the installation."""


class AnswerShown(Shown):
    """A question of the service and what the customer answered."""

    id: UUID | None
    """The question; null where it has been deleted since."""
    question: Annotated[str, Field(examples=["Any allergies?"])]
    """As it was asked."""
    answer: Annotated[str, Field(examples=["No nuts"])]
    """As given: numbers decimal, dates ISO 8601, `yes` or `no`, several choices one a line."""


class TextsShown(Shown):
    """Consent to text messages about a booking."""

    number: Annotated[str, Field(examples=["+491701234567"])]
    """Where they go (E.164); empty where the consent was taken back."""
    consent: Annotated[str, Field(examples=["Send me text messages."])]
    """What the customer agreed to, word by word."""
    consented_at: Instant


class BookingOfAppointment(Shown):
    """One customer's seats in the appointment that shows them."""

    id: UUID
    reference: Annotated[str, Field(examples=["7KQ2M-XN4PA"])]
    """Easy to read aloud."""
    state: BookingState
    seats: int
    customer: Guest | None
    """Only with `expand=bookings.customer`, else null."""
    notes: Annotated[str, Field(examples=["I may be late."])]
    """What the customer wrote."""
    answers: list[AnswerShown] | None
    """Only with `expand=bookings.answers`, else null."""
    texts: TextsShown | None
    """Null where the customer agreed to none."""
    cancel_reason: Annotated[str | None, Field(examples=["I am ill."])]
    """Why it was cancelled or declined."""
    waitlisted_at: Instant | None
    """Since when they are on the waiting list; also while a place is kept for them."""
    offered_until: Instant | None
    """Until when a place is kept for somebody from the waiting list."""
    reconfirmed_at: Instant | None
    checked_in_at: Instant | None
    completed_at: Instant | None
    no_show_at: Instant | None
    created_at: Instant


class BookingShown(BookingOfAppointment):
    """One customer's seats in an appointment."""

    expandable = frozenset({"answers", "manage_url"})

    customer: Guest
    answers: list[AnswerShown] | None
    """Only with `expand=answers`, else null."""
    appointment: UUID
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    staff: list[Named]
    """Who serves."""
    manage_url: Annotated[str | None, Field(examples=[LINK])]
    """Where the customer sees, moves and cancels it without signing in. In the answer that makes
    a booking, and with `expand=manage_url`; null for tokens and roles that may not give it away.
    """


class LinkShown(Shown):
    """The link for a customer."""

    manage_url: Annotated[str, Field(examples=[LINK])]
    """Where the customer sees, moves and cancels the booking without signing in."""


def seats_shown(
    booking: Booking, zone: str, *, customer: bool, answers: bool
) -> BookingOfAppointment:
    """Return a booking as its appointment says it, instants in `zone`."""
    return BookingOfAppointment(
        **_seats(booking, zone),
        customer=guest(booking) if customer else None,
        answers=answered(booking) if answers else None,
    )


def shown_booking(
    booking: Booking, *, answers: bool = False, manage_url: str | None = None
) -> BookingShown:
    """Return a booking as it is said; it was gathered for."""
    appointment = booking.appointment
    zone, setting = appointment.zone, setting_of(appointment)
    return BookingShown(
        **_seats(booking, zone),
        customer=guest(booking),
        answers=answered(booking) if answers else None,
        appointment=appointment.public_id,
        service=named(setting.service),
        starts_at=instant(appointment.starts_at, zone),
        ends_at=instant(appointment.ends_at, zone),
        time_zone=zone,
        staff=[named(each) for each in setting.staff],
        manage_url=manage_url,
    )


def named(known: Identity) -> Named:
    """Return something as it is said by its id and name."""
    return Named(id=known[0], name=known[1])


def guest(booking: Booking) -> Guest:
    """Return who a booking is for."""
    return Guest(
        id=customer_of(booking),
        name=booking.name,
        email=booking.email,
        phone=booking.phone,
        time_zone=booking.zone,
        language=booking.language,
    )


def answered(booking: Booking) -> list[AnswerShown]:
    """Return what the customer answered, of a booking for which that was gathered."""
    return [
        AnswerShown(id=each.question, question=each.asked, answer=each.answer)
        for each in told_of(booking)
    ]


def _seats(booking: Booking, zone: str) -> dict[str, Any]:
    def at(moment: datetime | None) -> datetime | None:
        return instant(moment, zone) if moment else None

    return {
        "id": booking.public_id,
        "reference": booking.reference,
        "state": booking.state,
        "seats": booking.seats,
        "notes": booking.notes,
        "texts": _texts(booking, zone),
        "cancel_reason": booking.cancel_reason or None,
        "waitlisted_at": at(booking.waitlisted_at),
        "offered_until": at(booking.expires_at) if booking.is_offered else None,
        "reconfirmed_at": at(booking.reconfirmed_at),
        "checked_in_at": at(booking.checked_in_at),
        "completed_at": at(booking.completed_at),
        "no_show_at": at(booking.no_show_at),
        "created_at": at(booking.created_at),
    }


def _texts(booking: Booking, zone: str) -> TextsShown | None:
    if booking.sms_consented_at is None:
        return None
    return TextsShown(
        number=booking.sms_number,
        consent=booking.sms_consent,
        consented_at=instant(booking.sms_consented_at, zone),
    )
