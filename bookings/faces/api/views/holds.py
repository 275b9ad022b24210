"""Holds: five minutes in which nobody else can take a time."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.urls import reverse

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Held
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.shapes.holds import HoldShown, shown_hold
from bookings.faces.api.shapes.orders import HoldAsked
from bookings.faces.api.views.ordering import OF_AN_ORDER, wished
from bookings.models import Booking
from bookings.queries.gathering import bookings_shown, hold_within
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
        service = one(services, body.service)
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
            at=lambda held: _address(call, held.token),
            instead=Otherwise(
                service, body.starts_at, parameters, call.now, staff=staff, seats=body.seats
            ),
        )


class OneHold(Endpoint):
    """One time that is held, known by its token."""

    @Operation(
        "read_hold",
        "Read a hold",
        scope=Scope.BOOKINGS_READ,
        needs=Capability.BOOK,
        shows=HoldShown,
    )
    def get(self, call: Call, token: str) -> HoldShown:
        """Return a hold that has not ended."""
        return _found(call, token)

    @Operation(
        "release_hold",
        "Release a hold",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.BOOK,
        status=204,
    )
    def delete(self, call: Call, token: str) -> Change[None]:
        """Give a held time back before its end."""
        _found(call, token)
        return Change(
            partial(commands.release, token=token, now=call.now),
            shows=lambda _nothing: None,
            seen=partial(_found, call, token),
        )


def _found(call: Call, token: str) -> HoldShown:
    """Return a hold within reach. Cost: two queries.

    Raises:
        NotFound: there is none, or it has ended.
    """
    within = call.colleague.appointments(Capability.BOOK)
    return shown_hold(hold_within(within, token, now=call.now), token)


def _made(held: Held) -> HoldShown:
    return shown_hold(bookings_shown(Booking.objects.all()).get(pk=held.booking.pk), held.token)


def _address(call: Call, token: str) -> str:
    ids = [call.colleague.business.public_id, token]
    return f"{settings.PUBLIC_URL}{reverse('api:hold', args=ids)}"
