"""Times off and closures."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Instant, Listed
from bookings.faces.api.shapes.times_off import TimeOffShown, shown_time_off

_LOADED = ("business", "resource")


class TimeOffQuery(Parts):
    """Which times off are wanted."""

    from_: Annotated[Instant | None, Field(alias="from")] = None
    """Only those that end after this instant."""
    to: Instant | None = None
    """Only those that start before this instant."""
    resource: UUID | None = None
    """Only those of this person or room."""


class TimesOff(Endpoint):
    """The times off of a business."""

    @Operation(
        "list_times_off",
        "List times off and closures",
        scope=Scope.HOURS_READ,
        needs=Capability.TAKE_TIME_OFF,
        query=TimeOffQuery,
        shows=Listed[TimeOffShown],
    )
    def get(self, call: Call, query: TimeOffQuery) -> Listed[TimeOffShown]:
        """Return times off, the first to start first; to a team member closures and their own."""
        known = rows = call.colleague.absences()
        if query.from_ is not None:
            rows = rows.filter(ends_at__gt=query.from_)
        if query.to is not None:
            rows = rows.filter(starts_at__lt=query.to)
        if query.resource is not None:
            rows = rows.filter(resource__public_id=query.resource)
        order, rows = ("starts_at", "pk"), rows.select_related(*_LOADED)
        return part(call, query, rows, order=order, among=known, shows=shown_time_off)


class OneTimeOff(Endpoint):
    """One time off, or a closure."""

    @Operation(
        "read_time_off",
        "Read a time off",
        scope=Scope.HOURS_READ,
        needs=Capability.TAKE_TIME_OFF,
        query=Picked,
        shows=TimeOffShown,
    )
    def get(self, call: Call, query: Picked, time_off: UUID) -> TimeOffShown:
        """Return a time off."""
        return shown_time_off(one(call.colleague.absences().select_related(*_LOADED), time_off))
