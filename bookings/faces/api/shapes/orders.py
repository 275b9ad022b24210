"""What is asked for: bookings, holds, places in a group, other times."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from bookings.faces.api.shapes import Asked, Email, Instant, Line, Text
from bookings.faces.api.shapes.holds import TOKEN

Answers = dict[str, Text | bool | int | float | list[Text]]
"""By the id of the question; of a question with several choices a list."""
Seats = Annotated[int, Field(ge=1)]
Rules = list[Literal["hours", "lead", "limits"]]
"""`hours`: opening hours, grid and time off. `lead`: lead time, advance and the past. `limits`:
numbers a day, a week and a customer. Only for roles that may break rules."""


class ContactAsked(Asked):
    """Who comes, as they say themselves."""

    name: Annotated[Line, Field(examples=["Jo Meyer"])] = ""
    email: Email = ""
    phone: Line = ""
    notes: Annotated[Text, Field(examples=["I may be late."])] = ""
    """What the customer wants to say."""
    time_zone: Line = ""
    """IANA time zone in which they are told times; that of the customer on record, or of the
    business, where there is none."""
    language: Line = ""
    """In which they are written to, as in `de`; that of the customer on record, or of the
    installation, where there is none."""
    sms_consent: Annotated[Text, Field(examples=[""])] = ""
    """What the customer agreed to about text messages, word by word; empty where to nothing."""


class PlaceAsked(Asked):
    """Who comes to an appointment that is there."""

    contact: ContactAsked | None = None
    """Needed unless a customer on record is named, whose name and addresses are taken then."""
    customer: UUID | None = None
    """The customer on record; without one who has the e-mail address, or somebody new."""
    seats: Seats = 1
    answers: Answers = {}


class Insisting(Asked):
    """Rules that are set aside, and why."""

    overrides: Annotated[Rules, Field(examples=[[]])] = []
    because: Annotated[Line, Field(examples=[""])] = ""
    """The reason, on record from then on. Needed where rules are set aside."""


class BookingAsked(Insisting):
    """A booking to be made: of a service at a time, or of what is held."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "service": "89ad77cc-98aa-5022-9459-4e20451df1d1",
                    "starts_at": "2031-03-04T09:00:00+01:00",
                    "staff": "1f55c6ec-6e9b-518b-8ec5-b6c4fe5436d0",
                    "contact": {"name": "Jo Meyer", "email": "jo.meyer@example.org"},
                    "answers": {},
                }
            ]
        }
    )

    hold_token: Annotated[str | None, Field(max_length=100, examples=[TOKEN])] = None
    """The token of a hold, which says service, time, person and seats."""
    service: UUID | None = None
    """Needed without a hold."""
    starts_at: Instant | None = None
    """Needed without a hold."""
    staff: UUID | None = None
    """Who serves; anyone where it is not said."""
    seats: Seats | None = None
    """One where it is not said."""
    contact: ContactAsked | None = None
    """Needed unless a customer on record is named, whose name and addresses are taken then."""
    customer: UUID | None = None
    """The customer on record; without one who has the e-mail address, or somebody new."""
    answers: Answers = {}
    staff_notes: Annotated[Text, Field(examples=["First visit"])] = ""
    """Go beneath the internal notes of the appointment."""


class HoldAsked(Asked):
    """Seats to be held for five minutes."""

    service: UUID
    starts_at: Instant
    staff: UUID | None = None
    """Who serves; anyone where it is not said."""
    seats: Seats = 1
    replacing: Annotated[str, Field(max_length=100, examples=[""])] = ""
    """The token of an earlier hold, which is given back if this one succeeds."""


class MoveAsked(Insisting):
    """Another time."""

    starts_at: Instant
    staff: UUID | None = None
    """Who serves then; without it those who do now where they are free, else anyone."""


class ReassignAsked(Insisting):
    """Other people."""

    staff: UUID


class ReasonAsked(Asked):
    """Why; the customer is told."""

    reason: Annotated[Line, Field(examples=["We are closed that day."])] = ""


class NotesAsked(Asked):
    """What staff should know."""

    staff_notes: Annotated[Text, Field(examples=["Ring twice"])]
