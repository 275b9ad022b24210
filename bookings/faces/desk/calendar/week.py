"""A week of the calendar: the days of one person or room, or everybody's in short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bookings.engine.hours import day_span
from bookings.faces import words
from bookings.faces.desk.calendar.board import Desk, around, board
from bookings.faces.desk.calendar.day import filtered, heading, pen, shown_resources
from bookings.faces.desk.calendar.grid import Head, blocks, note, sheet
from bookings.faces.desk.calendar.markup import Block
from bookings.faces.desk.calendar.visits import count
from bookings.queries.agenda import Agenda
from bookings.queries.columns import Column, column
from bookings.queries.roster import RosterResource

SHOWN = 4
"""So many appointments of a day are named where everybody is shown."""


@dataclass(frozen=True)
class Cell:
    """A day of somebody in short; `more` says how many are not named, on the page at `url`."""

    note: str
    is_open: bool
    is_today: bool
    blocks: list[Block]
    more: str
    url: str


@dataclass(frozen=True)
class Row:
    """A person or room with the days of the week."""

    head: Head
    cells: list[Cell]


def week_page(desk: Desk) -> dict[str, Any]:
    """Return what the page of a week shows. Cost: three queries."""
    day = desk.choices.day
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    seen = filtered(desk, *day_span(days[0], days[-1], desk.roster.zone))
    before, after = around(day, 7)
    span = {"first": words.short_day(days[0]), "last": words.short_day(days[-1])}
    shown: dict[str, Any] = {
        "board": board(
            desk,
            "week",
            title=_("%(first)s – %(last)s") % span,
            note=count(len(seen.visits)),
            before=before,
            after=after,
        ),
    }
    if desk.choices.resource:
        return shown | {"sheet": _sheet(desk, seen, desk.choices.resource, days)}
    heads = [
        Head(
            words.short_day(each), url=desk.choices.url("day", day=each), is_now=each == desk.today
        )
        for each in days
    ]
    colours = desk.choices.colours
    return shown | {"days": heads, "rows": _rows(desk, seen, days), "colours": colours}


def _sheet(desk: Desk, seen: Agenda, resource: RosterResource, days: list[date]) -> Any:
    return sheet(
        pen(desk),
        [
            (
                Head(
                    name=words.short_day(day),
                    url=desk.choices.url("day", day=day),
                    new_url=desk.new_url(day, resource),
                    is_now=day == desk.today,
                ),
                column(desk.roster, seen, resource, day),
            )
            for day in days
        ],
    )


def _rows(desk: Desk, seen: Agenda, days: list[date]) -> list[Row]:
    of_day = [seen.within(*day_span(day, day, desk.roster.zone)) for day in days]
    return [
        Row(
            heading(desk, resource),
            [
                _cell(desk, number, column(desk.roster, agenda, resource, day))
                for number, (day, agenda) in enumerate(zip(days, of_day, strict=True))
            ],
        )
        for resource in shown_resources(desk, seen)
    ]


def _cell(desk: Desk, number: int, of: Column) -> Cell:
    drawn = blocks(pen(desk), of, f"w{number}-{of.resource.pk}")
    left = len(drawn) - SHOWN
    return Cell(
        note=note(of),
        is_open=bool(of.open),
        is_today=of.day == desk.today,
        blocks=drawn if left <= 1 else drawn[:SHOWN],
        more=_("%(count)s more") % {"count": left} if left > 1 else "",
        url=desk.choices.url("day", day=of.day, resource=of.resource),
    )
