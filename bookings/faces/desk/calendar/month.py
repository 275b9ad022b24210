"""A month of the calendar: how full each day is, and what it begins with."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from bookings.engine.hours import day_span
from bookings.faces import words
from bookings.faces.desk.calendar.board import Desk, board
from bookings.faces.desk.calendar.visits import count
from bookings.queries.agenda import Absence, absences, seen_resources
from bookings.queries.months import First, Fullness, days_between

EMPTY = Fullness(0, [])


@dataclass(frozen=True)
class Item:
    """An appointment in a line."""

    clock: str
    title: str
    hue: str


@dataclass(frozen=True)
class Cell:
    """A day with so many appointments, in words and as a number; `closed`: why nobody is there."""

    number: int
    label: str
    url: str
    is_today: bool
    is_other: bool
    closed: str
    count: str
    total: int
    items: list[Item]
    more: str


def month_page(desk: Desk) -> dict[str, Any]:
    """Return what the page of a month shows. Cost: two queries."""
    first = desk.choices.day.replace(day=1)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    resource, service = desk.choices.resource, desk.choices.service
    within = seen_resources(desk.colleague, desk.roster)
    full = days_between(
        desk.roster,
        weeks[0][0],
        weeks[-1][-1],
        resource_ids=within & {resource.pk} if resource else within,
        service_id=service.pk if service else None,
    )
    lo, hi = day_span(weeks[0][0], weeks[-1][-1], desk.roster.zone)
    closures = [each for each in absences(desk.roster, within, lo, hi) if each.resource_id is None]
    number = sum(each.count for day, each in full.items() if day.month == first.month)
    after = (first + timedelta(days=31)).replace(day=1)
    return {
        "board": board(
            desk,
            "month",
            title=words.month(first),
            note=count(number),
            before=(first - timedelta(days=1)).replace(day=1),
            after=after,
        ),
        "weekdays": [str(WEEKDAYS[number]) for number in range(7)],
        "weeks": [
            [_cell(desk, day, first, full.get(day, EMPTY), closures) for day in week]
            for week in weeks
        ],
    }


def _cell(desk: Desk, day: date, first: date, full: Fullness, closures: list[Absence]) -> Cell:
    left = full.count - len(full.firsts)
    return Cell(
        number=day.day,
        label=words.day(day),
        url=desk.choices.url("day", day=day),
        is_today=day == desk.today,
        is_other=day.month != first.month,
        closed=_closed(desk, day, closures),
        count=count(full.count) if full.count else "",
        total=full.count,
        items=[_item(desk, each) for each in full.firsts],
        more=_("%(count)s more") % {"count": left} if left else "",
    )


def _closed(desk: Desk, day: date, closures: list[Absence]) -> str:
    """Say why nobody is there on a day; "" where somebody is."""
    lo, hi = day_span(day, day, desk.roster.zone)
    for each in closures:
        if each.start <= lo and hi <= each.end:
            return each.title or _("Closed")
    chosen = desk.choices.resource
    there = [chosen] if chosen else desk.roster.resources.values()
    return "" if any(each.hours.on(day) for each in there) else _("Not open")


def _item(desk: Desk, each: First) -> Item:
    service = desk.roster.services[each.service_id]
    title = service.name if each.is_group else each.names or service.name
    return Item(each.clock, title, f"hue-{service.hue}")
