"""The part of a page on which a time is chosen: people, a month, and the times of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.engine.policy import Assignment
from bookings.faces import words
from bookings.faces.site.cards import House
from bookings.faces.site.free import Free
from bookings.faces.site.month import Month, month_view
from bookings.faces.site.wish import Wish
from bookings.faces.site.zones import Zones, zone_options
from bookings.faces.times import Daypart, dayparts
from bookings.models import Resource, Service

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class Person:
    """One of the staff, or anyone; `url` chooses them, and is empty where nobody may choose."""

    name: str
    initials: str
    url: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Party:
    """A size of party to choose."""

    value: int
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Wait:
    """The way to the waiting list of a session that is full."""

    label: str
    url: str


@dataclass(frozen=True)
class ZoneSwitch:
    """The zone shown and the ways to another one; `told` is what the browser last said."""

    name: str
    title: str
    told: str
    follows_visitor: bool
    switch: str
    switch_url: str
    options: SafeString


@dataclass(frozen=True)
class Picker:
    """Everything the picker shows; `kept` are the choices that a time button sends along."""

    action: str
    house: House
    people: list[Person]
    company: list[Person]
    parties: list[Party]
    month: Month
    times_title: str
    dayparts: list[Daypart]
    waits: list[Wait]
    nothing: str
    next_free: str
    next_free_url: str
    zone: ZoneSwitch
    kept: Fields
    kept_for_party: Fields
    kept_for_zone: Fields
    say: str


def picker(
    service: Service,
    *,
    action: str,
    house: House,
    wish: Wish,
    zones: Zones,
    free: Free,
    staff: Sequence[Resource],
) -> Picker:
    """Return the picker for a wish at the page `action`; `staff` are all who serve."""
    wish = replace(wish, month=free.month, day=free.day)
    together = service.assignment == Assignment.ALL
    may_choose = service.policy.allow_staff_selection and not together and len(staff) > 1
    title = words.day(free.day) if free.day else _("Times")
    return Picker(
        action=action,
        house=house,
        people=_people(wish, action, staff) if may_choose else [],
        company=[Person(each.name, words.initials(each.name)) for each in staff]
        if together
        else [],
        parties=_parties(wish, service.capacity),
        month=month_view(free, wish, action),
        times_title=title,
        dayparts=dayparts(free.starts, zone=wish.zone, capacity=service.capacity),
        waits=_waits(service, wish, free),
        nothing=_nothing(free),
        next_free=_("Next free day: %(day)s") % {"day": words.day(free.next)} if free.next else "",
        next_free_url=replace(wish, day=free.next).address(action) if free.next else "",
        zone=_zone_switch(wish, action, zones, house.name, free),
        kept=_kept(wish, "staff", "party", "day"),
        kept_for_party=_kept(wish, "staff", "month", "day"),
        kept_for_zone=_kept(wish, "staff", "party", "month", "day"),
        say=_said(free),
    )


def _people(wish: Wish, action: str, staff: Sequence[Resource]) -> list[Person]:
    anyone = replace(wish, staff=None).address(action)
    return [
        Person(_("Anyone"), "", anyone, is_chosen=wish.staff is None),
        *(
            Person(
                name=each.name,
                initials=words.initials(each.name),
                url=replace(wish, staff=each).address(action),
                is_chosen=each == wish.staff,
            )
            for each in staff
        ),
    ]


def _parties(wish: Wish, capacity: int) -> list[Party]:
    if capacity == 1 or wish.is_party_fixed:
        return []
    return [
        Party(count, words.people(count), count == wish.seats) for count in range(1, capacity + 1)
    ]


def _waits(service: Service, wish: Wish, free: Free) -> list[Wait]:
    """Return the sessions of the day that are full; not those whose start has places elsewhere."""
    offered = {start.at for start in free.starts}
    party = f"?party={wish.seats}" if wish.seats > 1 else ""
    return [
        Wait(
            words.clock(each.starts_at.astimezone(ZoneInfo(wish.zone))),
            reverse("site:wait", args=[service.business.slug, each.public_id]) + party,
        )
        for each in free.full
        if each.starts_at not in offered
    ]


def _nothing(free: Free) -> str:
    if free.day:
        return _("There are no free times on %(day)s.") % {"day": words.day(free.day)}
    month = {"month": words.month(free.month)}
    if free.next:
        return _("There are no free times in %(month)s.") % month
    if free.month > free.today:
        return _("There are no free times in %(month)s or later.") % month
    return _("There are no free times at the moment. Please ask us.")


def _said(free: Free) -> str:
    if not free.day or not free.starts:
        return _nothing(free)
    count = len(free.starts)
    said = ngettext("%(day)s: %(count)s free time", "%(day)s: %(count)s free times", count)
    return said % {"day": words.day(free.day), "count": count}


def _kept(wish: Wish, *names: str) -> Fields:
    fields = wish.fields()
    return [(name, fields[name]) for name in names if fields[name]]


def _zone_switch(wish: Wish, action: str, zones: Zones, business: str, free: Free) -> ZoneSwitch:
    other = zones.other if zones.other != zones.shown else ""
    whose = {"zone": words.zone_at(other, free.noon), "business": business} if other else {}
    ours = _("Show the time at %(business)s: %(zone)s") % whose if other else ""
    yours = _("Show your own time: %(zone)s") % whose if other else ""
    return ZoneSwitch(
        name=zones.shown,
        title=_("Shown in %(zone)s") % {"zone": words.zone_at(zones.shown, free.noon)},
        told=zones.told,
        follows_visitor=not zones.is_fixed and not zones.chosen,
        switch=ours if other == zones.business else yours,
        switch_url=wish.address(action, zone=other) if other else "",
        options=SafeString("") if zones.is_fixed else zone_options(),
    )
