"""What is free, straight into the words of an answer: lists of starts are long and asked often."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from bookings.engine.clock import DAY, date_at, offsets
from bookings.faces.api.answering import Answer, written
from bookings.queries.availability import Offer

_CLOCKS = [f"T{minute // 60:02}:{minute % 60:02}:00" for minute in range(DAY)]


def starts_answer(found: Offer, zone: str) -> Answer:
    """Return the answer that shows what is free as `StartsShown`, on the clock of a zone."""
    minutes = found.minutes()
    told = instants(minutes, zone)
    left = found.sessions
    if left:
        places = (left.get(minute, found.capacity) for minute in minutes)
        starts = ",".join(
            f'{{"starts_at":"{each}","seats_left":{count}}}'
            for each, count in zip(told, places, strict=True)
        )
    else:
        end = f'","seats_left":{found.capacity}}}'
        starts = f'{{"starts_at":"{(end + _AND).join(told)}{end}' if told else ""
    return written(f'{{"time_zone":{json.dumps(zone)},"starts":[{starts}]}}')


def days_answer(days: Iterable[date], zone: str) -> Answer:
    """Return the answer that shows free days as `DaysShown`."""
    told = ",".join(f'"{day}"' for day in days)
    return written(f'{{"time_zone":{json.dumps(zone)},"days":[{told}]}}')


def instants(minutes: Sequence[int], zone: str) -> list[str]:
    """Return ascending minutes (UTC) in ISO 8601 on the clock of a zone, with its offset.

    >>> instants([32446080, 32446110], "Europe/Berlin")
    ['2031-09-10T01:00:00+02:00', '2031-09-10T01:30:00+02:00']
    """
    if not minutes:
        return []
    told: list[str] = []
    for start, end, ahead in offsets(zone, minutes[0], minutes[-1] + 1):
        suffix = _offset(ahead)
        here, stop = bisect_left(minutes, start), bisect_left(minutes, end)
        while here < stop:
            number = (minutes[here] + ahead) // DAY
            day, midnight = _day(number), number * DAY - ahead
            rest = bisect_left(minutes, midnight + DAY, here, stop)
            told += [f"{day}{_CLOCKS[each - midnight]}{suffix}" for each in minutes[here:rest]]
            here = rest
    return told


_AND = ',{"starts_at":"'


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return date_at(number * DAY).isoformat()


def _offset(ahead: int) -> str:
    """Return an offset as ISO 8601 has it: “Z” for none."""
    hours, minutes = divmod(abs(ahead), 60)
    return f"{'-' if ahead < 0 else '+'}{hours:02}:{minutes:02}" if ahead else "Z"
