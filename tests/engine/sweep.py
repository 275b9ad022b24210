"""Free starts by intervals and plain loops: slower than the bitmaps, and easier to believe."""

from __future__ import annotations

from functools import reduce

from bookings.engine.hours import (
    Window,
    at_minute,
    meet,
    offsets,
    service_windows,
    wall_of,
    windows,
)
from bookings.engine.intervals import Span, subtract, union
from tests.engine.question import Calendar, Question


def starts(question: Question) -> list[int]:
    """Return the offered starts of `question`, ascending UTC minutes."""
    own = [_windows(calendar, question) for calendar in question.staff]
    if question.together:
        shared = reduce(meet, own)
        offered = set.intersection(
            *(_starts(shared, calendar, question) for calendar in question.staff)
        )
    else:
        offered = set.union(
            *(
                _starts(w, calendar, question)
                for w, calendar in zip(own, question.staff, strict=True)
            )
        )
    for pool in question.others:
        offered = {
            start
            for start in offered
            if any(_is_free(each, _windows(each, question), start, question) for each in pool)
        }
    offered |= {start for start, left in question.sessions if left >= question.seats}
    return sorted(start for start in offered if _may_be_asked(start, question))


def _windows(calendar: Calendar, question: Question) -> list[Window]:
    reach = question.hi + question.shape.duration
    return meet(
        service_windows(question.service, question.lo, reach),
        windows(calendar.hours, question.lo, reach),
    )


def _starts(open_: list[Window], calendar: Calendar, question: Question) -> set[int]:
    """Return the starts on the grid of `open_` at which one calendar is free."""
    return {
        start
        for window in open_
        for start in _grid(window, question)
        if _is_free(calendar, open_, start, question)
    }


def _grid(window: Window, question: Question) -> list[int]:
    """Return the minutes of a window that lie on its grid."""
    shape, grid = question.shape, []
    for start, end, ahead in offsets(window.zone, window.start, window.end):
        for minute in range(start, end):
            wall = minute + ahead
            since = wall % 1440 if shape.by_clock else wall - window.anchor
            if since % shape.interval == 0:
                grid.append(minute)
    return grid


def _is_free(calendar: Calendar, open_: list[Window], start: int, question: Question) -> bool:
    """Say whether a visit at `start` lies in open time and clear of everything else."""
    shape = question.shape
    visit: Span = (start, start + shape.duration)
    with_buffers: Span = (visit[0] - shape.before, visit[1] + shape.after)
    return (
        not subtract([visit], union((w.start, w.end) for w in open_))
        and subtract([with_buffers], union(calendar.busy)) == [with_buffers]
        and not calendar.is_full(wall_of(start, question.zone).day, question.policy)
    )


def _may_be_asked(start: int, question: Question) -> bool:
    """Say whether `start` lies in the asked window and within lead time and advance."""
    policy, at = question.policy, at_minute(start)
    earliest = question.now + policy.minimum_lead
    latest = question.now + policy.maximum_advance
    return question.lo <= start < question.hi and earliest <= at <= latest
