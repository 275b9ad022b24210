"""A day of the calendar: a column for everybody who can be booked, or is."""

from __future__ import annotations

from typing import Any

from accounts.roles import Capability
from bookings.engine.hours import day_span
from bookings.faces import words
from bookings.faces.desk.calendar.board import Desk, around, board
from bookings.faces.desk.calendar.grid import Head, Pen, sheet
from bookings.faces.desk.calendar.visits import count
from bookings.queries.agenda import Agenda, agenda
from bookings.queries.columns import column
from bookings.queries.roster import RosterResource

ICONS = {"room": "door", "equipment": "tool"}


def day_page(desk: Desk) -> dict[str, Any]:
    """Return what the page of a day shows. Cost: three queries."""
    day = desk.choices.day
    seen = filtered(desk, *day_span(day, day, desk.roster.zone))
    columns = [column(desk.roster, seen, each, day) for each in shown_resources(desk, seen)]
    before, after = around(day, 1)
    return {
        "board": board(
            desk,
            "day",
            title=words.full_day(day),
            note=count(len(seen.visits)),
            before=before,
            after=after,
        ),
        "sheet": sheet(pen(desk), [(heading(desk, each.resource), each) for each in columns]),
    }


def filtered(desk: Desk, lo: int, hi: int) -> Agenda:
    """Return what the choices leave of the minutes [lo, hi). Cost: three queries.

    A chosen service leaves nothing of what one may not look into.
    """
    found = agenda(desk.colleague, desk.roster, lo=lo, hi=hi, now=desk.now)
    resource, service = desk.choices.resource, desk.choices.service
    visits, busy = found.visits, found.busy
    if resource:
        visits = [each for each in visits if resource.pk in each.resource_ids]
        busy = [each for each in busy if resource.pk in each.resource_ids]
    if service:
        visits, busy = [each for each in visits if each.service_id == service.pk], []
    return Agenda(visits, busy, found.absences)


def pen(desk: Desk) -> Pen:
    """Return what a desk's sheets are drawn with."""
    return Pen(
        roster=desk.roster,
        slug=desk.choices.slug,
        may_move=desk.colleague.may(Capability.MOVE),
        colours=desk.choices.colours,
        today=desk.today,
        minute=desk.minute,
    )


def shown_resources(desk: Desk, seen: Agenda) -> list[RosterResource]:
    """Return who gets a column: the chosen one, else whoever can be booked or is."""
    if desk.choices.resource:
        return [desk.choices.resource]
    taken = frozenset[int]().union(
        *(each.resource_ids for each in seen.visits), *(each.resource_ids for each in seen.busy)
    )
    return [each for pk, each in desk.roster.resources.items() if each.is_bookable or pk in taken]


def heading(desk: Desk, resource: RosterResource) -> Head:
    """Return the head of somebody's column or row, which leads to their week."""
    return Head(
        name=resource.name,
        initials=words.initials(resource.name) if resource.is_staff else "",
        icon=ICONS.get(resource.kind.value, ""),
        url=desk.choices.url("week", resource=resource),
        new_url=desk.new_url(desk.choices.day, resource),
    )
