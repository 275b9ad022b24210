"""The sheet on which hours are filled in: rows of typed clock times, read only when it is saved.

Every row has its own fields of the same name, so rows can be added without a script too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.engine.weekly import Rule
from bookings.errors import Invalid
from bookings.faces.reading import read_clock, read_day
from bookings.models.hours import WEEKDAYS
from bookings.queries.hours import Dated, Timetable

DATES = "dates"
MOST_ROWS = 300


@dataclass(frozen=True)
class Row:
    """From when to when, as typed; `day` is the date of a day that differs."""

    opens: str = ""
    closes: str = ""
    day: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not (self.opens.strip() or self.closes.strip() or self.day.strip())

    @property
    def turns(self) -> bool:
        """Whether it ends on the next day."""
        opens, closes = read_clock(self.opens), read_clock(self.closes)
        return opens is not None and closes is not None and closes <= opens


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Day:
    """One weekday of the sheet: its number (Monday 0), name, rows, and what is wrong."""

    number: int
    name: str
    rows: Sequence[Row]
    error: str = ""


@dataclass(frozen=True)
class Sheet:
    """Hours as typed; `keeps` says that a person keeps the hours of the business."""

    keeps: bool
    week: tuple[Rows, ...]
    dates: Rows
    seen: str
    errors: dict[str, str] = field(default_factory=dict)

    def days(self) -> list[Day]:
        """Return the weekdays, Monday first."""
        return [
            Day(number, str(name), self.week[number], self.errors.get(f"week-{number}", ""))
            for number, name in WEEKDAYS
        ]

    def date_errors(self) -> list[tuple[str, str]]:
        """Return what is wrong with the days that differ: the day as written, and why."""
        named = [
            (name.removeprefix(f"{DATES}-"), sentence)
            for name, sentence in self.errors.items()
            if name.startswith(f"{DATES}-")
        ]
        return [*named, *(("", text) for name, text in self.errors.items() if name == DATES)]

    def refused(self, refusal: Invalid) -> Sheet:
        """Return the same sheet with what is wrong beside it."""
        return replace(self, errors={name: _(text) for name, text in refusal.fields.items()})

    def with_row(self, where: str) -> Sheet:
        """Return the sheet with an empty row for a weekday (its number) or one more date."""
        if where == DATES:
            return replace(self, dates=(*self.dates, Row()))
        return self._with(where, lambda rows: (*rows, Row()))

    def without_row(self, which: str) -> Sheet:
        """Return the sheet without one row, named as `3-0` or `dates-0`."""
        where, _dash, place = which.partition("-")
        if not place.isdecimal() or len(place) > 4:
            return self
        gone = int(place)

        def without(rows: Rows) -> Rows:
            return rows[:gone] + rows[gone + 1 :]

        if where == DATES:
            return replace(self, dates=without(self.dates))
        return self._with(where, without)

    def _with(self, where: str, change: Callable[[Rows], Rows]) -> Sheet:
        """Return the sheet with the rows of one weekday changed, if there is such a weekday."""
        week = tuple(
            change(rows) if str(number) == where else rows for number, rows in enumerate(self.week)
        )
        return replace(self, week=week)

    def read(self) -> tuple[list[Rule] | None, list[Dated]]:
        """Return what is meant: weekly rules (None: those of the business), and dates.

        Raises:
            Invalid: a time or a date is none; the fields are named as by `set_hours`.
        """
        wrong: dict[str, str] = {}
        week: list[Rule] = []
        for number, rows in enumerate(self.week):
            for row in rows:
                if self.keeps or row.is_blank:
                    continue
                opens, closes = read_clock(row.opens), read_clock(row.closes)
                if opens is None or closes is None:
                    wrong[f"week-{number}"] = _("Please give both times, such as 09:00 and 17:30.")
                else:
                    week.append((number, opens, closes))
        dates = [self._dated(row, wrong) for row in self.dates if not row.is_blank]
        if wrong:
            raise Invalid(wrong)
        return None if self.keeps else week, [each for each in dates if each is not None]

    @staticmethod
    def _dated(row: Row, wrong: dict[str, str]) -> Dated | None:
        day = read_day(row.day)
        if day is None:
            wrong[DATES] = _("Please give the date of every row.")
            return None
        opens, closes = read_clock(row.opens), read_clock(row.closes)
        if (opens is None or closes is None) and (row.opens.strip() or row.closes.strip()):
            wrong[f"{DATES}-{day}"] = _("Please give both times, or none for a closed day.")
            return None
        return Dated(day, opens, closes)


def shown(own: Timetable, shared: Timetable | None, *, since: date) -> Sheet:
    """Return the sheet of hours on record.

    `shared` are the hours of the business for a person or room; whoever keeps them sees them,
    to begin with, when they write their own.
    """
    keeps = shared is not None and not own.week
    week = shared.week if keeps and shared else own.week
    return Sheet(
        keeps=keeps,
        week=tuple(
            tuple(
                Row(_typed(opens), _typed(closes)) for day, opens, closes in week if day == number
            )
            for number in range(7)
        ),
        dates=tuple(
            Row(_typed(each.opens), _typed(each.closes), each.day.isoformat())
            for each in own.since(since)
        ),
        seen=own.stamp,
    )


def typed(fields: QueryDict, *, may_keep: bool) -> Sheet:
    """Return the sheet as it was sent."""

    def rows(name: str) -> Rows:
        opens, closes = fields.getlist(f"opens-{name}"), fields.getlist(f"closes-{name}")
        days = fields.getlist("day") if name == DATES else [""] * len(opens)
        pairs = zip(opens, closes, days, strict=False)
        return tuple(Row(one[:20], two[:20], day[:20]) for one, two, day in pairs)[:MOST_ROWS]

    return Sheet(
        keeps=may_keep and bool(fields.get("keeps")),
        week=tuple(rows(str(number)) for number in range(7)),
        dates=rows(DATES),
        seen=fields.get("seen", "")[:64],
    )


def _typed(at: time | None) -> str:
    return "" if at is None else f"{at:%H:%M}"
