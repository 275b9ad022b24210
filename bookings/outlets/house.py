"""What letters tell the house of what is no appointment, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bookings.outlets.letter import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An invitation to work for the business, and the page that answers it.

    `role` is worded in the letter's language, empty where nothing but bookings are asked for.
    `person` is who the reader is in the list of staff, if anybody. The answer is awaited until
    `until`, on the clock of `zone`.
    """

    by: str
    url: str
    until: datetime
    zone: str
    role: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Time off that somebody else has entered, changed or cancelled for the reader."""

    news: Literal["taken", "changed", "cancelled"]
    by: str
    when: When
    before: When | None = None
    title: str = ""
    is_closure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A letter or text that nobody got, its appointment if any, and a page of the desk."""

    is_text: bool
    to_customer: bool
    url: str
    service: str = ""
    when: When | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOff:
    """A webhook that was switched off because it fails: its host, why, and its page.

    `is_gone`: it said so itself; else it had failed for days.
    """

    host: str
    is_gone: bool
    url: str
