"""Other times and other people, for one customer or for everybody in an appointment."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.engine.policy import Override
from bookings.errors import ChangedMeanwhile, Invalid, StaffNotOffered, WrongState
from bookings.faces.api.call import Call
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.shapes.appointments import AppointmentShown
from bookings.faces.api.shapes.bookings import BookingShown
from bookings.faces.api.shapes.orders import MoveAsked, NotesAsked, ReasonAsked, ReassignAsked
from bookings.faces.api.views.finding import (
    appointment_change,
    appointment_of,
    booking_change,
    booking_of,
    version_seen,
)
from bookings.faces.api.views.ordering import person, set_aside, wished
from bookings.models import Appointment, Booking, Resource
from bookings.queries.serving import whom_to_move_to

REFUSES = (*OF_A_TIME, Invalid, StaffNotOffered, WrongState, ChangedMeanwhile)


class RescheduleBooking(Endpoint):
    """Another time for one customer."""

    @Operation(
        "reschedule_booking",
        "Move a booking",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.MOVE,
        body=MoveAsked,
        shows=BookingShown,
        refuses=REFUSES,
    )
    def post(self, call: Call, body: MoveAsked, booking: UUID) -> Change[Booking]:
        """Move one customer's seats to another time, and tell them.

        Somebody alone in an appointment takes it along; of a group only these seats move.
        """
        found = booking_of(call, booking, Capability.MOVE)
        appointment = found.appointment
        staff = whom_to_move_to(call.colleague, appointment, wished(call, body.staff))
        make = partial(
            commands.reschedule,
            booking=found,
            starts_at=body.starts_at,
            staff=staff,
            now=call.now,
            actor=call.actor,
            overrides=set_aside(call, body.overrides) | {Override.NOTICE},
            because=body.because,
            version=version_seen(call, appointment),
        )
        instead = _instead(call, body, found.seats, found, appointment, staff)
        return booking_change(found, make, instead=instead, locks=False)


class RescheduleAppointment(Endpoint):
    """Another time for everybody in an appointment."""

    @Operation(
        "reschedule_appointment",
        "Move an appointment",
        scope=Scope.APPOINTMENTS_WRITE,
        needs=Capability.MOVE,
        body=MoveAsked,
        shows=AppointmentShown,
        refuses=REFUSES,
    )
    def post(self, call: Call, body: MoveAsked, appointment: UUID) -> Change[Appointment]:
        """Move an appointment with everybody in it, and tell them all.

        At the time that it has it is given to somebody else.
        """
        found = appointment_of(call, appointment, Capability.MOVE)
        staff = whom_to_move_to(call.colleague, found, wished(call, body.staff))
        how: dict[str, Any] = {
            "now": call.now,
            "actor": call.actor,
            "overrides": set_aside(call, body.overrides),
            "because": body.because,
        }
        if staff is not None and body.starts_at == found.starts_at:
            make = partial(commands.reassign, appointment=found, staff=staff, **how)
        else:
            make = partial(
                commands.reschedule_appointment,
                appointment=found,
                starts_at=body.starts_at,
                staff=staff,
                **how,
            )
        instead = _instead(call, body, found.capacity, found, found, staff)
        return appointment_change(found, make, instead=instead)


class Reassign(Endpoint):
    """Other people for an appointment."""

    @Operation(
        "reassign_appointment",
        "Give an appointment to somebody else",
        scope=Scope.APPOINTMENTS_WRITE,
        needs=Capability.REASSIGN,
        body=ReassignAsked,
        shows=AppointmentShown,
        refuses=REFUSES,
    )
    def post(self, call: Call, body: ReassignAsked, appointment: UUID) -> Change[Appointment]:
        """Give an appointment to another person at the same time, and tell everybody concerned."""
        found = appointment_of(call, appointment, Capability.REASSIGN)
        make = partial(
            commands.reassign,
            appointment=found,
            staff=person(call, body.staff),
            now=call.now,
            actor=call.actor,
            overrides=set_aside(call, body.overrides),
            because=body.because,
        )
        return appointment_change(found, make)


class CancelAppointment(Endpoint):
    """The cancellation of an appointment."""

    @Operation(
        "cancel_appointment",
        "Cancel an appointment",
        scope=Scope.APPOINTMENTS_WRITE,
        needs=Capability.CANCEL,
        body=ReasonAsked,
        shows=AppointmentShown,
        refuses=(WrongState,),
    )
    def post(self, call: Call, body: ReasonAsked, appointment: UUID) -> Change[Appointment]:
        """Cancel an appointment with everybody in it, and tell them all."""
        found = appointment_of(call, appointment, Capability.CANCEL)
        make = partial(
            commands.cancel_appointment,
            appointment=found,
            reason=body.reason,
            now=call.now,
            actor=call.actor,
        )
        return appointment_change(found, make)


class Notes(Endpoint):
    """The internal notes of an appointment."""

    @Operation(
        "write_notes",
        "Write internal notes",
        scope=Scope.APPOINTMENTS_WRITE,
        needs=Capability.MOVE,
        body=NotesAsked,
        shows=AppointmentShown,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: NotesAsked, appointment: UUID) -> Change[Appointment]:
        """Replace what those who work for the business note about an appointment."""
        found = appointment_of(call, appointment, Capability.MOVE)
        make = partial(
            commands.write_notes,
            appointment=found,
            text=body.staff_notes,
            now=call.now,
            actor=call.actor,
        )
        return appointment_change(found, make, names={"notes": "staff_notes"})


def _instead(
    call: Call,
    body: MoveAsked,
    seats: int,
    moving: Booking | Appointment,
    appointment: Appointment,
    staff: Resource | None,
) -> Otherwise:
    """Return what may be asked for where the new time is refused; a group needs one of its own."""
    return Otherwise(
        service=appointment.service,
        starts_at=body.starts_at,
        parameters={"staff": str(staff.public_id)} if staff else {},
        now=call.now,
        staff=staff,
        seats=seats,
        moving=moving,
    )
