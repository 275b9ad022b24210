"""Opening hours: from rules in wall-clock time to windows in UTC minutes.

An instant is open when its wall minute lies in a segment: an hour that the clock skips
vanishes, an hour that it repeats is open twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bookings.engine.clock import (
    DAY,
    Wall,
    ahead_at,
    at_minute,
    ceil_minute,
    date_at,
    day_span,
    instants_of,
    is_zone,
    midnight,
    minute_of,
    offsets,
    wall_of,
    wall_spans,
)
from bookings.engine.intervals import Span, union

__all__ = [
    "DAY",
    "Availability",
    "Hours",
    "Segment",
    "ServiceHours",
    "Wall",
    "Week",
    "Window",
    "at_minute",
    "ceil_minute",
    "date_at",
    "day_span",
    "instants_of",
    "is_zone",
    "meet",
    "midnight",
    "minute_of",
    "offsets",
    "service_windows",
    "wall_of",
    "wall_spans",
    "windows",
]

_CLOCKS_APART = 2 * DAY  # more than any two clocks on earth differ by


@dataclass(frozen=True, slots=True)
class Segment:
    """Opening hours of one day in wall minutes after local midnight.

    `closes` may lie past midnight: the night belongs to the day that it opens on.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY or not self.opens < self.closes <= self.opens + DAY:
            raise ValueError(f"impossible segment: {self.opens} to {self.closes}")


Week = tuple[tuple[Segment, ...], ...]
"""The segments of each weekday, Monday first; seven entries."""


@dataclass(frozen=True)
class Hours:
    """Weekly opening hours in a zone; a dated exception replaces its whole day."""

    zone: str
    week: Week
    exceptions: Mapping[date, tuple[Segment, ...]]

    def on(self, day: date) -> tuple[Segment, ...]:
        """Return the segments that open on `day`; none when it is closed."""
        exception = self.exceptions.get(day)
        return self.week[day.weekday()] if exception is None else exception


@dataclass(frozen=True)
class Availability:
    """When a service can be booked: with its staff, never, or in weekly hours of its own."""

    kind: Literal["staff", "none", "weekly"]
    week: Week = ()


@dataclass(frozen=True)
class ServiceHours:
    """General availability and dated ranges (first day, last day, availability).

    The first range that covers a day wins, so list the latest created first.
    """

    zone: str
    general: Availability
    ranges: tuple[tuple[date, date, Availability], ...]

    def on(self, day: date) -> Availability:
        """Return the availability that holds on `day`."""
        for first, last, availability in self.ranges:
            if first <= day <= last:
                return availability
        return self.general


@dataclass(frozen=True, slots=True)
class Window:
    """An open interval `[start, end)` in UTC minutes and the wall minute its grid starts at."""

    start: int
    end: int
    anchor: int
    zone: str


_Piece = tuple[int, int, int]
"""A stretch of the wall clock that is open, and its anchor: wall minutes."""


def _laid_out(openings: Iterable[Span]) -> list[_Piece]:
    """Make openings in wall minutes disjoint, without joining those that touch.

    Where two overlap, the one that opened first holds: the other begins when that one ends,
    on the grid of its own opening.
    """
    pieces: list[_Piece] = []
    for opens, closes in sorted(openings):
        start = max(opens, pieces[-1][1]) if pieces else opens
        if start < closes:
            pieces.append((start, closes, opens))
    return pieces


def _placed(pieces: Sequence[_Piece], zone: str, lo: int, hi: int) -> list[Window]:
    """Turn stretches of the wall clock into windows of UTC minutes within `[lo, hi)`."""
    placed: list[Window] = []
    for since, until, ahead in offsets(zone, lo, hi):
        for opens, closes, anchor in pieces:
            start, end = max(opens - ahead, since), min(closes - ahead, until)
            if end <= start:
                continue
            if placed and placed[-1].end == start and placed[-1].anchor == anchor:
                start = placed.pop().start
            placed.append(Window(start, end, anchor, zone))
    return placed


def _days_shown(zone: str, lo: int, hi: int, *, before: int) -> range:
    """Return the midnights (wall minutes) of the days shown in `[lo, hi)` and `before` earlier."""
    spans = offsets(zone, lo, hi)
    if not spans:
        return range(0)
    first = min(start + ahead for start, _, ahead in spans) // DAY - before
    last = max(end + ahead for _, end, ahead in spans) // DAY
    return range(first * DAY, (last + 1) * DAY, DAY)


def windows(hours: Hours, lo: int, hi: int) -> list[Window]:
    """Return when `hours` are open within `[lo, hi)`: windows in UTC minutes, sorted, disjoint.

    Each segment makes a window of its own, also where two touch, and a repeated hour may show
    the same segment in two windows with the same anchor.

    >>> nights = Hours("Europe/Berlin", ((Segment(23 * 60, 25 * 60),),) * 7, {})
    >>> lo, hi = day_span(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")
    >>> [(w.start - lo, w.end - lo) for w in windows(nights, lo, hi)]
    [(0, 60), (1320, 1380)]
    """
    openings = (
        (day_start + segment.opens, day_start + segment.closes)
        for day_start in _days_shown(hours.zone, lo, hi, before=1)
        for segment in hours.on(date_at(day_start))
    )
    return _placed(_laid_out(openings), hours.zone, lo, hi)


def service_windows(hours: ServiceHours, lo: int, hi: int) -> list[Window]:
    """Return when a service may take place within `[lo, hi)`, whoever serves it.

    Consecutive days that follow the staff make one long window, anchored days before `lo`, so
    that it neither cuts nor anchors the window of a resource.
    """
    whole: list[Span] = []
    own: list[Span] = []
    for day_start in _days_shown(hours.zone, lo, hi, before=3):
        day = date_at(day_start)
        availability = hours.on(day)
        if availability.kind == "staff":
            whole.append((day_start, day_start + DAY))
        elif availability.kind == "weekly":
            own += (
                (day_start + segment.opens, day_start + segment.closes)
                for segment in availability.week[day.weekday()]
            )
    return _placed(_laid_out([*union(whole), *own]), hours.zone, lo, hi)


def _opens_later(a: Window, b: Window, at: int) -> bool:
    """Say whether the grid of `a` starts later than that of `b`; both are open at `at`.

    Judged by the anchors alone, so that the answer is the same wherever windows are clipped.
    """
    days_apart = abs(a.anchor - b.anchor) >= _CLOCKS_APART
    if days_apart or a.zone == b.zone:
        return a.anchor > b.anchor
    return _opened(a, at) > _opened(b, at)


def _opened(window: Window, at: int) -> int:
    """Return the UTC minute at which the grid of a window starts that is open at `at`."""
    near = window.anchor - ahead_at(window.zone, at)
    return window.anchor - ahead_at(window.zone, near)


def meet(a: Sequence[Window], b: Sequence[Window]) -> list[Window]:
    """Return when both are open; each piece keeps the grid of the window that opens later.

    >>> day, noon = Window(540, 1080, 540, "UTC"), Window(720, 1320, 720, "UTC")
    >>> meet([day], [noon])
    [Window(start=720, end=1080, anchor=720, zone='UTC')]
    """
    both: list[Window] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            grid = b[j] if _opens_later(b[j], a[i], start) else a[i]
            both.append(Window(start, end, grid.anchor, grid.zone))
        if a[i].end <= b[j].end:
            i += 1
        else:
            j += 1
    return both
