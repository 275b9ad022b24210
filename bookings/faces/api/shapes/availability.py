"""What is free, and why something is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from bookings.faces.api.shapes import Asked, Day, Instant, KnownZone, Named, Shown, Zone, refused

LONGEST = timedelta(days=62)


class SpanAsked(Asked):
    """On which days, and with whom."""

    first_day: Day
    """The first day."""
    last_day: Day
    """The last day, which counts too; at most 62 days in all."""
    staff: UUID | None = None
    """Who serves; anyone where it is not said."""
    time_zone: KnownZone | None = None
    """The zone in which days are counted and times are told; that of the business if not said."""

    @field_validator("last_day")
    @classmethod
    def _is_near(cls, last: Day, info: ValidationInfo) -> Day:
        """Refuse a span that ends before it begins, or is too long for one answer."""
        first = info.data.get("first_day")
        if first is not None and last < first:
            raise refused("order", "This day comes before the first one")
        if first is not None and last - first >= LONGEST:
            raise refused("span", f"At most {LONGEST.days} days can be asked for at once")
        return last


class PartySpanAsked(SpanAsked):
    """On which days, with whom, and for how many."""

    seats: Annotated[int, Field(ge=1)] = 1
    """How many places are wanted."""


class ServiceSpanAsked(PartySpanAsked):
    """On which days a service is wanted."""

    service: UUID


class StartAsked(Asked):
    """A start that is in question."""

    service: UUID
    starts_at: Instant
    staff: UUID | None = None
    """Who serves; anyone where it is not said."""
    seats: Annotated[int, Field(ge=1)] = 1


class FreeStart(Shown):
    """A start that can be booked."""

    starts_at: Instant
    seats_left: int
    """How many places are left there; of a service for one, always 1."""


class StartsShown(Shown):
    """The free starts of some days, in their order."""

    time_zone: Zone
    starts: Sequence[FreeStart]


class DaysShown(Shown):
    """The days that have a free start, in their order."""

    time_zone: Zone
    days: Sequence[Day]


class Reason(Shown):
    """A rule that refuses."""

    code: str
    detail: str


class Stretch(Shown):
    """From when to when."""

    starts_at: Instant
    ends_at: Instant


class Taken(Stretch):
    """An appointment that is in the way, its buffers left out."""

    appointment: UUID
    service: str


class LimitReached(Shown):
    """A limit that is reached."""

    days: int
    """Of so many days: 1, or 7 for the week from Monday on."""
    most: int
    count: int


class Found(Shown):
    """What was found about one person, room or piece of equipment."""

    resource: Named
    reason: Reason | None
    """What refuses there; null where it is free."""
    open: Sequence[Stretch]
    """When it is open for the service on that day."""
    taken: Sequence[Taken]
    """The appointments in the way, as far as the role may see them."""
    away: Sequence[Stretch]
    """Times off and closures in the way, as far as the role may see them."""
    limits: Sequence[LimitReached]


class VerdictShown(Shown):
    """Whether a start can be booked, and if not why."""

    starts_at: Instant
    is_free: bool
    reason: Reason | None
    """The rule that refuses; null where it can be booked."""
    earliest: Instant
    """The first minute that lead time allows."""
    latest: Instant
    """The last minute that may be booked yet."""
    found: Sequence[Found]
    limits: Sequence[LimitReached]
    """Limits of the service that are reached."""
    places: Sequence[int]
    """The places left in each group appointment at this start."""
    unready: Sequence[Named]
    """Who would serve it, but is switched off or has not agreed."""
    nearest: Sequence[FreeStart]
    """Free starts close by."""
