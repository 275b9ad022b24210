"""Bookings, and what can be done with one."""

from __future__ import annotations

from functools import partial

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Booked, Contact
from bookings.errors import Full, Invalid, SlotTaken
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.bookings import BookingAsked, BookingShown, shown_booking
from bookings.models import Booking

_LOADED = ("appointment__service", "business")


class Bookings(Endpoint):
    """The bookings of a business."""

    @Operation(
        "list_bookings",
        "List the bookings",
        scope=Scope.BOOKINGS_READ,
        needs=Capability.SEE_BOOKINGS,
        query=Parts,
        shows=Listed[BookingShown],
    )
    def get(self, call: Call, query: Parts) -> Listed[BookingShown]:
        """Return bookings, the latest made first."""
        rows = call.colleague.bookings(Capability.SEE_BOOKINGS).select_related(*_LOADED)
        order = ("-created_at", "-pk")
        return part(call, query, rows, order=order, among=rows, shows=shown_booking)

    @Operation(
        "create_booking",
        "Book",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.BOOK,
        body=BookingAsked,
        shows=BookingShown,
        status=201,
        refuses=(Invalid, SlotTaken, Full),
    )
    def post(self, call: Call, body: BookingAsked) -> Change[Booked]:
        """Book seats for a customer."""
        services = call.colleague.services(Capability.BOOK).select_related("business")
        staff = call.colleague.resources(Capability.BOOK)
        contact = body.contact
        return Change(
            partial(
                commands.book,
                service=one(services, body.service),
                starts_at=body.starts_at,
                staff=one(staff, body.staff) if body.staff else None,
                seats=body.seats,
                contact=Contact(
                    name=contact.name,
                    email=contact.email or "",
                    phone=contact.phone,
                    zone=contact.time_zone,
                    language=contact.language,
                ),
                answers=dict(body.answers),
                now=call.now,
                actor=call.actor,
            ),
            shows=lambda booked: shown_booking(_loaded(booked.booking)),
        )


def _loaded(booking: Booking) -> Booking:
    return Booking.objects.select_related(*_LOADED).get(pk=booking.pk)
