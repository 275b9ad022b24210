"""Who and what a business has, as the desk shows it, and what says that something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection

from bookings.engine.hours import Hours, windows
from bookings.engine.intervals import Span
from bookings.engine.policy import Grid
from bookings.models import Business, HoursException, Resource, ResourceKind, Service
from bookings.models.catalogue import Acceptance, Colour
from bookings.queries.cache import Memory
from bookings.queries.plan import minutes, resource_hours, weeks_of

RECENT = timedelta(minutes=10)
"""Longer than any decision takes: an event of an older one has long been seen."""

PALETTE = [colour.value for colour in Colour if colour.value]


@dataclass(frozen=True)
class Stamp:
    """What rises or changes with every change that an agenda shows."""

    catalogue: int
    resources: int
    events: int

    def __str__(self) -> str:
        return f"{self.catalogue}.{self.resources}.{self.events}"


def stamp_of(business_id: int, *, now: datetime) -> Stamp:
    """Return the stamp of a business.

    The events of the last minutes count by their sum: they may become visible out of order.
    Cost: one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce((SELECT version FROM bookings_catalogueversion
                             WHERE business_id = %(business)s), 0),
                   coalesce((SELECT sum(v.version) FROM bookings_resourceversion v
                             JOIN bookings_resource r ON r.id = v.resource_id
                             WHERE r.business_id = %(business)s), 0),
                   coalesce((SELECT sum(id) FROM bookings_event
                             WHERE business_id = %(business)s AND at > %(since)s), 0)
            """,
            {"business": business_id, "since": now - RECENT},
        )
        catalogue, resources, events = cursor.fetchone()
    return Stamp(catalogue, int(resources), int(events))


@dataclass(frozen=True)
class RosterResource:
    """A person, room or piece of equipment with its hours."""

    pk: int
    public_id: UUID
    kind: ResourceKind
    name: str
    user_id: int | None
    is_bookable: bool
    hours: Hours

    @property
    def is_staff(self) -> bool:
        return self.kind == ResourceKind.STAFF

    def open(self, lo: int, hi: int) -> list[Span]:
        """Return when they are there within the minutes [lo, hi), time off not counted."""
        return [(window.start, window.end) for window in windows(self.hours, lo, hi)]


@dataclass(frozen=True)
class RosterService:
    """A service, its colour, and the minutes between its starts; by the clock or the hours."""

    pk: int
    public_id: UUID
    name: str
    hue: str
    interval: int
    by_clock: bool


@dataclass(frozen=True)
class Roster:
    """A business's resources, staff first and by name, and its services in their order."""

    business_id: int
    zone: str
    interval: int
    resources: dict[int, RosterResource]
    services: dict[int, RosterService]

    def resource(self, public_id: str) -> RosterResource | None:
        """Return the resource with this public id, or None."""
        return _known(self.resources, public_id)

    def service(self, public_id: str) -> RosterService | None:
        """Return the service with this public id, or None."""
        return _known(self.services, public_id)


RowT = TypeVar("RowT", RosterResource, RosterService)

_rosters: Memory[tuple[int, Roster]] = Memory(limit=8_000_000)


def roster_of(business: Business, stamp: Stamp) -> Roster:
    """Return the roster, from memory where the catalogue has not changed since.

    What is returned is shared between requests: nobody changes it.
    Cost: none from memory, else four queries.
    """
    row = _rosters.get(business.pk)
    if row is None or row[0] != stamp.catalogue:
        row = (stamp.catalogue, _read(business))
        size = 4_000 + 2_000 * len(row[1].resources) + 500 * len(row[1].services)
        _rosters.put(business.pk, row, size=size)
    return row[1]


def _read(business: Business) -> Roster:
    weeks = weeks_of(business.pk)
    exceptions = list(HoursException.objects.filter(business=business))
    order = {ResourceKind.STAFF: 0, ResourceKind.ROOM: 1, ResourceKind.EQUIPMENT: 2}
    rows = sorted(
        Resource.objects.filter(business=business),
        key=lambda each: (order[ResourceKind(each.kind)], each.name.casefold(), each.pk),
    )
    resources = [
        RosterResource(
            pk=each.pk,
            public_id=each.public_id,
            kind=ResourceKind(each.kind),
            name=each.name,
            user_id=each.user_id,
            is_bookable=each.is_active and each.acceptance == Acceptance.ACTIVE.value,
            hours=resource_hours(each.pk, each.zone or business.zone, weeks, exceptions),
        )
        for each in rows
    ]
    services = Service.objects.filter(business=business).order_by("position", "name", "pk")
    return Roster(
        business_id=business.pk,
        zone=business.zone,
        interval=minutes(business.interval),
        resources={each.pk: each for each in resources},
        services={each.pk: _service(each, business) for each in services},
    )


def _service(row: Service, business: Business) -> RosterService:
    policy = business.policy.overridden(**row.overrides)
    return RosterService(
        pk=row.pk,
        public_id=row.public_id,
        name=row.name,
        hue=row.colour or PALETTE[row.pk % len(PALETTE)],
        interval=minutes(policy.interval),
        by_clock=policy.grid == Grid.CLOCK,
    )


def _known(rows: dict[int, RowT], public_id: str) -> RowT | None:
    return next((each for each in rows.values() if str(each.public_id) == public_id), None)
