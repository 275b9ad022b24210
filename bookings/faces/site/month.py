"""A month of the calendar, as the picker shows it."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from bookings.faces import words
from bookings.faces.site.free import Free
from bookings.faces.site.wish import Wish


@dataclass(frozen=True)
class Cell:
    """A day of the month; without `url` it cannot be chosen, without `number` it is no day."""

    number: int = 0
    iso: str = ""
    label: str = ""
    url: str = ""
    is_chosen: bool = False
    is_full: bool = False
    is_today: bool = False


@dataclass(frozen=True)
class Month:
    """Weeks of seven cells, Monday first; an address is empty where there is no such month."""

    title: str
    previous_url: str
    next_url: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[Cell]]


def month_view(free: Free, wish: Wish, action: str) -> Month:
    """Return the shown month; weeks that are wholly past are left out."""
    before = free.month - timedelta(days=1)
    after = (free.month + timedelta(days=31)).replace(day=1)
    weeks = Calendar().monthdatescalendar(free.month.year, free.month.month)
    return Month(
        title=words.month(free.month),
        previous_url=_elsewhere(wish, action, before.replace(day=1))
        if before >= free.today
        else "",
        next_url=_elsewhere(wish, action, after) if after <= free.last else "",
        weekdays=[(str(WEEKDAYS_ABBR[number]), str(WEEKDAYS[number])) for number in range(7)],
        weeks=[
            [_cell(day, free, wish, action) for day in week]
            for week in weeks
            if week[-1] >= free.today
        ],
    )


def _elsewhere(wish: Wish, action: str, month: date) -> str:
    return replace(wish, month=month, day=None).address(action)


def _cell(day: date, free: Free, wish: Wish, action: str) -> Cell:
    if day.month != free.month.month:
        return Cell()
    return Cell(
        number=day.day,
        iso=day.isoformat(),
        label=words.day(day),
        url=replace(wish, day=day).address(action) if day in free.days | free.full_days else "",
        is_full=day not in free.days and day in free.full_days,
        is_chosen=day == free.day,
        is_today=day == free.today,
    )
