"""Hours on the clock of their owner: every week, and on days that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import groupby
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from bookings.commands.hours import MOST_DATES
from bookings.engine.weekly import Rule
from bookings.faces.api.shapes import Asked, Day, Shown, Zone
from bookings.queries.hours import Dated, Timetable

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Clock = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="A time of day, hours and minutes."),
]


class OpeningShown(Shown):
    """From when to when on the clock; an end that is not after the start is on the next day."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock


class WeekShown(Shown):
    """The hours of every week; a day with none is closed."""

    monday: Sequence[OpeningShown]
    tuesday: Sequence[OpeningShown]
    wednesday: Sequence[OpeningShown]
    thursday: Sequence[OpeningShown]
    friday: Sequence[OpeningShown]
    saturday: Sequence[OpeningShown]
    sunday: Sequence[OpeningShown]


class DayShown(Shown):
    """A day that differs from the weekly hours; with none it is closed."""

    day: Day
    hours: Sequence[OpeningShown]


class HoursShown(Shown):
    """The hours of a business, or of a person or room."""

    time_zone: Zone
    """Whose clock it is."""
    week: WeekShown | None
    """Null where a person or room keeps the hours of the business."""
    dates: Sequence[DayShown]
    """From today on, in their order."""


class OpeningAsked(Asked):
    """From when to when on the clock; an end that is not after the start is on the next day."""

    from_: Annotated[Clock, Field(alias="from")]
    to: Clock


Openings = Annotated[list[OpeningAsked], Field(max_length=24)]


class WeekAsked(Asked):
    """The hours of every week; a day that is not named is closed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"monday": [{"from": "09:00", "to": "17:00"}]}]}
    )

    monday: Openings = []
    tuesday: Openings = []
    wednesday: Openings = []
    thursday: Openings = []
    friday: Openings = []
    saturday: Openings = []
    sunday: Openings = []

    def rules(self) -> list[Rule]:
        """Return them as the commands take them."""
        return [
            (number, *_clocks(opening))
            for number, name in enumerate(DAYS)
            for opening in getattr(self, name)
        ]


class DayAsked(Asked):
    """A day that differs from the weekly hours; with none it is closed."""

    day: Day
    hours: Openings

    def dated(self) -> list[Dated]:
        """Return it as the commands take it."""
        return [Dated(self.day, *_clocks(opening)) for opening in self.hours] or [Dated(self.day)]


Days = Annotated[list[DayAsked], Field(max_length=MOST_DATES)]


class BusinessHoursAsked(Asked):
    """The hours of a business, whole."""

    week: WeekAsked
    dates: Days
    """All days from today on that differ."""


class ResourceHoursAsked(Asked):
    """The hours of a person or room, whole."""

    week: WeekAsked | None
    """Null: the hours of the business."""
    dates: Days
    """All days from today on that differ."""


NAMES = {f"week-{number}": f"week.{name}" for number, name in enumerate(DAYS)} | {"keeps": "week"}
"""How the API calls a weekday that the commands call otherwise."""


def shown_hours(hours: Timetable, *, zone: str, today: date, may_keep: bool) -> HoursShown:
    """Return hours as they are said; `may_keep`: those without a week are the business's."""
    keeps = may_keep and not hours.week
    return HoursShown(
        time_zone=zone,
        week=None if keeps else shown_week(hours.week),
        dates=[_day(day, group) for day, group in groupby(hours.since(today), lambda it: it.day)],
    )


def shown_week(rules: Iterable[Rule]) -> WeekShown:
    """Return weekly rules, which are in order, as they are said."""
    days: dict[str, list[OpeningShown]] = {name: [] for name in DAYS}
    for day, opens, closes in rules:
        days[DAYS[day]].append(_opening(opens, closes))
    return WeekShown.model_validate(days)


def _day(day: date, entries: Iterable[Dated]) -> DayShown:
    openings = [_opening(each.opens, each.closes) for each in entries if each.opens and each.closes]
    return DayShown(day=day, hours=openings)


def _clocks(opening: OpeningAsked) -> tuple[time, time]:
    return time.fromisoformat(opening.from_), time.fromisoformat(opening.to)


def _opening(opens: time, closes: time) -> OpeningShown:
    return OpeningShown.model_validate({"from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"})
