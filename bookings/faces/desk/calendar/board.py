"""What stands around a sheet of the calendar: its title, the ways through time, the filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.roles import Capability, Reach
from bookings.engine.hours import minute_of, wall_of
from bookings.faces.desk.calendar.choices import SERVICE, STATE, Choices
from bookings.models import ResourceKind
from bookings.queries.colleagues import Colleague
from bookings.queries.roster import Roster, RosterResource


@dataclass(frozen=True)
class Option:
    """Something to choose from a list."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    """A list to choose from, in groups; a group without a name stands alone."""

    name: str
    label: str
    groups: list[tuple[str, list[Option]]]


@dataclass(frozen=True)
class Board:
    """The head of a page of the calendar."""

    title: str
    note: str
    day: str
    action: str
    previous_url: str
    next_url: str
    today_url: str
    new_url: str
    print_url: str
    filters: list[Filter]
    is_filtered: bool
    plain_url: str


@dataclass(frozen=True)
class Desk:
    """Who looks, at whose calendar, when, and at what; `fields` are those of the address."""

    colleague: Colleague
    roster: Roster
    choices: Choices
    fields: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        return wall_of(minute_of(self.now), self.roster.zone).day

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.roster.zone)

    @property
    def minute(self) -> int:
        """Return the present in minutes of the day on the wall."""
        clock = wall_of(minute_of(self.now), self.roster.zone).time
        return clock.hour * 60 + clock.minute

    @property
    def may_book(self) -> bool:
        return self.colleague.may(Capability.BOOK)

    def may_book_for(self, resource: RosterResource) -> bool:
        """Say whether they may make appointments of this person or room."""
        reach = self.colleague.reach(Capability.BOOK)
        is_own = resource.user_id == self.colleague.user.pk
        return resource.is_bookable and (reach is Reach.ANY or (reach is Reach.OWN and is_own))

    def new_url(self, day: date, resource: RosterResource | None = None) -> str:
        """Return the way to a new appointment on a day; "" where they may not make one."""
        if not (self.may_book_for(resource) if resource else self.may_book):
            return ""
        chosen = f"&staff={resource.public_id}" if resource else ""
        return f"{self.choices.page('new')}?day={day.isoformat()}{chosen}"


def board(desk: Desk, name: str, *, title: str, note: str, before: date, after: date) -> Board:
    """Return the head of the page `name`; `before` and `after` are the days to turn to."""
    choices = desk.choices
    return Board(
        title=title,
        note=note,
        day=choices.day.isoformat(),
        action=choices.page(name),
        previous_url=choices.url(name, day=before),
        next_url=choices.url(name, day=after),
        today_url=choices.url(name, day=None) if choices.day != desk.today else "",
        new_url=desk.new_url(choices.day, choices.resource),
        print_url=print_url(choices),
        filters=[people_filter(desk), services_filter(desk), _colours(desk)],
        is_filtered=bool(choices.resource or choices.service),
        plain_url=choices.url(name, resource=None, service=None),
    )


def people_filter(desk: Desk) -> Filter:
    """Return the filter for people and rooms; those who cannot be booked only where chosen."""
    chosen = desk.choices.resource
    shown = [each for each in desk.roster.resources.values() if each.is_bookable or each == chosen]
    titles = {
        ResourceKind.STAFF: _("People"),
        ResourceKind.ROOM: _("Rooms"),
        ResourceKind.EQUIPMENT: _("Equipment"),
    }
    groups = [
        (title, [_option(each, chosen) for each in shown if each.kind == kind])
        for kind, title in titles.items()
    ]
    everyone = ("", [Option("", _("Everyone"), chosen is None)])
    return Filter("resource", _("Who"), [everyone, *(each for each in groups if each[1])])


def _option(each: RosterResource, chosen: RosterResource | None) -> Option:
    return Option(str(each.public_id), each.name, each == chosen)


def services_filter(desk: Desk) -> Filter:
    chosen = desk.choices.service
    options = [
        Option(str(each.public_id), each.name, each == chosen)
        for each in desk.roster.services.values()
    ]
    return Filter(
        "service", _("Service"), [("", [Option("", _("All services"), chosen is None), *options])]
    )


def _colours(desk: Desk) -> Filter:
    names = {SERVICE: _("Colours by service"), STATE: _("Colours by state")}
    options = [Option(name, label, desk.choices.colours == name) for name, label in names.items()]
    return Filter("colours", _("Colours"), [("", options)])


def print_url(choices: Choices) -> str:
    """Return the way to the list of the day, which is made to be printed."""
    day = choices.day.isoformat()
    return choices.url("list", **{"from": day, "until": day})


def around(day: date, days: int) -> tuple[date, date]:
    """Return the days so many days before and after; the calendar's ends stay where they are."""
    first, last = date(1971, 1, 1), date(8999, 12, 31)
    length = timedelta(days=days)
    return max(day - length, first) if day > first else first, min(day + length, last)
