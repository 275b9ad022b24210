"""VTIMEZONE as Outlook, Google and Apple read it.

Outlook knows a zone only by yearly rules: it skips the RDATEs that icalendar's own generator
writes and then shows summer appointments an hour off. So a zone that follows the same rule in
the years around an appointment is written by rule. Any other is written as the offsets that
hold during the appointment, which is all that a single event needs; a calendar of many events
tells such times in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from bookings.engine.hours import at_minute, minute_of, offsets

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FIRST_YEAR = 1970
_LONG_AGO = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks change at `at` (wall clock before the change), offsets in minutes."""

    at: datetime
    before: int
    after: int
    name: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """The `nth` (-1: last) `weekday` of `month`."""

    month: int
    weekday: int
    nth: int

    def day(self, year: int) -> date:
        if self.nth < 0:
            last = date(year + self.month // 12, self.month % 12 + 1, 1) - timedelta(days=1)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        first = date(year, self.month, 1)
        return first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1))


def vtimezone(zone: str, starts_at: datetime, ends_at: datetime) -> Timezone:
    """Return the definition of `zone` that is right from `starts_at` to `ends_at` (aware)."""
    definition = Timezone()
    definition.add("TZID", zone)
    for change, rule in _yearly(zone, starts_at, starts_at):
        _add_observance(definition, change, rule)
    if not definition.subcomponents:
        for change in _in_force(zone, starts_at, ends_at):
            _add_observance(definition, change, None)
    return definition


def lasting_vtimezone(zone: str, starts_at: datetime, ends_at: datetime) -> Timezone | None:
    """Return a definition of `zone` that is right for everything between two instants.

    None where the clocks follow neither one yearly rule nor keep one offset all that time:
    calendars read anything longer each in its own way, so such times are better told in UTC.
    """
    definition = Timezone()
    definition.add("TZID", zone)
    yearly, in_force = _yearly(zone, starts_at, ends_at), _in_force(zone, starts_at, ends_at)
    for change, rule in yearly:
        _add_observance(definition, change, rule)
    if not yearly and len(in_force) == 1:
        _add_observance(definition, in_force[0], None)
    return definition if definition.subcomponents else None


def _changes(zone: str, first: datetime, last: datetime) -> list[_Change]:
    """Return the clock changes between two instants, soonest first."""
    spans = offsets(zone, minute_of(first), minute_of(last))
    return [
        _Change(
            at=at_minute(start).replace(tzinfo=None) + timedelta(minutes=before),
            before=before,
            after=after,
            name=_name(zone, at_minute(start)),
        )
        for (_, _, before), (start, _, after) in pairwise(spans)
        if before != after
    ]


def _name(zone: str, at: datetime) -> str:
    """Return what the clocks of `zone` show at an instant, as `CEST` or `-03`."""
    return at.astimezone(ZoneInfo(zone)).tzname() or zone


def _yearly(zone: str, starts_at: datetime, ends_at: datetime) -> list[tuple[_Change, _Rule]]:
    """Return the two changes of each year with their rules.

    Nothing where one of the years from that of `starts_at` to that of `ends_at`, or a neighbour
    of these, has other ones.
    """
    first, last = (at.astimezone(ZoneInfo(zone)).year for at in (starts_at, ends_at))
    around = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + 2, 1, 1, tzinfo=UTC)
    changes = _changes(zone, *around)
    by_year = [[c for c in changes if c.at.year == year] for year in range(first - 1, last + 2)]
    if any(len(of_year) != 2 for of_year in by_year):
        return []
    found = []
    for series in zip(*by_year, strict=True):
        rule = _rule_of(series)
        if rule is None:
            return []
        found.append((series[1], rule))
    return found


def _rule_of(series: Sequence[_Change]) -> _Rule | None:
    """Return the rule by which one change returns every year, None when there is none."""
    first = series[0]
    if len({(c.at.time(), c.before, c.after) for c in series}) != 1:
        return None
    for nth in (-1, (first.at.day + 6) // 7):
        rule = _Rule(first.at.month, first.at.weekday(), nth)
        if all(rule.day(c.at.year) == c.at.date() for c in series):
            return rule
    return None


def _in_force(zone: str, starts_at: datetime, ends_at: datetime) -> list[_Change]:
    """Return the offset that holds at `starts_at`, and the changes until `ends_at`."""
    start, end = minute_of(starts_at), minute_of(ends_at)
    offset = offsets(zone, start, start + 1)[0][2]
    held = _Change(at=_LONG_AGO, before=offset, after=offset, name=_name(zone, starts_at))
    return [held, *_changes(zone, at_minute(start), at_minute(end + 1))]


def _add_observance(definition: Timezone, change: _Change, rule: _Rule | None) -> None:
    """Add one STANDARD or DAYLIGHT part; the clocks are ahead in DAYLIGHT."""
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("TZNAME", change.name)
    part.add("TZOFFSETFROM", timedelta(minutes=change.before))
    part.add("TZOFFSETTO", timedelta(minutes=change.after))
    if rule is None:
        part.add("DTSTART", change.at)
    else:
        part.add("DTSTART", datetime.combine(rule.day(_FIRST_YEAR), change.at.time()))
        weekday = f"{rule.nth}{_WEEKDAYS[rule.weekday]}"
        part.add("RRULE", vRecur(FREQ="YEARLY", BYMONTH=rule.month, BYDAY=weekday))
    definition.add_component(part)
