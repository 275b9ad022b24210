"""Reads `cases.json`: situations in words and wall clocks, and what must come of them.

Kinds: `starts` and `open` ask the engine for free starts or open time, `turn` asks who serves,
`steps` are played one after the other on real rows. A case has `staff` with weekly `hours`
(weekday names or `daily`), `dated` exceptions, days `away` and what is `taken` (an `outside`
commitment, or an appointment with the `buffers` that it brought along); `others` are pools of
rooms or devices; a `service` and rules are in minutes and numbers. `24:00` is midnight.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bookings.engine.hours import (
    Availability,
    Hours,
    Segment,
    ServiceHours,
    ceil_minute,
    day_span,
    minute_of,
    wall_of,
)
from bookings.engine.intervals import Span
from bookings.engine.policy import Grid, Policy, Strategy
from bookings.engine.slots import Shape
from tests.engine.question import Calendar, Question

Case = dict[str, Any]
HERE = Path(__file__).parent
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
YEARS_AHEAD = 60 * 24 * 365 * 40  # minutes


def cases(*kinds: str) -> list[Case]:
    """Return the cases of the given kinds, in the order of the file."""
    every: list[Case] = json.loads((HERE / "cases.json").read_text())
    return [case for case in every if case["kind"] in kinds]


def title(case: Case) -> str:
    return f"{case['id']} {case['title']}"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def instants(days: dict[str, str]) -> list[datetime]:
    """Return the instants of `{"2031-07-08": "09:00 09:30"}`, in UTC."""
    return [instant(f"{day}T{clock}Z") for day, clocks in days.items() for clock in clocks.split()]


def span(item: Case) -> Span:
    """Return the whole minutes that a commitment touches, with the buffers it brought along."""
    before, after = item.get("buffers", (0, 0))
    start, end = instant(item["from"]), instant(item["to"])
    return minute_of(start) - before, (ceil_minute(end) if end > start else minute_of(end)) + after


def segment(text: str) -> Segment:
    """Return the segment of `"09:00-17:30"`."""
    opens, closes = (
        int(hour) * 60 + int(minute)
        for hour, minute in (clock.split(":") for clock in text.split("-"))
    )
    return Segment(opens, closes)


def week(hours: dict[str, list[str]]) -> tuple[tuple[Segment, ...], ...]:
    """Return the segments of the seven weekdays."""
    days: list[list[Segment]] = [[] for _ in WEEKDAYS]
    for names, texts in hours.items():
        for name in WEEKDAYS if names == "daily" else names.split():
            days[WEEKDAYS.index(name)] += map(segment, texts)
    return tuple(map(tuple, days))


def calendar(person: Case, zone: str) -> Calendar:
    """Return the hours of a person and what is already there."""
    own = person.get("zone", zone)
    dated = {
        date.fromisoformat(day): tuple(map(segment, texts))
        for day, texts in person.get("dated", {}).items()
    }
    taken = person.get("taken", ())
    busy = [span(item) for item in taken]
    busy += [day_span(day, day, own) for day in map(date.fromisoformat, person.get("away", ()))]
    booked = Counter(
        wall_of(minute_of(instant(item["from"])), zone).day
        for item in taken
        if not item.get("outside")
    )
    return Calendar(Hours(own, week(person.get("hours", {})), dated), tuple(busy), booked)


def policy(case: Case) -> Policy:
    """Return the rules of a case; what it does not say does not limit."""
    return Policy(
        interval=timedelta(minutes=case["service"].get("interval", 15)),
        minimum_lead=timedelta(minutes=case.get("lead", 0)),
        maximum_advance=timedelta(minutes=case.get("advance", YEARS_AHEAD)),
        cancellation_notice=timedelta(0),
        allow_staff_selection=True,
        notify_business=False,
        strategy=Strategy.BALANCED,
        grid=Grid(case.get("grid", "hours")),
        resource_daily_limit=case.get("daily_limit"),
    )


def service_hours(case: Case) -> ServiceHours:
    """Return when the service is offered: always, or on the dates of its `ranges` alone."""
    ranges = [
        (date.fromisoformat(first), date.fromisoformat(last), Availability("staff"))
        for first, last in case.get("ranges", ())
    ]
    general = Availability("none" if ranges else "staff")
    return ServiceHours(case.get("zone", "UTC"), general, tuple(ranges))


def question(case: Case) -> Question:
    """Return a case as a question to the engine."""
    zone, service, asked = case.get("zone", "UTC"), case["service"], case["asked"]
    rules = policy(case)
    return Question(
        lo=minute_of(instant(asked["from"])),
        hi=minute_of(instant(asked["to"])),
        now=instant(asked["now"]),
        zone=zone,
        service=service_hours(case),
        staff=tuple(calendar(person, zone) for person in case["staff"]),
        shape=Shape(
            duration=service["duration"],
            before=service.get("before", 0),
            after=service.get("after", 0),
            interval=service["interval"],
            by_clock=rules.grid == Grid.CLOCK,
        ),
        policy=rules,
        others=tuple(
            tuple(calendar(each, zone) for each in pool) for pool in case.get("others", ())
        ),
        together=case.get("together", False),
    )
