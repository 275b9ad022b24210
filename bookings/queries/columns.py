"""One day of one resource: what is open, away and taken, in minutes of the clock on the wall.

A change of the clocks skips minutes of a day or repeats them; what happens in a repeated hour
lies beside what happened in it before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bookings.engine.hours import DAY, day_span, midnight, wall_spans
from bookings.engine.intervals import Span, lanes, union
from bookings.queries.agenda import Absence, Agenda, Busy, Visit
from bookings.queries.roster import Roster, RosterResource

USUAL: Span = (9 * 60, 17 * 60)
"""Shown where nothing is open and nothing happens."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What takes a column's time, in its lane; it may have begun the day before or go on."""

    span: Span
    what: Visit | Busy
    lane: int
    lanes: int
    is_from_before: bool
    goes_on: bool


@dataclass(frozen=True)
class Column:
    """A day of a resource; minutes after midnight on the wall, sorted by start."""

    resource: RosterResource
    day: date
    open: list[Span]
    away: list[tuple[Span, Absence]]
    taken: list[Taken]


def column(roster: Roster, agenda: Agenda, resource: RosterResource, day: date) -> Column:
    """Return a day of a resource out of an agenda that covers it. Pure: no query."""
    lo, hi = day_span(day, day, roster.zone)
    first = midnight(day)

    def walls(start: int, end: int) -> list[Span]:
        spans = wall_spans(max(start, lo), min(end, hi), roster.zone)
        return union((max(a - first, 0), min(b - first, DAY)) for a, b in spans)

    def hull(start: int, end: int) -> Span:
        pieces = walls(start, end)
        return pieces[0][0], pieces[-1][1]

    everything: list[Visit | Busy] = [*agenda.visits, *agenda.busy]
    rows = sorted(
        (
            (hull(each.start, each.end), each)
            for each in everything
            if resource.pk in each.resource_ids and each.start < hi and each.end > lo
        ),
        key=lambda row: row[0],
    )
    placed = lanes([span for span, _ in rows])
    return Column(
        resource=resource,
        day=day,
        open=union(span for start, end in resource.open(lo, hi) for span in walls(start, end)),
        away=[
            (hull(each.start, each.end), each)
            for each in agenda.absences
            if each.resource_id in (None, resource.pk) and each.start < hi and each.end > lo
        ],
        taken=[
            Taken(span, what, lane, side_by_side, what.start < lo, what.end > hi)
            for (span, what), (lane, side_by_side) in zip(rows, placed, strict=True)
        ],
    )


def hours_shown(columns: list[Column]) -> Span:
    """Return the whole hours that columns show: what is open, widened to what is taken.

    >>> hours_shown([])
    (540, 1020)
    """
    spans = [span for each in columns for span in each.open]
    spans += [taken.span for each in columns for taken in each.taken]
    first = min((start for start, _ in spans), default=USUAL[0])
    last = max((end for _, end in spans), default=USUAL[1])
    return first // 60 * 60, -(-last // 60) * 60
