"""Appointments: which there are, and each with what is in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from pydantic import Field

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.engine.policy import AppointmentState
from bookings.faces.api.access import require_scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Among, Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Instant, Listed
from bookings.faces.api.shapes.appointments import (
    AppointmentShown,
    Expansion,
    shown_appointment,
)
from bookings.models import Appointment, Booking
from bookings.queries.gathering import appointments_known, gather_appointments


class AppointmentPicked(Picked):
    """What is wanted of an appointment."""

    expand: Among[Expansion] = frozenset()
    """`bookings`, `bookings.customer`, `bookings.answers`: what else to show, with commas between
    them. Each needs the scope `bookings:read`."""


class AppointmentParts(AppointmentPicked, Parts):
    """Which appointments are wanted, and what of them."""

    starting: Annotated[Instant | None, Field(alias="from")] = None
    """Those that start then or later."""
    until: Annotated[Instant | None, Field(alias="to")] = None
    """Those that start before."""
    service: UUID | None = None
    staff: UUID | None = None
    """Those that this person, or room, is taken for."""
    customer: UUID | None = None
    """Those with a booking of this customer."""
    state: AppointmentState | None = None
    order: Literal["starts_at", "-starts_at"] = "starts_at"


class Appointments(Endpoint):
    """The appointments of a business."""

    @Operation(
        "list_appointments",
        "List the appointments",
        scope=Scope.APPOINTMENTS_READ,
        needs=Capability.SEE_BOOKINGS,
        query=AppointmentParts,
        shows=Listed[AppointmentShown],
    )
    def get(self, call: Call, query: AppointmentParts) -> Listed[AppointmentShown]:
        """Return appointments by their start; what is only held for somebody is none yet."""
        known = appointments_known(call.colleague.appointments(Capability.SEE_BOOKINGS))
        return part(
            call,
            query,
            _wanted(known, query),
            order=(query.order, "-pk" if query.order.startswith("-") else "pk"),
            among=known,
            shows=lambda row: shown_appointment(row, query.expand),
            gather=_gathering(call, query.expand),
        )


class OneAppointment(Endpoint):
    """One appointment."""

    @Operation(
        "read_appointment",
        "Read an appointment",
        scope=Scope.APPOINTMENTS_READ,
        needs=Capability.SEE_BOOKINGS,
        query=AppointmentPicked,
        shows=AppointmentShown,
    )
    def get(self, call: Call, query: AppointmentPicked, appointment: UUID) -> AppointmentShown:
        """Return an appointment."""
        known = appointments_known(call.colleague.appointments(Capability.SEE_BOOKINGS))
        gather = _gathering(call, query.expand)
        found = one(known, appointment)
        gather([found])
        return shown_appointment(found, query.expand)


def _gathering(
    call: Call, expand: Collection[Expansion]
) -> Callable[[Sequence[Appointment]], None]:
    """Return what reads, for appointments, all that is to be shown of them.

    Raises:
        Problem: 403, the token is not good for bookings.
    """
    if expand:
        require_scope(call.caller, Scope.BOOKINGS_READ)
    answers = "bookings.answers" in expand
    return partial(gather_appointments, bookings=bool(expand), answers=answers)


def _wanted(rows: QuerySet[Appointment], query: AppointmentParts) -> QuerySet[Appointment]:
    if query.starting is not None:
        rows = rows.filter(starts_at__gte=query.starting)
    if query.until is not None:
        rows = rows.filter(starts_at__lt=query.until)
    if query.service is not None:
        rows = rows.filter(service__public_id=query.service)
    if query.staff is not None:
        rows = rows.filter(resources__public_id=query.staff)
    if query.customer is not None:
        theirs = Booking.objects.filter(
            appointment=OuterRef("pk"), customer__public_id=query.customer
        )
        rows = rows.filter(Exists(theirs))
    if query.state is not None:
        rows = rows.filter(state=query.state.value)
    return rows
