"""Random questions around the days on which clocks change, most of them with an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from bookings.engine.hours import (
    Availability,
    Hours,
    Segment,
    ServiceHours,
    Week,
    at_minute,
    minute_of,
)
from bookings.engine.intervals import Span
from bookings.engine.policy import Grid, Policy, Strategy
from bookings.engine.slots import Shape
from tests.engine.question import Calendar, Question

CHANGES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Kolkata": [date(2026, 3, 29)],
    "UTC": [date(2026, 3, 29)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "Pacific/Apia": [date(2011, 12, 30), date(2012, 4, 1)],
}
LENGTHS = [5, 10, 15, 20, 25, 30, 45, 50, 60, 90, 120, 180]
BUFFERS = [0, 0, 5, 10, 30]


def stream(chance: Random, zone: str) -> Iterator[Question]:
    """Yield questions about one to two days around a change of the clocks in `zone`."""
    while True:
        around = chance.choice(CHANGES[zone])
        noon = minute_of(datetime(around.year, around.month, around.day, 12, tzinfo=UTC))
        lo = noon - chance.randrange(1800)
        hi = lo + chance.choice([0, 60, 720, 900, 1200, 1440, 1500, 1800, 2000])
        near = (zone, around, lo, hi)
        yield Question(
            lo=lo,
            hi=hi,
            now=at_minute(lo) + timedelta(seconds=chance.randint(-90_000, 9_000)),
            zone=zone,
            service=_service(chance, zone, around),
            staff=tuple(_calendar(chance, *near) for _ in range(chance.choice([1, 2]))),
            shape=_shape(chance),
            policy=_policy(chance),
            others=tuple(
                tuple(_calendar(chance, *near) for _ in range(chance.choice([1, 2])))
                for _ in range(chance.choice([0, 0, 1, 2]))
            ),
            together=chance.random() < 0.3,
            sessions=((lo + chance.randrange(1440), chance.randint(1, 4)),)
            if chance.random() < 0.3
            else (),
            seats=chance.randint(1, 3),
        )


def _shape(chance: Random) -> Shape:
    return Shape(
        duration=chance.choice(LENGTHS),
        before=chance.choice(BUFFERS),
        after=chance.choice(BUFFERS),
        interval=chance.choice(LENGTHS),
        by_clock=chance.random() < 0.4,
    )


def _segments(chance: Random) -> tuple[Segment, ...]:
    """Return up to three openings, long and short, past midnight, touching, overlapping."""
    opened = []
    for _ in range(chance.choice([0, 1, 1, 1, 1, 1, 2, 3])):
        opens = 5 * chance.randrange(288)
        length = chance.choice([7, 90, 240, 300, 480, 600, 720, 960, 1440])
        opened.append(Segment(opens, opens + length))
    return tuple(opened)


def _week(chance: Random) -> Week:
    return tuple(_segments(chance) for _ in range(7))


def _hours(chance: Random, zone: str, around: date) -> Hours:
    dated = [around + timedelta(days=chance.randint(-1, 1))] if chance.random() < 0.3 else []
    return Hours(zone, _week(chance), {day: _segments(chance) for day in dated})


def _availability(chance: Random) -> Availability:
    kind = chance.choice(["staff", "staff", "staff", "weekly", "weekly", "none"])
    if kind == "weekly":
        return Availability("weekly", _week(chance))
    return Availability("staff" if kind == "staff" else "none")


def _service(chance: Random, zone: str, around: date) -> ServiceHours:
    general = _availability(chance) if chance.random() < 0.3 else Availability("staff")
    ranges = []
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        first, last = (around + timedelta(days=chance.randint(-2, 2)) for _ in range(2))
        ranges.append((first, last, _availability(chance)))
    return ServiceHours(zone, general, tuple(ranges))


def _calendar(chance: Random, zone: str, around: date, lo: int, hi: int) -> Calendar:
    zone = chance.choice([zone] * 5 + ["Asia/Kolkata", "America/New_York"])
    busy: list[Span] = []
    for _ in range(chance.randrange(4)):
        start = chance.randint(lo - 120, hi + 120)
        busy.append((start, start + chance.choice([0, 1, 15, 40, 60, 300])))
    days = [around + timedelta(days=shift) for shift in (0, 1)]
    booked = {day: chance.randint(1, 3) for day in days if chance.random() < 0.5}
    return Calendar(_hours(chance, zone, around), tuple(busy), booked)


def _policy(chance: Random) -> Policy:
    return Policy(
        interval=timedelta(minutes=15),
        minimum_lead=timedelta(minutes=chance.choice([0, 0, 0, 1, 90, 600])),
        maximum_advance=timedelta(minutes=chance.choice([60, 1500] + [9000] * 6)),
        cancellation_notice=timedelta(0),
        allow_staff_selection=True,
        notify_business=False,
        strategy=Strategy.BALANCED,
        grid=Grid.HOURS,
        resource_daily_limit=chance.choice([None, None, None, 3, 2]),
    )
