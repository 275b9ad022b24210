"""What has happened, for programs that follow."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.composing.telling import LOADED, told
from bookings.errors import CursorLost, NotFound
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Picked, address, wants_count
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.events import EventsAsked, EventShown, Followed, shown_event
from bookings.models import Event
from bookings.queries.events import events_of, stretch

SEE = Capability.SEE_BOOKINGS


class Events(Endpoint):
    """What has happened in a business."""

    @Operation(
        "list_events",
        "Follow what happens",
        scope=Scope.EVENTS_READ,
        needs=SEE,
        query=EventsAsked,
        shows=Followed[EventShown],
        refuses=(CursorLost, NotFound),
    )
    def get(self, call: Call, query: EventsAsked) -> Followed[EventShown]:
        """Return events behind a cursor, the oldest first, none left out and none twice.

        A program that goes on from each `cursor` hears of every event that its role may read:
        those of appointments as far as it sees bookings, others as far as it may see what they
        are about. Appointments and bookings are as they are now. Where the cursor is not known
        any more (410), the portal was restored from a backup: events since then have other ids.
        """
        rows = events_of(call.colleague).select_related(*LOADED)
        if query.kind:
            rows = rows.filter(kind__in=query.kind)
        if query.appointment is not None:
            appointments = call.colleague.appointments(SEE)
            rows = rows.filter(
                appointment=one(appointments, query.appointment, named="appointment")
            )
        found = stretch(rows, call.colleague.business, after=query.after, size=query.limit)
        cursor = str(found.after)
        return Followed[EventShown](
            results=_shown(call, found.events),
            next=address(call, after=cursor) if found.has_more else None,
            previous=None,
            count=found.rest.count() if wants_count(call) else None,
            cursor=cursor,
            has_more=found.has_more,
        )


class OneEvent(Endpoint):
    """One thing that has happened."""

    @Operation(
        "read_event",
        "Read an event",
        scope=Scope.EVENTS_READ,
        needs=SEE,
        query=Picked,
        shows=EventShown,
        refuses=(NotFound,),
    )
    def get(self, call: Call, query: Picked, event: UUID) -> EventShown:
        """Return an event, its appointment and bookings as they are now."""
        row = one(events_of(call.colleague).select_related(*LOADED), event)
        return _shown(call, [row])[0]


def _shown(call: Call, events: Sequence[Event]) -> list[EventShown]:
    return [shown_event(each) for each in told(events, bookings=call.colleague.bookings(SEE))]
