"""The hours of a business, of a person or of a room."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.engine.hours import minute_of, wall_of
from bookings.faces.api.call import Call, one
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.hours import HoursShown, shown_hours
from bookings.models import Resource
from bookings.queries.hours import timetable


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


def _shown(call: Call, resource: Resource | None) -> HoursShown:
    business = call.colleague.business
    zone = (resource.zone if resource else "") or business.zone
    return shown_hours(
        timetable(business, resource),
        zone=zone,
        today=wall_of(minute_of(call.now), zone).day,
        may_keep=resource is not None,
    )
