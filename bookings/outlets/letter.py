"""What one e-mail says, as values: the query side fills a letter, the outlet words and sends it.

Single-line strings are names and titles; the fields marked `PARAGRAPHS` may hold several
lines. Nothing here needs to be escaped or stripped by the one who fills it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from bookings.outlets.answers import Option
from bookings.outlets.house import Absence, Asked, Lost, SwitchedOff
from bookings.outlets.waiting import Waiting

Place = Literal["physical", "online", "telephone", "offsite"]

PARAGRAPHS: Final = {"paragraphs": True}


class Topic(StrEnum):
    """The news that a letter brings."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    REMOVED = "removed"
    REMINDER = "reminder"
    RECONFIRMATION = "reconfirmation"
    FOLLOW_UP = "follow_up"
    WAITLISTED = "waitlisted"
    OFFER = "offer"
    MINE = "mine"
    INVITATION = "invitation"
    TIME_OFF = "time_off"
    NOTICE = "notice"


PLANNED: Final = frozenset({Topic.REMINDER, Topic.RECONFIRMATION, Topic.FOLLOW_UP})
"""What a service says by itself before and after its appointments."""


class Trouble(StrEnum):
    """What has stopped, and somebody of the house has to look at."""

    TEXTS = "texts"
    TEXTS_TO_NUMBER = "texts_to_number"
    WEBHOOK = "webhook_disabled"
    UNDELIVERED = "undelivered"


class Audience(StrEnum):
    """For whom a letter is worded."""

    CUSTOMER = "customer"
    STAFF = "staff"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The business as the letter shows it; `brand` is `#rrggbb`, `page_url` its booking page.

    `sender` is who the letter comes from, `reply_to` where answers go; empty: its name and mailbox.
    """

    name: str
    mailbox: str
    brand: str
    page_url: str
    sender: str = ""
    reply_to: str = ""
    address: str = field(default="", metadata=PARAGRAPHS)
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Two aware instants and the zone (IANA name) in which the reader wants to read them."""

    starts_at: datetime
    ends_at: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of an appointment: `place` in words, `join_link` for online ones."""

    kind: Place
    place: str = field(default="", metadata=PARAGRAPHS)
    join_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question as it was asked and its answer in words."""

    question: str
    answer: str = field(metadata=PARAGRAPHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One customer's part in the appointment; `is_awaiting` until somebody approves it."""

    name: str
    email: str
    reference: str
    phone: str = ""
    seats: int = 1
    is_awaiting: bool = False
    notes: str = field(default="", metadata=PARAGRAPHS)
    answers: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a changed appointment was until now."""

    when: When
    staff: tuple[str, ...] = ()
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """What the reader's calendar needs.

    The customer's file carries the uid of the booking and that customer alone; the file of
    staff carries the uid of the appointment and everyone. When one customer of a group
    cancels, staff get a `REQUEST` without that customer, because the group goes on.
    `zone` is the zone in which the appointment is held. `sequence` rises with every change.
    """

    uid: str
    sequence: int
    method: Literal["REQUEST", "CANCEL"]
    zone: str
    attendees: tuple[tuple[str, str], ...]  # (name, e-mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An appointment in words.

    `guests` is the one customer in a customer's letter; in a letter to the house those whom
    the news is about. `staff`, `price`, `note` (the service's confirmation note) are left
    empty when there is nothing to say. `price` is worded in the letter's language.
    `manage_url` is set in customers' letters only, `desk_url` where the house has to decide,
    `options` where the reader can answer by mail, and `staff_notes` in letters to the house.
    `by_customer` says who changed or cancelled.
    `seats_taken` counts everyone who comes, after the news: 0 when a whole group is cancelled.
    `is_request`: it has never been confirmed. `has_begun`: the letter is about what is or was.
    `has_left`: the staff member who reads it no longer serves.
    """

    service: str
    when: When
    where: Where
    guests: tuple[Guest, ...]
    staff: tuple[str, ...] = ()
    price: str = ""
    note: str = field(default="", metadata=PARAGRAPHS)
    staff_notes: str = field(default="", metadata=PARAGRAPHS)
    manage_url: str = ""
    desk_url: str = ""
    options: tuple[Option, ...] = ()
    before: Before | None = None
    by_customer: bool = False
    is_request: bool = False
    has_begun: bool = False
    has_left: bool = False
    reason: str = field(default="", metadata=PARAGRAPHS)
    capacity: int = 1
    seats_taken: int = 1
    invite: Invite | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way to one of the reader's bookings; `is_awaiting` until somebody approves it.

    `is_waiting`: it is a place in the line.
    """

    title: str
    url: str
    when: When
    is_awaiting: bool = False
    is_waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything one e-mail says.

    `language` is the reader's (BCP 47, as in settings.LANGUAGES; an unknown one falls back
    to the default). `reader` is the name for the greeting, possibly empty. `occasion` is set
    for the topics that are about an appointment. `mine` has `links` instead: soonest first,
    none when the address has no bookings; `feed_url` leads to all of them as a calendar.
    An invitation has `asked`, time off `absence`, who waits for a place `waiting`,
    a notice `trouble` and the page on which it is mended, with `lost`, what was not delivered,
    or the webhooks that are `switched_off`.
    `own_words` are the business's, above what the letter says anyway; `own_subject` stands in
    place of the portal's subject, `own_opening` in place of its greeting and first sentences; all
    three may have blanks (see `filling`). `is_test`: nobody but who asks for it gets it.
    `unsubscribe_url` is set in what customers may refuse: the page behind it ends such letters,
    by one POST (RFC 8058).
    """

    topic: Topic
    audience: Audience
    language: str
    business: Letterhead
    reader: str = ""
    own_words: str = field(default="", metadata=PARAGRAPHS)
    own_subject: str = ""
    own_opening: str = field(default="", metadata=PARAGRAPHS)
    is_test: bool = False
    unsubscribe_url: str = ""
    occasion: Occasion | None = None
    links: tuple[Link, ...] = ()
    feed_url: str = ""
    asked: Asked | None = None
    absence: Absence | None = None
    trouble: Trouble | None = None
    trouble_url: str = ""
    lost: tuple[Lost, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    waiting: Waiting | None = None

    @property
    def is_over(self) -> bool:
        """Whether the appointment no longer takes place for the reader.

        When one customer of a group has cancelled, it goes on for staff.
        """
        if self.waiting is not None:
            return self.waiting.is_over
        ends = (Topic.CANCELLED, Topic.DECLINED, Topic.REMOVED)
        if self.topic not in ends or self.occasion is None:
            return False
        return self.audience == Audience.CUSTOMER or self.is_handed_over or not self.goes_on

    @property
    def goes_on(self) -> bool:
        """Whether others of a group are still coming."""
        occasion = self.occasion
        return occasion is not None and occasion.capacity > 1 and occasion.seats_taken > 0

    @property
    def is_handed_over(self) -> bool:
        """Whether the appointment goes on without the staff member who reads this."""
        occasion = self.occasion
        return (
            self.topic == Topic.CANCELLED
            and self.audience == Audience.STAFF
            and occasion is not None
            and occasion.has_left
            and occasion.seats_taken > 0
        )
