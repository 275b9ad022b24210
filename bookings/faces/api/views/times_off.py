"""Times off and closures."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from uuid import UUID

from pydantic import Field

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Absence
from bookings.commands.absence import locked_time_off
from bookings.errors import Invalid, NotAllowed, NotFound
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Instant, Listed
from bookings.faces.api.shapes.times_off import (
    InTheWayShown,
    TimeOffAsked,
    TimeOffChanged,
    TimeOffShown,
    shown_in_the_way,
    shown_time_off,
)
from bookings.queries.absences import meeting

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

    @Operation(
        "take_time_off",
        "Enter time off, or close the business",
        scope=Scope.HOURS_WRITE,
        needs=Capability.TAKE_TIME_OFF,
        body=TimeOffAsked,
        shows=TimeOffShown,
        status=201,
        refuses=(Invalid, NotAllowed, NotFound),
    )
    def post(self, call: Call, body: TimeOffAsked) -> Change[Absence]:
        """Note that somebody is away; what is booked then stays, and somebody has to move it."""
        if body.resource is None and not call.colleague.may(Capability.CLOSE):
            raise NotAllowed()
        within = call.colleague.resources(Capability.TAKE_TIME_OFF)
        return Change(
            partial(
                commands.take_time_off,
                business=call.colleague.business,
                resources=[one(within, body.resource, named="resource")] if body.resource else [],
                starts_at=body.starts_at,
                ends_at=body.ends_at,
                title=body.title,
                now=call.now,
                actor=call.actor,
                by=call.user,
            ),
            shows=_told,
            at=lambda taken: call.address("time_off", time_off=taken.rows[0].public_id),
        )


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

    @Operation(
        "change_time_off",
        "Change a time off",
        scope=Scope.HOURS_WRITE,
        needs=Capability.TAKE_TIME_OFF,
        body=TimeOffChanged,
        shows=TimeOffShown,
        refuses=(Invalid,),
    )
    def patch(self, call: Call, body: TimeOffChanged, time_off: UUID) -> Change[Absence]:
        """Move or rename a time off."""
        row = one(call.colleague.times_off(Capability.TAKE_TIME_OFF), time_off)
        return Change(
            partial(
                commands.change_time_off,
                time_off=row,
                **body.sent(),
                now=call.now,
                actor=call.actor,
                by=call.user,
            ),
            shows=_told,
            seen=lambda: shown_time_off(locked_time_off(row)),
        )

    @Operation(
        "cancel_time_off",
        "Cancel a time off",
        scope=Scope.HOURS_WRITE,
        needs=Capability.TAKE_TIME_OFF,
        status=204,
    )
    def delete(self, call: Call, time_off: UUID) -> Change[None]:
        """Take a time off back: the time can be booked again."""
        row = one(call.colleague.times_off(Capability.TAKE_TIME_OFF), time_off)
        return Change(
            partial(
                commands.cancel_time_off,
                time_off=row,
                now=call.now,
                actor=call.actor,
                by=call.user,
            ),
            shows=lambda _gone: None,
            seen=lambda: shown_time_off(locked_time_off(row)),
        )


class InTheWay(Endpoint):
    """What is booked during a time off."""

    @Operation(
        "list_in_the_way",
        "List the appointments during a time off",
        scope=Scope.HOURS_READ,
        needs=Capability.TAKE_TIME_OFF,
        query=Parts,
        shows=Listed[InTheWayShown],
    )
    def get(self, call: Call, query: Parts, time_off: UUID) -> Listed[InTheWayShown]:
        """Return the scheduled appointments that meet it, as far as one may see them."""
        row = one(call.colleague.absences().select_related("business"), time_off)
        known = call.colleague.appointments(Capability.SEE_BOOKINGS)
        met = meeting(row).filter(pk__in=known.values("pk"))
        order = ("starts_at", "pk")
        return part(call, query, met, order=order, among=known, shows=shown_in_the_way)


def _told(absence: Absence) -> TimeOffShown:
    return shown_time_off(absence.rows[0])
