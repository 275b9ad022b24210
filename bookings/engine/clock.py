"""Wall clocks: the only module that knows time zones and their changes.

Instants are whole minutes since 1970-01-01 UTC. A *wall minute* is what the clock on the wall
shows, counted as if it were UTC, so that an instant's wall minute is the instant plus the
offset of its zone: a change of the clocks skips wall minutes or shows them twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from bookings.engine.intervals import Span

DAY = 1440
"""Minutes of a day on the wall clock."""
YEARS = range(1971, 9000)
"""Years that mean something; those at the ends leave no room for a zone's offset."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)
_LATEST = (date(9990, 1, 1).toordinal() - _EPOCH_DAY) * DAY
_YEAR_BITS = 19  # offsets are looked up in blocks of 2**19 minutes: 364 days
_PROBE = 4 * DAY  # no zone has ever kept an offset for less than six days
_WIDEST = 26 * 60  # no offset lies further from UTC than this many minutes


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


def ahead_at(zone: str, minute: int) -> int:
    """Return how many minutes the clock in `zone` is ahead of UTC at a minute."""
    return next((ahead for _, _, ahead in offsets(zone, minute, minute + 1)), 0)


def midnight(day: date) -> int:
    """Return the wall minute at which `day` begins."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def wall_spans(start: int, end: int, zone: str) -> list[Span]:
    """Return what the clock in `zone` shows from one UTC minute to another: wall minutes.

    In the order of time; a change of the clocks divides them, and a repeated hour is there twice.

    >>> start = minute_of(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    >>> [(a % DAY, b % DAY) for a, b in wall_spans(start, start + 60, "Europe/Berlin")]
    [(150, 180), (120, 150)]
    """
    return [(since + ahead, until + ahead) for since, until, ahead in offsets(zone, start, end)]


def date_at(wall: int) -> date:
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
    wall = midnight(day) + clock.hour * 60 + clock.minute
    return tuple(
        wall - ahead
        for start, end, ahead in offsets(zone, wall - _WIDEST, wall + _WIDEST)
        if start <= wall - ahead < end
    )


@lru_cache(maxsize=4096)
def day_span(first: date, last: date, zone: str) -> Span:
    """Return the UTC minutes from the beginning of `first` to the end of `last` in `zone`.

    The span is empty when `last` lies before `first`, or when the zone skipped those days.

    >>> start, end = day_span(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin")
    >>> (end - start) // 60
    23
    """
    opens, closes = midnight(first), midnight(last) + DAY
    spans = offsets(zone, opens - 2 * _WIDEST, max(opens, closes) + 2 * _WIDEST)
    start = min((max(a, opens - ahead) for a, b, ahead in spans if opens - ahead < b), default=0)
    end = max((min(b, closes - ahead) for a, b, ahead in spans if closes - ahead > a), default=0)
    return start, max(start, end)
