"""A day and a time as the clock of the business shows them, and the instant they mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.http import QueryDict

from bookings.engine.hours import at_minute, instants_of, minute_of, wall_of
from bookings.errors import Invalid, NoSuchTime, _
from bookings.faces.reading import read_clock, read_day, read_instant


def read_moment(fields: Mapping[str, str], *, zone: str) -> datetime:
    """Return the instant that the fields `day`, `time` and `fold` mean in `zone`.

    Of a time that the clock shows twice, `fold` 1 means the second and 0 the first.

    Raises:
        Invalid: day or time are none; or it comes twice and nobody said which.
        NoSuchTime: the clock skips it.
    """
    day, clock = read_day(fields.get("day", "")), read_clock(fields.get("time", ""))
    wrong: dict[str, str] = {}
    if day is None:
        wrong["day"] = _("Please give a day.")
    if clock is None:
        wrong["time"] = _("Please give a time, such as 14:30.")
    if day is None or clock is None:
        raise Invalid(wrong)
    instants = instants_of(day, clock, zone)
    if not instants:
        raise NoSuchTime()
    if len(instants) == 1:
        return at_minute(instants[0])
    if fields.get("fold", "") not in ("0", "1"):
        raise Invalid({"fold": _("The clock shows this time twice that day. Which one?")})
    return at_minute(instants[int(fields["fold"])])


def edge_of(day: date, clock: time, *, zone: str, which: int, field: str) -> datetime:
    """Return the instant at which a span typed into `field` begins (`which` 0) or ends (-1).

    Of a time that the clock shows twice, the span has both.

    Raises:
        Invalid: the clock skips it.
    """
    instants = instants_of(day, clock, zone)
    if not instants:
        raise Invalid({field: NoSuchTime.text})
    return at_minute(instants[which])


def written(at: datetime, *, zone: str) -> dict[str, str]:
    """Return the fields `day`, `time` and `fold` that mean an instant in `zone`."""
    wall = wall_of(minute_of(at), zone)
    return {
        "day": wall.day.isoformat(),
        "time": f"{wall.time:%H:%M}",
        "fold": str(wall.fold) if len(instants_of(wall.day, wall.time, zone)) > 1 else "",
    }


def with_pick(fields: QueryDict, *, zone: str) -> QueryDict:
    """Return a form's fields to change; a time that was pressed has filled in day and time."""
    found = fields.copy()
    if picked := read_instant(fields.get("start", "")):
        for name, value in written(picked, zone=zone).items():
            found[name] = value
    return found


def passes(fields: Mapping[str, str], *, zone: str) -> list[datetime]:
    """Return the instants that `day` and `time` mean; two where the clock shows them twice."""
    day, clock = read_day(fields.get("day", "")), read_clock(fields.get("time", ""))
    if day is None or clock is None:
        return []
    return [at_minute(minute) for minute in instants_of(day, clock, zone)]
