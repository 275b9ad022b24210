"""The list of bookings: filters that stay in the address, pages, and a shape for paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bookings.engine.text import clean_line
from bookings.faces import words
from bookings.faces.desk.calendar.board import (
    Desk,
    Filter,
    Option,
    board,
    people_filter,
    services_filter,
)
from bookings.faces.desk.calendar.grid import opener
from bookings.faces.desk.calendar.visits import STATES
from bookings.faces.reading import read_day, read_number
from bookings.queries import lines as query
from bookings.queries.agenda import VisitState
from bookings.queries.lines import Line, Wanted

MOST_PAGES = 10_000


@dataclass(frozen=True)
class Entry:
    """A booking in a line."""

    url: str
    clock: str
    hue: str
    service: str
    who: str
    name: str
    email: str
    phone: str
    seats: str
    reference: str
    state: str
    icon: str
    css: str


@dataclass(frozen=True)
class Day:
    """The bookings of a day."""

    title: str
    url: str
    entries: list[Entry]


def list_page(desk: Desk) -> dict[str, Any]:
    """Return what the list shows: what is coming, where nothing else is asked. Two queries."""
    fields = desk.fields
    wanted = _wanted(desk)
    page = min(read_number(fields.get("page", "")), MOST_PAGES)
    found, has_more = query.lines(desk.colleague, desk.roster, wanted, page=page)
    return {
        "board": board(
            desk, "list", title=_("List"), note="", before=desk.choices.day, after=desk.choices.day
        ),
        "first": wanted.first.isoformat() if wanted.first else "",
        "last": wanted.last.isoformat() if wanted.last else "",
        "text": wanted.text,
        "filters": [people_filter(desk), services_filter(desk), _states(wanted)],
        "days": _days(desk, found),
        "previous_url": _turned(desk, page - 1) if page > 1 else "",
        "next_url": _turned(desk, page + 1) if has_more else "",
        "page": page,
        "printed": _printed(wanted),
    }


def _wanted(desk: Desk) -> Wanted:
    fields = desk.fields
    first, last = read_day(fields.get("from", "")), read_day(fields.get("until", ""))
    asks = first or last or "from" in fields
    state = fields.get("state", "")
    return Wanted(
        first=first if asks else desk.today,
        last=last,
        resource=desk.choices.resource,
        service=desk.choices.service,
        state=VisitState(state) if state in query.STATES else None,
        text=clean_line(fields.get("text", ""))[:100],
    )


def _turned(desk: Desk, page: int) -> str:
    kept = {name: value for name, value in desk.fields.items() if name in KEPT and value}
    return desk.choices.url("list", **kept, page=str(page))


KEPT = ("from", "until", "state", "text")


def _states(wanted: Wanted) -> Filter:
    options = [
        Option(state.value, str(STATES[state][0]).capitalize(), wanted.state == state)
        for state in query.STATES
    ]
    everything = Option("", _("All that take place"), wanted.state is None)
    return Filter("state", _("State"), [("", [everything, *options])])


def _days(desk: Desk, found: list[Line]) -> list[Day]:
    days: list[Day] = []
    shown = None
    address = opener(desk.choices.slug)
    for line in found:
        day = line.starts_at.astimezone(desk.zone).date()
        if day != shown:
            days.append(Day(words.full_day(day), desk.choices.url("day", day=day), []))
            shown = day
        days[-1].entries.append(_entry(desk, line, address(line.appointment_id)))
    return days


def _entry(desk: Desk, line: Line, url: str) -> Entry:
    service = desk.roster.services[line.service_id]
    state, icon = STATES[line.state]
    crew = [each for pk, each in desk.roster.resources.items() if pk in line.resource_ids]
    return Entry(
        url=url,
        clock=words.period(line.starts_at, line.ends_at, desk.roster.zone),
        hue=f"hue-{service.hue}",
        service=service.name,
        who=", ".join(each.name for each in crew),
        name=line.name or _("No name"),
        email=line.email,
        phone=line.phone,
        seats=words.people(line.seats) if line.seats > 1 else "",
        reference=line.reference,
        state=str(state),
        icon=icon or "calendar",
        css=f"is-{line.state.value.replace('_', '-')}",
    )


def _printed(wanted: Wanted) -> str:
    """Return the title on paper: the day, or from when until when."""
    if wanted.first and wanted.first == wanted.last:
        return words.full_day(wanted.first)
    first = words.full_day(wanted.first) if wanted.first else ""
    last = words.full_day(wanted.last) if wanted.last else ""
    if first and last:
        return _("%(first)s – %(last)s") % {"first": first, "last": last}
    return _("Until %(day)s") % {"day": last} if last else _("From %(day)s") % {"day": first}
