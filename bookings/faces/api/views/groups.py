"""One more in a group, and those who wait for a place in it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Booked
from bookings.errors import (
    AlreadyWaiting,
    ChangedMeanwhile,
    Full,
    HoldExpired,
    InThePast,
    Invalid,
    NotBookable,
    PartyTooLarge,
    PlacesLeft,
    TooManyOpen,
    TooSoon,
    WrongState,
)
from bookings.faces.api.call import Call
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.otherwise import Otherwise
from bookings.faces.api.shapes.bookings import BookingShown
from bookings.faces.api.shapes.orders import PlaceAsked, ReasonAsked
from bookings.faces.api.views.finding import appointment_of, booking_change, booking_of
from bookings.faces.api.views.ordering import address_of, made, named, who_comes
from bookings.models import Booking


class Attendees(Endpoint):
    """The customers in a group appointment."""

    @Operation(
        "add_attendee",
        "Add a customer to a group",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.CHANGE_ATTENDEES,
        body=PlaceAsked,
        shows=BookingShown,
        status=201,
        refuses=(Invalid, Full, WrongState, TooManyOpen),
    )
    def post(self, call: Call, body: PlaceAsked, appointment: UUID) -> Change[Booked]:
        """Book seats in a group appointment that is there, and tell the customer."""
        found = appointment_of(call, appointment, Capability.CHANGE_ATTENDEES)
        parameters = {"service": str(found.service.public_id), "seats": body.seats}
        return Change(
            partial(
                commands.add_attendee,
                appointment=found,
                **who_comes(call, body.contact, body.customer, found.service.business),
                seats=body.seats,
                answers=body.answers,
                now=call.now,
                actor=call.actor,
            ),
            shows=partial(made, call),
            at=lambda booked: address_of(call, booked.booking),
            instead=Otherwise(
                found.service, found.starts_at, parameters, call.now, seats=body.seats
            ),
            names=named,
        )


class Waitlist(Endpoint):
    """The waiting list of a group appointment."""

    @Operation(
        "join_waitlist",
        "Join a waiting list",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.CHANGE_ATTENDEES,
        body=PlaceAsked,
        shows=BookingShown,
        status=201,
        refuses=(
            Invalid,
            NotBookable,
            PlacesLeft,
            AlreadyWaiting,
            PartyTooLarge,
            WrongState,
            InThePast,
            TooSoon,
        ),
    )
    def post(self, call: Call, body: PlaceAsked, appointment: UUID) -> Change[Booked]:
        """Put a customer on the waiting list of a group that has too few places left.

        They are offered a place by mail once there is one, so they need an e-mail address.
        """
        found = appointment_of(call, appointment, Capability.CHANGE_ATTENDEES)
        return Change(
            partial(
                commands.join_waitlist,
                appointment=found,
                **who_comes(call, body.contact, body.customer, found.service.business),
                seats=body.seats,
                answers=body.answers,
                now=call.now,
                actor=call.actor,
            ),
            shows=partial(made, call),
            at=lambda booked: address_of(call, booked.booking),
            names=named,
        )


class TakePlace(Endpoint):
    """A place for somebody who waits."""

    @Operation(
        "take_place",
        "Give a place to somebody who waits",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.CHANGE_ATTENDEES,
        shows=BookingShown,
        refuses=(WrongState, HoldExpired, Full, ChangedMeanwhile),
    )
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Confirm the seats of somebody on the waiting list, offered or free, and tell them."""
        found = booking_of(call, booking, Capability.CHANGE_ATTENDEES)
        make = partial(commands.take_place, booking=found, now=call.now, actor=call.actor)
        return booking_change(found, make)


class LeaveWaitlist(Endpoint):
    """The end of waiting."""

    @Operation(
        "leave_waitlist",
        "Leave a waiting list",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.CHANGE_ATTENDEES,
        body=ReasonAsked,
        shows=BookingShown,
        refuses=(WrongState, ChangedMeanwhile),
    )
    def post(self, call: Call, body: ReasonAsked, booking: UUID) -> Change[Booking]:
        """Take somebody off the waiting list, and tell them."""
        found = booking_of(call, booking, Capability.CHANGE_ATTENDEES)
        make = partial(
            commands.leave_waitlist,
            booking=found,
            reason=body.reason,
            now=call.now,
            actor=call.actor,
        )
        return booking_change(found, make)
