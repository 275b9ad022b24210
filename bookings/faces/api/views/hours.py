"""The hours of a business, of a person or of a room."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from accounts.roles import Capability, Reach
from accounts.scopes import Scope
from bookings import commands
from bookings.commands.people import locked_business
from bookings.engine.hours import minute_of, wall_of
from bookings.errors import Invalid, NotAllowed
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.hours import (
    NAMES,
    BusinessHoursAsked,
    HoursShown,
    ResourceHoursAsked,
    shown_hours,
)
from bookings.models import Resource
from bookings.queries.hours import Timetable, timetable


class BusinessHours(Endpoint):
    """When a business is open."""

    @Operation(
        "read_business_hours",
        "Read the hours of a business",
        scope=Scope.HOURS_READ,
        needs=Capability.SEE_SETTINGS,
        shows=HoursShown,
    )
    def get(self, call: Call) -> HoursShown:
        """Return its weekly hours, and the days from today on that differ."""
        return _shown(call, None)

    @Operation(
        "set_business_hours",
        "Set the hours of a business",
        scope=Scope.HOURS_WRITE,
        needs=Capability.EDIT_HOURS,
        body=BusinessHoursAsked,
        shows=HoursShown,
        refuses=(Invalid, NotAllowed),
    )
    def put(self, call: Call, body: BusinessHoursAsked) -> Change[Timetable]:
        """Replace its hours; what is booked stays, wherever it lies now."""
        if call.colleague.reach(Capability.EDIT_HOURS) is not Reach.ANY:
            raise NotAllowed()
        return _set(call, None, body)


class ResourceHours(Endpoint):
    """When a person or room can be booked."""

    @Operation(
        "read_resource_hours",
        "Read the hours of a person or room",
        scope=Scope.HOURS_READ,
        needs=Capability.SEE_SETTINGS,
        shows=HoursShown,
    )
    def get(self, call: Call, resource: UUID) -> HoursShown:
        """Return weekly hours of their own, and the days from today on that differ."""
        return _shown(call, one(call.colleague.resources(Capability.SEE_SETTINGS), resource))

    @Operation(
        "set_resource_hours",
        "Set the hours of a person or room",
        scope=Scope.HOURS_WRITE,
        needs=Capability.EDIT_HOURS,
        body=ResourceHoursAsked,
        shows=HoursShown,
        refuses=(Invalid,),
    )
    def put(self, call: Call, body: ResourceHoursAsked, resource: UUID) -> Change[Timetable]:
        """Replace their hours; what is booked stays, wherever it lies now."""
        return _set(call, one(call.colleague.resources(Capability.EDIT_HOURS), resource), body)


def _set(
    call: Call, resource: Resource | None, body: BusinessHoursAsked | ResourceHoursAsked
) -> Change[Timetable]:
    business = call.colleague.business

    def seen() -> HoursShown:
        locked_business(business.pk)
        return _shown(call, resource)

    return Change(
        partial(
            commands.set_hours,
            business=business,
            resource=resource,
            week=body.week.rules() if body.week else None,
            dates=[each for day in body.dates for each in day.dated()],
            since=_today(call, _zone(call, resource)),
            now=call.now,
            actor=call.actor,
        ),
        shows=lambda _set: _shown(call, resource),
        seen=seen,
        names=NAMES | {f"dates-{day.day}": f"dates.{n}" for n, day in enumerate(body.dates)},
    )


def _shown(call: Call, resource: Resource | None) -> HoursShown:
    zone = _zone(call, resource)
    return shown_hours(
        timetable(call.colleague.business, resource),
        zone=zone,
        today=_today(call, zone),
        may_keep=resource is not None,
    )


def _zone(call: Call, resource: Resource | None) -> str:
    return (resource.zone if resource else "") or call.colleague.business.zone


def _today(call: Call, zone: str) -> date:
    return wall_of(minute_of(call.now), zone).day
