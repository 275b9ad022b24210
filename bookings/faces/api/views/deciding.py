"""What is decided about one customer's seats: requests, cancellations, and the day itself."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import BookingDecision
from bookings.engine.policy import Override
from bookings.errors import BookingError, ChangedMeanwhile, InThePast, NotYet, WrongState
from bookings.faces.api.call import Call
from bookings.faces.api.changing import Change
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Asked
from bookings.faces.api.shapes.bookings import BookingShown, LinkShown
from bookings.faces.api.shapes.orders import ReasonAsked
from bookings.faces.api.views.finding import booking_change, booking_of
from bookings.faces.api.views.ordering import manage_url
from bookings.models import Booking


def _decides(
    name: str,
    summary: str,
    *refuses: type[BookingError],
    needs: Capability,
    body: type[Asked] | None = None,
) -> Operation:
    """Return the operation of a decision about a booking, which answers with it."""
    return Operation(
        name,
        summary,
        scope=Scope.BOOKINGS_WRITE,
        needs=needs,
        body=body,
        shows=BookingShown,
        refuses=(WrongState, ChangedMeanwhile, *refuses),
    )


def _decided(
    call: Call, booking: UUID, command: BookingDecision, needs: Capability
) -> Change[Booking]:
    """Return a decision that needs to know no more than who decides, and when."""
    found = booking_of(call, booking, needs)
    make = partial(command, booking=found, now=call.now, actor=call.actor)
    return booking_change(found, make)


class Approve(Endpoint):
    """The approval of a request."""

    @_decides("approve_booking", "Approve a request", InThePast, needs=Capability.CANCEL)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Confirm what a customer has asked for, and tell them."""
        return _decided(call, booking, commands.approve, Capability.CANCEL)


class Decline(Endpoint):
    """The refusal of a request."""

    @_decides("decline_booking", "Decline a request", needs=Capability.CANCEL, body=ReasonAsked)
    def post(self, call: Call, body: ReasonAsked, booking: UUID) -> Change[Booking]:
        """Decline what a customer has asked for, and tell them; the time is free again."""
        found = booking_of(call, booking, Capability.CANCEL)
        make = partial(
            commands.decline, booking=found, reason=body.reason, now=call.now, actor=call.actor
        )
        return booking_change(found, make)


class Cancel(Endpoint):
    """The cancellation of a booking."""

    @_decides("cancel_booking", "Cancel a booking", needs=Capability.CANCEL, body=ReasonAsked)
    def post(self, call: Call, body: ReasonAsked, booking: UUID) -> Change[Booking]:
        """Give the seats of one customer back, however late, and tell them.

        What is cancelled already stays as it is.
        """
        found = booking_of(call, booking, Capability.CANCEL)
        make = partial(
            commands.cancel_booking,
            booking=found,
            reason=body.reason,
            now=call.now,
            actor=call.actor,
            overrides=frozenset({Override.NOTICE}),
        )
        return booking_change(found, make)


class CheckIn(Endpoint):
    """That a customer is here."""

    @_decides("check_in_booking", "Check in", needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Note that the customer is here; this takes a no-show back."""
        return _decided(call, booking, commands.check_in, Capability.ATTEND)


class UndoCheckIn(Endpoint):
    """That a customer is not here after all."""

    @_decides("undo_check_in_booking", "Undo a check-in", needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Take back that the customer is here."""
        return _decided(call, booking, commands.clear_check_in, Capability.ATTEND)


class Complete(Endpoint):
    """That an appointment is done for a customer."""

    @_decides("complete_booking", "Complete", NotYet, needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Note that the appointment is done."""
        return _decided(call, booking, commands.complete, Capability.ATTEND)


class UndoComplete(Endpoint):
    """That an appointment is not done after all."""

    @_decides("undo_complete_booking", "Undo a completion", needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Take back that the appointment is done."""
        return _decided(call, booking, commands.clear_completion, Capability.ATTEND)


class NoShow(Endpoint):
    """That a customer did not come."""

    @_decides("mark_no_show_booking", "Mark a no-show", NotYet, needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Note that the customer did not come."""
        return _decided(call, booking, commands.mark_no_show, Capability.ATTEND)


class UndoNoShow(Endpoint):
    """That a customer came after all."""

    @_decides("undo_no_show_booking", "Undo a no-show", needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Take back that the customer did not come."""
        return _decided(call, booking, commands.clear_no_show, Capability.ATTEND)


class Reconfirm(Endpoint):
    """That a customer says once more that they come."""

    @_decides("reconfirm_booking", "Reconfirm", InThePast, needs=Capability.ATTEND)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Note that the customer says once more that they will come."""
        return _decided(call, booking, commands.reconfirm, Capability.ATTEND)


class EndTexts(Endpoint):
    """The end of text messages about a booking."""

    @_decides("end_texts_booking", "End the text messages", needs=Capability.MOVE)
    def post(self, call: Call, booking: UUID) -> Change[Booking]:
        """Take the consent to text messages about the booking back."""
        return _decided(call, booking, commands.end_texts, Capability.MOVE)


class ManageLink(Endpoint):
    """The link by which a customer manages a booking."""

    @Operation(
        "make_manage_link",
        "Get the customer's link",
        scope=Scope.BOOKINGS_WRITE,
        needs=Capability.MOVE,
        shows=LinkShown,
    )
    def post(self, call: Call, booking: UUID) -> Change[str]:
        """Return the link by which the customer sees, moves and cancels the booking.

        It is the one that their letters carry; where none of these works any more, a new one.
        """
        found = booking_of(call, booking, Capability.MOVE)
        make = partial(commands.manage_token, booking=found, now=call.now)
        return Change(make, shows=lambda token: LinkShown(manage_url=manage_url(token)))
