"""Holds: five minutes in which nobody else can take a time."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Held
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Picked
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.shapes.holds import HoldShown, shown_hold
from bookings.faces.api.shapes.orders import HoldAsked
from bookings.faces.api.views.ordering import OF_AN_ORDER, wished
from bookings.models import Booking
from bookings.queries.gathering import (
    booking_now,
    gather_bookings,
    holds_among,
    with_appointments,
)
from bookings.queries.serving import whom_to_book


class Holds(Endpoint):
    """The times that are held."""

    @Operation(
        "create_hold",
        "Hold a time",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.BOOK,
        body=HoldAsked,
        shows=HoldShown,
        status=201,
        refuses=(*OF_A_TIME, *OF_AN_ORDER),
    )
    def post(self, call: Call, body: HoldAsked) -> Change[Held]:
        """Hold seats at a time for five minutes; whoever has the token may book them."""
        services = call.colleague.services(Capability.BOOK).select_related("business")
        service = one(services, body.service, named="service")
        staff = whom_to_book(call.colleague, service, wished(call, body.staff))
        parameters = {
            "service": str(service.public_id),
            "staff": str(staff.public_id) if staff else None,
            "seats": body.seats,
        }
        return Change(
            partial(
                commands.hold,
                service=service,
                starts_at=body.starts_at,
                staff=staff,
                seats=body.seats,
                now=call.now,
                replacing=body.replacing,
                actor=call.actor,
            ),
            shows=_made,
            at=partial(_address, call),
            instead=Otherwise(
                service, body.starts_at, parameters, call.now, staff=staff, seats=body.seats
            ),
        )


class OneHold(Endpoint):
    """One time that is held."""

    @Operation(
        "read_hold",
        "Read a hold",
        scope=Scope.BOOKINGS_READ,
        needs=Capability.BOOK,
        query=Picked,
        shows=HoldShown,
    )
    def get(self, call: Call, query: Picked, hold: UUID) -> HoldShown:
        """Return a hold that has not ended."""
        return shown_hold(_found(call, hold))

    @Operation(
        "release_hold",
        "Release a hold",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.BOOK,
        status=204,
    )
    def delete(self, call: Call, hold: UUID) -> Change[None]:
        """Give a held time back before its end."""
        found = _found(call, hold)
        return Change(
            partial(commands.let_go, booking=found, now=call.now),
            shows=lambda _nothing: None,
            seen=lambda: shown_hold(_found(call, hold)),
        )


def _found(call: Call, hold: UUID) -> Booking:
    """Return a hold within reach. Cost: two queries.

    Raises:
        NotFound: there is none, or it has ended.
    """
    rows = holds_among(call.colleague.bookings(Capability.BOOK), now=call.now)
    found = one(with_appointments(rows), hold)
    gather_bookings([found])
    return found


def _made(held: Held) -> HoldShown:
    return shown_hold(booking_now(held.booking.pk), held.token)


def _address(call: Call, held: Held) -> str:
    ids = [call.colleague.business.public_id, held.booking.public_id]
    return f"{settings.PUBLIC_URL}{reverse('api:hold', args=ids)}"
