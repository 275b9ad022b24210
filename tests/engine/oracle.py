"""Free starts by looking at the clock on the wall, minute by minute.

Nothing here is shared with the engine but the values of the question: local times come
straight from `zoneinfo`, and every rule is asked for every minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, reduce
from zoneinfo import ZoneInfo

from bookings.engine.hours import Hours, Segment, ServiceHours
from tests.engine.question import Calendar, Question

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Opening = tuple[datetime, datetime]  # on the wall clock, without a zone


@cache
def wall(minute: int, zone: str) -> datetime:
    """Return what the clock in `zone` shows at a UTC minute, without a zone."""
    return (EPOCH + minute * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _days(question: Question, zone: str) -> Iterator[date]:
    """Yield the local days that may matter, the ones before the window too."""
    day = wall(question.lo, zone).date() - timedelta(days=4)
    while day <= wall(question.hi + question.shape.duration, zone).date() + timedelta(days=1):
        yield day
        day += timedelta(days=1)


def _on(day: date, segments: Iterable[Segment]) -> list[Opening]:
    midnight = datetime.combine(day, time())
    return [(midnight + s.opens * MINUTE, midnight + s.closes * MINUTE) for s in segments]


def _of_hours(hours: Hours, question: Question) -> list[Opening]:
    openings: list[Opening] = []
    for day in _days(question, hours.zone):
        openings += _on(day, hours.exceptions.get(day, hours.week[day.weekday()]))
    return sorted(openings)


def _of_service(service: ServiceHours, question: Question) -> list[Opening]:
    openings: list[Opening] = []
    followed: list[Opening] = []
    for day in _days(question, service.zone):
        available = next(
            (a for first, last, a in service.ranges if first <= day <= last), service.general
        )
        if available.kind == "staff":
            whole = _on(day, [Segment(0, 1440)])[0]
            if followed and followed[-1][1] == whole[0]:
                whole = (followed.pop()[0], whole[1])
            followed.append(whole)
        elif available.kind == "weekly":
            openings += _on(day, available.week[day.weekday()])
    return sorted(openings + followed)


class _Door:
    """Asks, minute after minute, whether several calendars are open and where the grid starts."""

    def __init__(self, clocks: list[tuple[str, list[Opening]]]) -> None:
        self.clocks = clocks
        self.seen: list[Opening] = []
        self.grid: tuple[str, datetime] | None = None

    def opening(self, minute: int) -> tuple[str, datetime] | None:
        """Return the zone and wall time of the opening that lets in at `minute`."""
        held = []
        for zone, openings in self.clocks:
            shown = wall(minute, zone)
            opening = next((o for o in openings if o[0] <= shown < o[1]), None)
            if opening is None:
                self.seen = []
                return None
            held.append(opening)
        if held != self.seen:
            self.seen = held
            self.grid = self._latest(minute)
        return self.grid

    def _latest(self, minute: int) -> tuple[str, datetime]:
        """Return the opening that came last; of two at the same time the one named first."""
        held = zip(self.clocks, self.seen, strict=True)
        return reduce(
            lambda a, b: b if _came_later(b, a, minute) else a,
            [(zone, opens) for (zone, _), (opens, _) in held],
        )


def _came_later(a: tuple[str, datetime], b: tuple[str, datetime], minute: int) -> bool:
    """Compare two openings that let in at `minute`: by the wall where they share one."""
    if a[0] == b[0]:
        return a[1] > b[1]
    return _instant(*a, minute) > _instant(*b, minute)


def _instant(zone: str, opens: datetime, minute: int) -> int:
    """Return the UTC minute of an opening that still lets in at `minute`."""
    shown = (opens - EPOCH.replace(tzinfo=None)) // MINUTE
    return shown - _ahead(shown - _ahead(minute, zone), zone)


def _ahead(minute: int, zone: str) -> int:
    """Return the minutes that the clock in `zone` is ahead of UTC."""
    return (wall(minute, zone) - EPOCH.replace(tzinfo=None)) // MINUTE - minute


def _is_on_grid(minute: int, opening: tuple[str, datetime], question: Question) -> bool:
    zone, opens = opening
    shown = wall(minute, zone)
    since = datetime.combine(shown.date(), time()) if question.shape.by_clock else opens
    return (shown - since) // MINUTE % question.shape.interval == 0


class _Diary:
    """The minutes at which somebody is open, on the grid, busy or full."""

    def __init__(self, calendar: Calendar, doors: list[Hours], question: Question) -> None:
        self.calendar, self.question = calendar, question
        service = question.service
        clocks = [(service.zone, _of_service(service, question))]
        clocks += [(hours.zone, _of_hours(hours, question)) for hours in doors]
        door = _Door(clocks)
        self.open: set[int] = set()
        self.grid: set[int] = set()
        for minute in range(question.lo, question.hi + question.shape.duration):
            opening = door.opening(minute)
            if opening is not None:
                self.open.add(minute)
                if _is_on_grid(minute, opening, question):
                    self.grid.add(minute)
        self.busy = {m for start, end in calendar.busy for m in range(start, end)}

    def is_free(self, start: int) -> bool:
        shape, question = self.question.shape, self.question
        end = start + shape.duration
        return (
            all(minute in self.open for minute in range(start, end))
            and not any(m in self.busy for m in range(start - shape.before, end + shape.after))
            and not self.calendar.is_full(wall(start, question.zone).date(), question.policy)
        )

    def offers(self, start: int) -> bool:
        return start in self.grid and self.is_free(start)


def starts(question: Question) -> list[int]:
    """Return the offered starts of `question`, ascending UTC minutes."""
    everyone = [calendar.hours for calendar in question.staff]
    staff = [
        _Diary(calendar, everyone if question.together else [calendar.hours], question)
        for calendar in question.staff
    ]
    others = [[_Diary(each, [each.hours], question) for each in pool] for pool in question.others]
    enough = all if question.together else any
    offered = []
    for minute in range(question.lo, question.hi):
        at = EPOCH + minute * MINUTE
        if not (
            question.now + question.policy.minimum_lead
            <= at
            <= question.now + question.policy.maximum_advance
        ):
            continue
        session = any(
            start == minute and left >= question.seats for start, left in question.sessions
        )
        new = enough(diary.offers(minute) for diary in staff) and all(
            any(diary.is_free(minute) for diary in pool) for pool in others
        )
        if session or new:
            offered.append(minute)
    return offered
