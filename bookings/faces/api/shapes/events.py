"""Events, as webhooks tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Generic
from uuid import UUID

from pydantic import AfterValidator, Field, JsonValue

from bookings.faces.api.lists import MOST, USUAL, Among, Picked
from bookings.faces.api.shapes import Listed, Named, Shown, ShownT, Told, Zone
from bookings.models.kinds import KINDS
from bookings.queries.events import After


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError("there is no such kind of event")
    return kind


Kind = Annotated[
    str,
    AfterValidator(_known),
    Field(json_schema_extra={"enum": list(KINDS)}, examples=["booking.confirmed"]),
]
"""A kind of event."""


class EventsAsked(Picked):
    """From where on events are wanted, and which."""

    after: After = "start"
    """The `cursor` of the last answer; `start` is before everything, `now` behind it."""
    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    """How many at most."""
    kind: Among[Kind] = frozenset()
    """Only of these kinds."""
    appointment: UUID | None = None
    """Only about this appointment."""


class ToldBusiness(Shown):
    """The business in which it happened."""

    id: UUID
    slug: str
    name: str


class ToldAppointment(Shown):
    """An appointment as it is now."""

    id: UUID
    state: str
    version: int
    """Counts its events."""
    service: Named
    starts_at: Told
    ends_at: Told
    time_zone: Zone
    staff: Sequence[Named]
    rooms: Sequence[Named]
    location_kind: str
    place: str
    join_link: str
    capacity: int
    seats_taken: int


class ToldCustomer(Shown):
    """Who booked, as they gave it with the booking."""

    id: UUID | None
    name: str
    email: str
    phone: str


class ToldAnswer(Shown):
    """What was asked and answered."""

    question: str
    answer: JsonValue


class ToldBooking(Shown):
    """A booking as it is now."""

    id: UUID
    reference: str
    state: str
    seats: int
    customer: ToldCustomer
    notes: str
    answers: Sequence[ToldAnswer]


class ToldBefore(Shown):
    """How the appointment was before."""

    starts_at: Told | None = None
    ends_at: Told | None = None
    staff: Sequence[str] | None = None


class EventFacts(Shown):
    """What happened, and how things are now."""

    id: UUID
    """The `webhook-id` of its webhooks, too."""
    sequence: int
    """Counts the events of the appointment; 0 where it concerns none."""
    instance_epoch: UUID | None
    """Another one after the portal was restored from a backup."""
    business: ToldBusiness
    actor: Annotated[str, Field(examples=["customer", "staff", "program", "system"])]
    appointment: ToldAppointment | None = None
    """Null where the event concerns none."""
    bookings: Sequence[ToldBooking] = ()
    """Those that the event is about."""
    before: ToldBefore | None = None
    details: dict[str, JsonValue]


class EventShown(Shown):
    """Something that happened."""

    type: Annotated[str, Field(examples=["booking.confirmed"])]
    timestamp: Told
    """In UTC, as webhooks have it."""
    data: EventFacts


class Followed(Listed[ShownT], Generic[ShownT]):
    """The next part of a list that grows; `previous` is always null."""

    cursor: Annotated[str, Field(examples=["0b9f4f0e-3f52-4d0c-9f2e-6f4f6c1b2a11"])]
    """Where to go on from, also where nothing is new."""
    has_more: bool
    """Whether there is more at once; if not, ask again in a while."""


def shown_event(told: dict[str, Any]) -> EventShown:
    """Return an event as it is said, from how webhooks tell it."""
    data = told["data"]
    return EventShown.model_validate(
        {**told, "data": {**data, "before": data.get("before") or None}}
    )
