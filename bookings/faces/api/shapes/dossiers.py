"""Everything that is stored about one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue

from bookings.faces.api.shapes import Shown, Told
from bookings.queries.dossiers import FORMAT


class DossierBusiness(Shown):
    """Whose customer it is."""

    name: str
    slug: str


class DossierCustomer(Shown):
    """Who it is."""

    id: UUID
    name: str
    email: str
    phone: str
    time_zone: str
    language: str
    notes: str
    opted_out_at: Told | None
    created_at: Told


class DossierAppointment(Shown):
    """When, where and with whom a booking was."""

    id: UUID
    service: str
    starts_at: Told
    ends_at: Told
    time_zone: str
    state: str
    staff: Sequence[str]
    location_kind: str
    place: str
    join_link: str
    price_kind: str
    price: Annotated[Decimal | None, Field(examples=["25.00"])]
    currency: str
    staff_notes: str
    """Empty for a group: the notes may be about anybody in it."""


class DossierAnswer(Shown):
    """What was asked, and what was said."""

    question: str
    answer: str


class DossierBooking(Shown):
    """What was booked, in the words of whoever booked."""

    id: UUID
    reference: str
    state: str
    seats: int
    name: str
    email: str
    phone: str
    notes: str
    time_zone: str
    language: str
    cancel_reason: str
    texts_to: str
    texts_agreed_at: Told | None
    texts_agreed_to: str
    created_at: Told
    waitlisted_at: Told | None
    reconfirmed_at: Told | None
    checked_in_at: Told | None
    completed_at: Told | None
    no_show_at: Told | None
    answers: Sequence[DossierAnswer]
    appointment: DossierAppointment


class DossierEvent(Shown):
    """What happened to a booking, or was decided about the customer."""

    id: UUID
    kind: str
    at: Told
    by: str
    appointment: UUID | None
    booking: UUID | None
    data: dict[str, JsonValue]
    """Of a group, what everybody in it was told."""


class DossierMessage(Shown):
    """What was sent about them."""

    id: UUID
    topic: str
    to: str
    """Whom it went to: the customer, staff or a program."""
    address: str | None
    """Only the customer's own."""
    by: str
    booking: UUID | None
    state: str
    created_at: Told
    due_at: Told
    sent_at: Told | None
    delivery: str
    failed_at: Told | None
    error: str
    body: str
    answers: Sequence[str]
    """What was answered to it."""


class DossierFeed(Shown):
    """A calendar address that was made for them, without its secret."""

    id: UUID
    created_at: Told
    revoked_at: Told | None


class DossierShown(Shown):
    """Everything that is stored about one customer, in the order in which it came to be."""

    format: Annotated[str, Field(examples=[FORMAT])]
    """What is added to this format later comes as further names."""
    made_at: Told
    business: DossierBusiness
    customer: DossierCustomer
    bookings: Sequence[DossierBooking]
    events: Sequence[DossierEvent]
    messages: Sequence[DossierMessage]
    feeds: Sequence[DossierFeed]


def shown_dossier(stored: Mapping[str, object], *, zone: str) -> DossierShown:
    """Return what is stored about a customer as it is said, on the clock of a zone."""
    return DossierShown.model_validate(stored, context={"zone": zone})
