"""What a customer says to book, and what they are told of their booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field

from bookings.commands import Contact
from bookings.engine.policy import BookingState
from bookings.faces import words
from bookings.faces.api.shapes import (
    Asked,
    Instant,
    KnownZone,
    Line,
    Money,
    Shown,
    Text,
    Zone,
    instant,
)
from bookings.faces.api.shapes.availability import Reason
from bookings.faces.api.shapes.offered import Slug, address_of
from bookings.faces.visit import Visit, told, visit
from bookings.models import Booking, Business, PriceKind
from bookings.queries import pages
from bookings.queries.standing import is_held, standing

Token = Annotated[str, Field(min_length=20, max_length=100, examples=["Zm9yIGV4YW1wbGUgb25seQ"])]
NAMES: Final[Mapping[str, str]] = {
    name: f"contact.{name}" for name in ("name", "email", "phone", "notes")
} | {"zone": "contact.time_zone"}
"""What the command calls a field → where it stands in a body."""


class PublicContactAsked(Asked):
    """Who comes. Letters are in the language of the call (`Accept-Language`)."""

    name: Annotated[Line, Field(examples=["Jo Meyer"])]
    email: Annotated[Line, Field(examples=["jo.meyer@example.org"])]
    """For the confirmation and the link to change it."""
    phone: Line = ""
    notes: Annotated[Text, Field(examples=["I may be five minutes late."])] = ""
    time_zone: KnownZone | None = None
    """The customer's own; the one of the business if not said."""
    agrees_to_texts: bool = False
    """Whether they have read what `consent_to_texts` of the service says, and agree."""


class PublicHoldAsked(Asked):
    """A time to be held for five minutes."""

    service: Slug
    starts_at: Instant
    staff: UUID | None = None
    """One of those whom the service lets customers choose; anyone where it is not said."""
    seats: Annotated[int, Field(ge=1)] = 1
    replacing: Token | None = None
    """The token of an earlier hold; it is given back if, and only if, this one succeeds."""


class PublicBookingAsked(Asked):
    """A time that is held, to be booked."""

    hold_token: Token
    contact: PublicContactAsked
    answers: dict[str, Text | bool | list[Text]] = {}
    """By the id of the question."""


class PublicWaitAsked(Asked):
    """A place to be waited for."""

    appointment: UUID
    seats: Annotated[int, Field(ge=1)] = 1
    contact: PublicContactAsked
    answers: dict[str, Text | bool | list[Text]] = {}
    """By the id of the question."""


class TicketMoveAsked(Asked):
    """Another time for a booking."""

    starts_at: Instant
    staff: UUID | None = None
    """Where it is not said, the same people come if they are free, else anyone."""


class TicketCancelAsked(Asked):
    """Why a booking is cancelled, for those who want to say."""

    reason: Annotated[Text, Field(examples=["I am ill."])] = ""


class Offered(Shown):
    """The service that is booked."""

    slug: Slug
    name: Annotated[str, Field(examples=["Haircut"])]


class VisitShown(Shown):
    """When, what, where and with whom."""

    service: Offered
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    seats: int
    staff: Annotated[Sequence[str], Field(examples=[["Ann Lee"]])]
    """The names of those who serve."""
    place: Annotated[str, Field(examples=["Lindenweg 3, 10115 Berlin"])]


class PublicHoldShown(VisitShown):
    """A time that is held."""

    token: Token
    """The only way to it: whoever has it can book the time or give it back."""
    state: Literal["held", "over", "booked"]
    expires_at: Instant | None
    """Until when it is held; null once it is booked."""


class Given(Shown):
    """A question as it was asked, and the answer."""

    question: Annotated[str, Field(examples=["Is this your first visit?"])]
    answer: Annotated[str, Field(examples=["Yes"])]


class TicketShown(VisitShown):
    """A booking as its customer sees it, and what they can do with it."""

    token: Token
    """Whoever has it sees and changes the booking: it is in the link of the customer's letters."""
    page: Annotated[str, Field(examples=["https://book.example.org/m/Zm9yIGV4YW1wbGUgb25seQ/"])]
    """The address where the customer can do all this."""
    reference: Annotated[str, Field(examples=["7KQ2M-XW4TD"])]
    state: BookingState
    is_request: bool
    """It has never been confirmed."""
    join_link: Annotated[str | None, Field(examples=["https://meet.example.org/room"])]
    """Where to join, of what takes place online and is confirmed."""
    price_kind: PriceKind
    price: Money | None
    note: Annotated[str | None, Field(examples=["Please come five minutes early."])]
    """What the business says with the confirmation."""
    name: Annotated[str, Field(examples=["Jo Meyer"])]
    email: str
    phone: str
    answers: Sequence[Given]
    """What was asked and answered, and what the customer noted, in words."""
    may_change: bool
    """It can be moved and cancelled."""
    why_not: Reason | None
    """Why it cannot be changed; null where it can."""
    change_until: Instant
    """Until when it can, or could, be changed."""
    is_asked_to_come: bool
    """The customer is to say once more that they come (`reconfirm`)."""
    reconfirmed_at: Instant | None
    is_waiting: bool
    """It is on a waiting list, which can be left."""
    offered_until: Instant | None
    """Until when a place is kept for who waits, which can be taken; null where none is."""
    cancel_reason: Annotated[str | None, Field(examples=["I am ill."])]
    texts_to: Annotated[str | None, Field(examples=["+491701234567"])]
    """The number that text messages go to; null where none do."""


def zone_for(business: Business, wanted: str) -> str:
    """Return the zone in which a customer is told times: the one wanted, if that is heeded."""
    return business.zone if business.shows_business_zone else wanted or business.zone


def contact_of(asked: PublicContactAsked, business: Business, *, language: str) -> Contact:
    """Return who comes; whoever agrees to text messages agrees to what they were shown."""
    return Contact(
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        notes=asked.notes,
        zone=zone_for(business, asked.time_zone or ""),
        language=language,
        sms_consent=words.consent_to_texts(business.name) if asked.agrees_to_texts else "",
    )


def shown_hold(booking: Booking, *, token: str, now: datetime) -> PublicHoldShown:
    """Return a hold; reads its appointment, service and business. Cost: one query."""
    business = booking.appointment.service.business
    is_over = booking.state in (BookingState.HELD, BookingState.EXPIRED)
    ends_at = booking.expires_at
    return PublicHoldShown(
        **_where_and_when(booking, visit(booking, zone=business.zone), business.zone),
        token=token,
        state="held" if is_held(booking, now=now) else "over" if is_over else "booked",
        expires_at=instant(ends_at, business.zone) if ends_at and is_over else None,
    )


def shown_ticket(booking: Booking, *, token: str, now: datetime) -> TicketShown:
    """Return a booking as its customer sees it; reads appointment, service, business, customer.

    Cost: at most three queries.
    """
    appointment = booking.appointment
    service = appointment.service
    zone = zone_for(service.business, booking.zone)
    seen, stands = visit(booking, zone=zone), standing(booking, now=now)
    ends_at = booking.expires_at
    until = appointment.starts_at - service.policy.cancellation_notice
    refusal = stands.refusal
    return TicketShown(
        **_where_and_when(booking, seen, zone),
        token=token,
        page=address_of("site:booking", token),
        reference=booking.reference,
        state=BookingState(booking.state),
        is_request=stands.is_request,
        price_kind=PriceKind(appointment.price_kind),
        price=None
        if appointment.price is None
        else Money(amount=appointment.price, currency=appointment.currency),
        join_link=seen.place.join_link or None,
        note=_note(booking, is_shown=stands.is_coming and not stands.is_request),
        name=booking.name,
        email=booking.email,
        phone=booking.phone,
        answers=[
            Given(question=each.question, answer=each.answer)
            for each in told(booking, pages.answers_of(booking))
        ],
        may_change=refusal is None,
        why_not=None if refusal is None else Reason(code=refusal.code, detail=words.said(refusal)),
        change_until=instant(until, zone),
        is_asked_to_come=stands.is_asked,
        reconfirmed_at=instant(booking.reconfirmed_at, zone) if booking.reconfirmed_at else None,
        is_waiting=stands.is_waiting,
        offered_until=instant(ends_at, zone) if ends_at and stands.may_take else None,
        cancel_reason=booking.cancel_reason or None,
        texts_to=booking.sms_number or None,
    )


def _where_and_when(booking: Booking, seen: Visit, zone: str) -> dict[str, Any]:
    appointment = booking.appointment
    service = appointment.service
    return {
        "service": Offered(slug=service.slug, name=service.name),
        "starts_at": instant(appointment.starts_at, zone),
        "ends_at": instant(appointment.ends_at, zone),
        "time_zone": zone,
        "seats": booking.seats,
        "staff": seen.staff,
        "place": seen.place.text,
    }


def _note(booking: Booking, *, is_shown: bool) -> str | None:
    return (booking.appointment.service.confirmation_note or None) if is_shown else None
