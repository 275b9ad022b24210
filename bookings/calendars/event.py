"""One calendar entry as values, whatever the protocol that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Someone with a calendar address; `name` may be empty, `email` is a valid address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """An appointment as a calendar shows it.

    `uid` never changes, `sequence` rises with every change. `starts_at` and `ends_at` are
    aware; `zone` (IANA name) is the one in which the appointment keeps its wall-clock time.
    An invitation has an organizer, a copy to look at needs none.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    organizer: Participant | None = None
    attendees: tuple[Participant, ...] = ()
    description: str = ""
    location: str = ""
    url: str = ""
