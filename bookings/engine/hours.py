"""Wall clocks and opening hours: the only module that knows time zones and their changes.

Instants are whole minutes since 1970-01-01 UTC. A *wall minute* is what the clock on the wall
shows, counted as if it were UTC, so that an instant's wall minute is the instant plus the
offset of its zone. An instant is open when its wall minute lies in a segment: an hour that the
clock skips vanishes, an hour that it repeats is open twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from bookings.engine.intervals import Span, union

DAY = 1440
"""Minutes of a day on the wall clock."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)
_LATEST = (date(9990, 1, 1).toordinal() - _EPOCH_DAY) * DAY
_YEAR_BITS = 19  # offsets are looked up in blocks of 2**19 minutes: 364 days
_PROBE = 4 * DAY  # no zone has ever kept an offset for less than six days
_WIDEST = 26 * 60  # no offset lies further from UTC than this many minutes


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


def minute_of(at: datetime) -> int:
    """Return the UTC minute that the aware instant `at` lies in."""
    return (at - _EPOCH) // _MINUTE


def ceil_minute(at: datetime) -> int:
    """Return the first UTC minute that does not lie before the aware instant `at`."""
    return -((_EPOCH - at) // _MINUTE)


def at_minute(minute: int) -> datetime:
    """Return the aware UTC datetime of a UTC minute."""
    return _EPOCH + timedelta(minutes=minute)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


def is_zone(name: str) -> bool:
    """Say whether `name` is an IANA time zone."""
    return name in _zones()


def _offset(zone: ZoneInfo, minute: int) -> int:
    """Return the minutes that the zone's clock is ahead of UTC, rounded down."""
    ahead = at_minute(minute).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead // _MINUTE


@lru_cache(maxsize=2048)
def _block(name: str, number: int) -> tuple[tuple[int, int, int], ...]:
    """Return the offset spans of one block of time; probes every four days, then bisects."""
    zone = ZoneInfo(name)
    start, end = number << _YEAR_BITS, (number + 1) << _YEAR_BITS
    spans = []
    since, offset = start, _offset(zone, start)
    for probe in (*range(start + _PROBE, end, _PROBE), end):
        later = _offset(zone, probe)
        if later == offset:
            continue
        before, after = max(since, probe - _PROBE), probe
        while after - before > 1:
            middle = (before + after) // 2
            if _offset(zone, middle) == offset:
                before = middle
            else:
                after = middle
        if after < end:
            spans.append((since, after, offset))
            since, offset = after, later
    return (*spans, (since, end, offset))


def offsets(zone: str, lo: int, hi: int) -> list[tuple[int, int, int]]:
    """Return `(start, end, minutes ahead of UTC)` of each stretch of `[lo, hi)` with one offset.

    >>> [(str(at_minute(start)), ahead) for start, _, ahead in offsets(
    ...     "Europe/Berlin", minute_of(datetime(2026, 3, 1, tzinfo=UTC)),
    ...     minute_of(datetime(2026, 4, 1, tzinfo=UTC)))]
    [('2026-03-01 00:00:00+00:00', 60), ('2026-03-29 01:00:00+00:00', 120)]
    """
    lo, hi = max(lo, 0), min(hi, _LATEST)
    if hi <= lo:
        return []
    spans: list[tuple[int, int, int]] = []
    for number in range(lo >> _YEAR_BITS, (hi - 1 >> _YEAR_BITS) + 1):
        for start, end, ahead in _block(zone, number):
            if end <= lo or start >= hi:
                continue
            if spans and spans[-1][2] == ahead:
                start = spans.pop()[0]
            spans.append((max(start, lo), min(end, hi), ahead))
    return spans


def _ahead(zone: str, minute: int) -> int:
    """Return how many minutes the clock in `zone` is ahead of UTC at a minute."""
    return next((ahead for _, _, ahead in offsets(zone, minute, minute + 1)), 0)


def _midnight(day: date) -> int:
    """Return the wall minute at which `day` begins."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def _day(wall: int) -> date:
    """Return the date of a wall minute."""
    return date.fromordinal(wall // DAY + _EPOCH_DAY)


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall-clock time in some zone; `fold` is 1 for the second pass of a repeated hour."""

    day: date
    time: time
    fold: int


def wall_of(minute: int, zone: str) -> Wall:
    """Return what the clock in `zone` shows at a UTC minute."""
    local = at_minute(minute).astimezone(ZoneInfo(zone)).replace(second=0)
    return Wall(day=local.date(), time=local.time().replace(fold=0), fold=local.fold)


def instants_of(day: date, clock: time, zone: str) -> tuple[int, ...]:
    """Return the UTC minutes at which the clock in `zone` shows `clock` on `day`, ascending.

    Nothing when the clock skips that time, two minutes when it shows it twice.

    >>> [len(instants_of(date(2026, 3, 29), time(hour, 30), "Europe/Berlin")) for hour in (1, 2)]
    [1, 0]
    >>> [str(at_minute(m)) for m in instants_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin")]
    ['2026-10-25 00:30:00+00:00', '2026-10-25 01:30:00+00:00']
    """
    wall = _midnight(day) + clock.hour * 60 + clock.minute
    return tuple(
        wall - ahead
        for start, end, ahead in offsets(zone, wall - _WIDEST, wall + _WIDEST)
        if start <= wall - ahead < end
    )


def day_span(first: date, last: date, zone: str) -> Span:
    """Return the UTC minutes from the beginning of `first` to the end of `last` in `zone`.

    The span is empty when `last` lies before `first`, or when the zone skipped those days.

    >>> start, end = day_span(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")
    >>> (end - start) // 60
    23
    """
    opens, closes = _midnight(first), _midnight(last) + DAY
    spans = offsets(zone, opens - 2 * _WIDEST, max(opens, closes) + 2 * _WIDEST)
    start = min((max(a, opens - ahead) for a, b, ahead in spans if opens - ahead < b), default=0)
    end = max((min(b, closes - ahead) for a, b, ahead in spans if closes - ahead > a), default=0)
    return start, max(start, end)


def _laid_out(openings: Iterable[Span]) -> list[Span]:
    """Make openings in wall minutes disjoint, without joining those that touch.

    Where two overlap, the one that opened first holds: the other begins when that one ends.
    """
    pieces: list[Span] = []
    for opens, closes in sorted(openings):
        start = max(opens, pieces[-1][1]) if pieces else opens
        if start < closes:
            pieces.append((start, closes))
    return pieces


def _placed(pieces: Sequence[Span], zone: str, lo: int, hi: int) -> list[Window]:
    """Turn stretches of the wall clock into windows of UTC minutes within `[lo, hi)`."""
    windows: list[Window] = []
    for since, until, ahead in offsets(zone, lo, hi):
        for opens, closes in pieces:
            start, end = max(opens - ahead, since), min(closes - ahead, until)
            if end <= start:
                continue
            if windows and windows[-1].end == start and windows[-1].anchor == opens:
                start = windows.pop().start
            windows.append(Window(start, end, opens, zone))
    return windows


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
        (midnight + segment.opens, midnight + segment.closes)
        for midnight in _days_shown(hours.zone, lo, hi, before=1)
        for segment in hours.on(_day(midnight))
    )
    return _placed(_laid_out(openings), hours.zone, lo, hi)


def service_windows(hours: ServiceHours, lo: int, hi: int) -> list[Window]:
    """Return when a service may take place within `[lo, hi)`, whoever serves it.

    Consecutive days that follow the staff make one long window, anchored days before `lo`, so
    that it neither cuts nor anchors the window of a resource.
    """
    whole: list[Span] = []
    own: list[Span] = []
    for midnight in _days_shown(hours.zone, lo, hi, before=3):
        day = _day(midnight)
        availability = hours.on(day)
        if availability.kind == "staff":
            whole.append((midnight, midnight + DAY))
        elif availability.kind == "weekly":
            own += (
                (midnight + segment.opens, midnight + segment.closes)
                for segment in availability.week[day.weekday()]
            )
    return _placed(_laid_out([*union(whole), *own]), hours.zone, lo, hi)


def _opens_later(a: Window, b: Window, at: int) -> bool:
    """Say whether the grid of `a` starts later than that of `b`, as clocks stand at `at`."""
    if a.zone == b.zone:
        return a.anchor > b.anchor
    return a.anchor - _ahead(a.zone, at) > b.anchor - _ahead(b.zone, at)


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
