"""The hours of a day as columns, in words and classes.

Positions are told by classes (`h9 m35` a start, `dh0 dm45` a length, `l0 of2` a lane), because
the pages allow no style in their text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookings.engine.hours import at_minute, day_span, instants_of
from bookings.engine.intervals import Span, subtract, union
from bookings.faces import words
from bookings.faces.desk.calendar.markup import Block, items
from bookings.faces.desk.calendar.visits import card, clock, is_tiny, lasts, starts
from bookings.queries.agenda import Visit
from bookings.queries.columns import Column, Taken, hours_shown
from bookings.queries.roster import Roster

MOST_LANES = 8
ANY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Shade:
    """A time off in a column."""

    css: str
    title: str
    clock: str


@dataclass(frozen=True)
class Head:
    """What stands above a column: a name with a way to it, and the way to a new appointment."""

    name: str
    initials: str = ""
    icon: str = ""
    url: str = ""
    new_url: str = ""
    is_now: bool = False


@dataclass(frozen=True)
class Strip:
    """A column with its head; `open` and `opens` are its hours, as classes and as minutes.

    `now` is where the present lies in it; "" on other days.
    """

    id: str
    head: Head
    note: str
    staff: str
    day: str
    kind: str
    opens: str
    now: str
    open: list[str]
    shades: list[Shade]
    items: SafeString


@dataclass(frozen=True)
class Sheet:
    """Columns side by side, and the hours that they show.

    `minute` is the present, counted from midnight, where one of the columns is of today.
    """

    css: str
    first: int
    last: int
    step: int
    strips: list[Strip]
    marks: list[tuple[str, str]]
    minute: int | None
    is_empty: bool


@dataclass(frozen=True)
class Pen:
    """What every column is drawn with: names, where links lead, what may be moved, the present."""

    roster: Roster
    slug: str
    may_move: bool
    colours: str
    today: date
    minute: int


def opener(slug: str) -> Callable[[UUID], str]:
    """Return how addresses of appointments are made; reversing each would take long."""
    before, after = reverse("desk:appointment", args=[slug, ANY]).split(str(ANY))
    return lambda appointment: f"{before}{appointment}{after}"


def sheet(pen: Pen, columns: Sequence[tuple[Head, Column]]) -> Sheet:
    """Return columns with their heads; the hours shown are the open ones, widened to the rest."""
    first, last = hours_shown([column for _head, column in columns])
    is_today = any(column.day == pen.today for _head, column in columns)
    return Sheet(
        css=f"from{first // 60} to{last // 60} by-{pen.colours}",
        first=first,
        last=last,
        step=pen.roster.interval,
        strips=[_strip(pen, number, head, column) for number, (head, column) in enumerate(columns)],
        marks=[(starts(minute), clock(minute)) for minute in range(first, last, 60)],
        minute=pen.minute if is_today else None,
        is_empty=not any(column.taken for _head, column in columns),
    )


def _strip(pen: Pen, number: int, head: Head, column: Column) -> Strip:
    return Strip(
        id=f"column-{number}",
        head=head,
        note=note(column),
        staff=str(column.resource.public_id),
        day=column.day.isoformat(),
        kind=column.resource.kind.value,
        opens=" ".join(f"{start}-{end}" for start, end in column.open),
        now=starts(pen.minute) if column.day == pen.today else "",
        open=[_placed(span) for span in column.open],
        shades=[
            Shade(_placed(span), absence.title or _("Away"), _from_to(span))
            for span, absence in column.away
        ],
        items=items(blocks(pen, column, f"v{number}")),
    )


def blocks(pen: Pen, column: Column, prefix: str) -> list[Block]:
    """Return what takes a column's time, sorted by start; ids begin with `prefix`."""
    address = opener(pen.slug)
    return [_block(pen, column, taken, prefix, address) for taken in column.taken]


def note(column: Column) -> str:
    """Say when somebody is there on a day, or that they are not."""
    if not column.open:
        return _("Not open")
    if not subtract(column.open, union(span for span, _absence in column.away)):
        return _("Away")
    return _from_to((column.open[0][0], column.open[-1][1]))


def _block(
    pen: Pen, column: Column, taken: Taken, prefix: str, address: Callable[[UUID], str]
) -> Block:
    visit = taken.what
    css = _placed(taken.span)
    if taken.lanes > 1:
        css += f" l{min(taken.lane, MOST_LANES - 1)} of{min(taken.lanes, MOST_LANES)}"
    css += " cut-start" * taken.is_from_before + " cut-end" * taken.goes_on
    when = _when(pen, column, taken)
    if not isinstance(visit, Visit):
        return Block(css, when)
    shown = card(visit, pen.roster)
    return Block(
        css=f"{css} {shown.css}",
        clock=when,
        card=shown,
        id=f"{prefix}-{visit.public_id}",
        url=address(visit.public_id),
        moves=_moves(pen, visit, taken) if pen.may_move else "",
    )


def _moves(pen: Pen, visit: Visit, taken: Taken) -> str:
    """Return what the moving script has to know: version, grid and fold; "" to stay put."""
    if taken.is_from_before or not any(guest.name for guest in visit.guests):
        return ""
    service = pen.roster.services[visit.service_id]
    anchor = "clock" if service.by_clock else "hours"
    return f"{visit.version} {service.interval} {anchor} {visit.fold}"


def _when(pen: Pen, column: Column, taken: Taken) -> str:
    """Return from when to when; in an hour that the clock shows twice, with the offset."""
    start, end = taken.span
    begin = time(start // 60 % 24, start % 60)
    words_for = clock(start) if is_tiny(end - start) else _from_to(taken.span)
    lo, hi = day_span(column.day, column.day, pen.roster.zone)
    if hi - lo > 24 * 60 and len(instants_of(column.day, begin, pen.roster.zone)) > 1:
        at = at_minute(max(taken.what.start, lo))
        return f"{words_for} ({words.offset(at, pen.roster.zone)})"
    return words_for


def _placed(span: Span) -> str:
    start, end = span
    return f"{starts(start)} {lasts(end - start)}"


def _from_to(span: Span) -> str:
    return f"{clock(span[0])} – {clock(span[1])}"
