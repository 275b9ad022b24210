"""Bookings: which there are, each of them, and new ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Booked
from bookings.engine.policy import BookingState
from bookings.errors import Invalid, TooManyOpen
from bookings.faces.api.call import Call, named_by, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Among, Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.shapes import Instant, Listed
from bookings.faces.api.shapes.bookings import BookingShown, Expansion, shown_booking
from bookings.faces.api.shapes.orders import BookingAsked
from bookings.faces.api.views.ordering import (
    OF_AN_ORDER,
    address_of,
    made,
    manage_url,
    may_give_away,
    named,
    set_aside,
    who_comes,
    wished,
)
from bookings.models import Booking, Resource, Service
from bookings.queries.gathering import (
    bookings_known,
    gather_bookings,
    held_within,
    links_of,
    with_appointments,
)
from bookings.queries.serving import whom_to_book

ORDERS = {
    "starts_at": ("appointment__starts_at", "pk"),
    "-starts_at": ("-appointment__starts_at", "-pk"),
    "created_at": ("created_at", "pk"),
    "-created_at": ("-created_at", "-pk"),
}


class BookingPicked(Picked):
    """What is wanted of a booking."""

    expand: Among[Expansion] = frozenset()
    """`answers`, `manage_url`: what else to show, with commas between them."""


class BookingParts(BookingPicked, Parts):
    """Which bookings are wanted, and what of them."""

    starting: Annotated[Instant | None, Field(alias="from")] = None
    """Those whose appointment starts then or later."""
    until: Annotated[Instant | None, Field(alias="to")] = None
    """Those whose appointment starts before."""
    service: UUID | None = None
    staff: UUID | None = None
    """Those that this person, or room, is taken for."""
    customer: UUID | None = None
    state: Among[BookingState] = frozenset()
    """One or several, with commas between them; `held` is an offer from the waiting list."""
    order: Literal["starts_at", "-starts_at", "created_at", "-created_at"] = "-created_at"


class Bookings(Endpoint):
    """The bookings of a business."""

    @Operation(
        "list_bookings",
        "List the bookings",
        scope=Scope.BOOKINGS_READ,
        needs=Capability.SEE_BOOKINGS,
        query=BookingParts,
        shows=Listed[BookingShown],
    )
    def get(self, call: Call, query: BookingParts) -> Listed[BookingShown]:
        """Return bookings, those on a waiting list too, the latest made first."""
        known = bookings_known(call.colleague.bookings(Capability.SEE_BOOKINGS))
        return part(
            call,
            query,
            with_appointments(_wanted(known, query)),
            order=ORDERS[query.order],
            among=known,
            shows=lambda row: _shown(call, row, query.expand),
            gather=_gathering(query.expand),
        )

    @Operation(
        "create_booking",
        "Book",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.BOOK,
        body=BookingAsked,
        shows=BookingShown,
        status=201,
        refuses=(*OF_A_TIME, *OF_AN_ORDER, TooManyOpen),
    )
    def post(self, call: Call, body: BookingAsked) -> Change[Booked]:
        """Book seats at a time, or what is held, for a customer."""
        return (
            _held_booking(call, body) if body.hold_token is not None else _new_booking(call, body)
        )


class OneBooking(Endpoint):
    """One booking."""

    @Operation(
        "read_booking",
        "Read a booking",
        scope=Scope.BOOKINGS_READ,
        needs=Capability.SEE_BOOKINGS,
        query=BookingPicked,
        shows=BookingShown,
    )
    def get(self, call: Call, query: BookingPicked, booking: UUID) -> BookingShown:
        """Return a booking."""
        known = bookings_known(call.colleague.bookings(Capability.SEE_BOOKINGS))
        found = one(with_appointments(known), booking)
        _gathering(query.expand)([found])
        return _shown(call, found, query.expand)


def _new_booking(call: Call, body: BookingAsked) -> Change[Booked]:
    service_id, starts_at = body.service, body.starts_at
    if service_id is None or starts_at is None:
        asked = {"service": service_id, "starts_at": starts_at}
        needed = "This is needed where nothing is held."
        raise Invalid({name: needed for name, given in asked.items() if given is None})
    with named_by("service"):
        service = call.colleague.service(Capability.BOOK, service_id)
    staff = whom_to_book(call.colleague, service, wished(call, body.staff))
    return _booking(
        call, body, service=service, starts_at=starts_at, staff=staff, seats=body.seats or 1
    )


def _held_booking(call: Call, body: BookingAsked) -> Change[Booked]:
    said = {"service", "starts_at", "staff", "seats"} & body.model_fields_set
    if said:
        raise Invalid(dict.fromkeys(sorted(said), "The hold says this already."))
    held = held_within(call.colleague.appointments(Capability.BOOK), body.hold_token or "")
    service, starts_at = held.appointment.service, held.appointment.starts_at
    return _booking(call, body, service=service, starts_at=starts_at, staff=None, seats=held.seats)


def _booking(
    call: Call,
    body: BookingAsked,
    *,
    service: Service,
    starts_at: datetime,
    staff: Resource | None,
    seats: int,
) -> Change[Booked]:
    parameters = {
        "service": str(service.public_id),
        "staff": str(staff.public_id) if staff else None,
        "seats": seats,
    }
    return Change(
        partial(
            commands.book,
            service=service,
            starts_at=starts_at,
            staff=staff,
            seats=seats,
            **who_comes(call, body.contact, body.customer, service.business),
            answers=body.answers,
            now=call.now,
            hold=body.hold_token or "",
            actor=call.actor,
            overrides=set_aside(call, body.overrides),
            because=body.because,
            staff_notes=body.staff_notes,
        ),
        shows=partial(made, call),
        at=lambda booked: address_of(call, booked.booking),
        instead=Otherwise(service, starts_at, parameters, call.now, staff=staff, seats=seats),
        names=named,
    )


def _wanted(rows: QuerySet[Booking], query: BookingParts) -> QuerySet[Booking]:
    if query.starting is not None:
        rows = rows.filter(appointment__starts_at__gte=query.starting)
    if query.until is not None:
        rows = rows.filter(appointment__starts_at__lt=query.until)
    if query.service is not None:
        rows = rows.filter(appointment__service__public_id=query.service)
    if query.staff is not None:
        rows = rows.filter(appointment__resources__public_id=query.staff)
    if query.customer is not None:
        rows = rows.filter(customer__public_id=query.customer)
    if query.state:
        rows = rows.filter(state__in=[each.value for each in query.state])
    return rows


def _gathering(expand: Collection[Expansion]) -> Callable[[Sequence[Booking]], None]:
    """Return what reads, for bookings, all that is to be shown of them."""
    return partial(gather_bookings, answers="answers" in expand, links="manage_url" in expand)


def _shown(call: Call, booking: Booking, expand: Collection[Expansion]) -> BookingShown:
    url = _live_url(call, booking) if "manage_url" in expand else None
    return shown_booking(booking, answers="answers" in expand, manage_url=url)


def _live_url(call: Call, booking: Booking) -> str | None:
    """Return where the customer manages a booking, None where no link lives; reads its links."""
    if not may_give_away(call, booking):
        return None
    token = commands.live_manage_token(booking.public_id, links_of(booking))
    return manage_url(token) if token else None
