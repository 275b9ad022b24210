"""Booking, and waiting for a place, without an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bookings import commands
from bookings.commands import Booked
from bookings.errors import (
    AlreadyWaiting,
    BookingError,
    HoldExpired,
    InThePast,
    Invalid,
    NotBookable,
    NotFound,
    PartyTooLarge,
    PlacesLeft,
    TooManyOpen,
    TooSoon,
    WrongState,
)
from bookings.faces.abuse import count_change, count_letter, once_counted
from bookings.faces.api.call import named_by
from bookings.faces.api.changing import Change
from bookings.faces.api.otherwise import Otherwise
from bookings.faces.api.public import PublicEndpoint, PublicOperation, Visitor
from bookings.faces.api.shapes.offered import address_of
from bookings.faces.api.shapes.tickets import (
    PublicBookingAsked,
    PublicWaitAsked,
    TicketShown,
    contact_of,
    shown_ticket,
)
from bookings.faces.api.views.ordering import named
from bookings.models import Business
from bookings.queries import pages, waiting


class PublicBookings(PublicEndpoint):
    """What customers book."""

    @PublicOperation(
        "create_public_booking",
        "Book the time that is held",
        body=PublicBookingAsked,
        shows=TicketShown,
        status=201,
        refuses=(Invalid, HoldExpired, TooManyOpen),
    )
    def post(self, call: Visitor, body: PublicBookingAsked, slug: str) -> Change[Booked]:
        """Book the seats of a hold; the same hold again returns the same booking.

        The customer gets a letter with the link of the booking.
        """
        with named_by("hold_token"):
            held = pages.held(body.hold_token)
            service = held.appointment.service
            if service.business.slug != slug:
                raise NotFound()
        make = partial(
            commands.book,
            service=service,
            starts_at=held.appointment.starts_at,
            seats=held.seats,
            contact=contact_of(body.contact, service.business, language=call.language),
            answers=dict(body.answers),
            now=call.now,
            hold=body.hold_token,
        )
        parameters = {"service": service.slug, "seats": held.seats}
        start, seats = held.appointment.starts_at, held.seats
        otherwise = Otherwise(service, start, parameters, call.now, seats=seats)
        return _booked(call, service.business, body.contact.email, make, otherwise)


class PublicWaitlist(PublicEndpoint):
    """Who waits for a place in a group that is full."""

    @PublicOperation(
        "join_public_waitlist",
        "Wait for a place in a full group",
        body=PublicWaitAsked,
        shows=TicketShown,
        status=201,
        refuses=(
            *(Invalid, PlacesLeft, AlreadyWaiting, NotBookable, PartyTooLarge),
            *(WrongState, InThePast, TooSoon),
        ),
    )
    def post(self, call: Visitor, body: PublicWaitAsked, slug: str) -> Change[Booked]:
        """Join a waiting list; whoever is first in line is offered a place by letter."""
        with named_by("appointment"):
            session = waiting.session_to_wait_for(slug, body.appointment)
        make = partial(
            commands.join_waitlist,
            appointment=session,
            seats=body.seats,
            contact=contact_of(body.contact, session.service.business, language=call.language),
            answers=dict(body.answers),
            now=call.now,
        )
        return _booked(call, session.service.business, body.contact.email, make)


def _booked(
    call: Visitor,
    business: Business,
    email: str,
    make: Callable[[], Booked],
    instead: Callable[[BookingError], Mapping[str, object]] | None = None,
) -> Change[Booked]:
    """Return the change that makes a booking, which a letter tells of."""

    def shown(booked: Booked) -> TicketShown:
        booking = pages.booking_by_token(booked.token, now=call.now)
        return shown_ticket(booking, token=booked.token, now=call.now)

    return Change(
        once_counted(
            make,
            partial(count_change, business, now=call.now),
            partial(count_letter, email, now=call.now),
        ),
        shows=shown,
        at=lambda booked: address_of("api:public_booking", business.slug, booked.token),
        instead=instead,
        names=named,
    )
