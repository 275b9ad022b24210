"""What a customer can do with the link of their letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from bookings import commands
from bookings.commands import BookingDecision
from bookings.errors import (
    BookingError,
    ChangedMeanwhile,
    Full,
    HoldExpired,
    InThePast,
    NotFound,
    StaffNotOffered,
    TooLate,
    TooManyOpen,
    WrongState,
)
from bookings.faces.abuse import count_change, count_letter, once_counted
from bookings.faces.api.answering import Answer
from bookings.faces.api.changing import Change
from bookings.faces.api.free import days_answer, starts_answer
from bookings.faces.api.otherwise import OF_A_TIME, Otherwise
from bookings.faces.api.public import LinkEndpoint, PublicOperation, Visitor
from bookings.faces.api.shapes.availability import DaysShown, SpanAsked, StartsShown
from bookings.faces.api.shapes.tickets import (
    TicketCancelAsked,
    TicketMoveAsked,
    TicketShown,
    shown_ticket,
)
from bookings.faces.api.views.public_holds import free_for
from bookings.faces.api.views.public_services import chosen
from bookings.models import Appointment, Booking
from bookings.queries import pages

CHANGED: Final = (WrongState, TooLate, ChangedMeanwhile)


class PublicBooking(LinkEndpoint):
    """A booking, by the link of its letter."""

    @PublicOperation("read_public_booking", "Read a booking by its link", shows=TicketShown)
    def get(self, call: Visitor, slug: str, token: str) -> TicketShown:
        """Return a booking as its customer sees it."""
        return shown_ticket(_by_link(call, slug, token), token=token, now=call.now)


class PublicBookingStarts(LinkEndpoint):
    """The times to which a booking can be moved."""

    @PublicOperation(
        "list_public_booking_starts",
        "List the times to which a booking can be moved",
        query=SpanAsked,
        shows=StartsShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: SpanAsked, slug: str, token: str) -> Answer:
        """Return what is free for as many; its own time counts as free."""
        booking = _by_link(call, slug, token)
        offer, zone = free_for(call, query, booking, moving=booking)
        return starts_answer(offer, zone)


class PublicBookingDays(LinkEndpoint):
    """The days to which a booking can be moved."""

    @PublicOperation(
        "list_public_booking_days",
        "List the days to which a booking can be moved",
        query=SpanAsked,
        shows=DaysShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: SpanAsked, slug: str, token: str) -> Answer:
        """Return the days with a time that is free for as many; its own time counts as free."""
        booking = _by_link(call, slug, token)
        offer, zone = free_for(call, query, booking, moving=booking)
        return days_answer(offer.days(query.first_day, query.last_day, zone), zone)


class PublicRescheduling(LinkEndpoint):
    """Moving a booking by its link."""

    @PublicOperation(
        "reschedule_public_booking",
        "Move a booking by its link",
        body=TicketMoveAsked,
        shows=TicketShown,
        refuses=(*OF_A_TIME, *CHANGED, StaffNotOffered),
    )
    def post(self, call: Visitor, body: TicketMoveAsked, slug: str, token: str) -> Change[Booking]:
        """Move the booking to another free time; where that is refused it stays where it is."""
        booking = _by_link(call, slug, token)
        service = booking.appointment.service
        staff = chosen(pages.staff_of(service), body.staff)
        make = partial(
            commands.reschedule,
            booking=booking,
            starts_at=body.starts_at,
            staff=staff,
            now=call.now,
        )
        parameters = {"staff": str(body.staff)} if body.staff else {}
        seats = booking.seats
        return _change(
            call,
            token,
            booking,
            once_counted(
                make,
                partial(count_change, service.business, now=call.now),
                partial(count_letter, booking.email, now=call.now),
            ),
            Otherwise(service, body.starts_at, parameters, call.now, staff, seats, booking),
        )


class PublicCancelling(LinkEndpoint):
    """Cancelling a booking by its link."""

    @PublicOperation(
        "cancel_public_booking",
        "Cancel a booking by its link",
        body=TicketCancelAsked,
        shows=TicketShown,
        refuses=CHANGED,
    )
    def post(
        self, call: Visitor, body: TicketCancelAsked, slug: str, token: str
    ) -> Change[Booking]:
        """Cancel the booking; one that is cancelled stays so."""
        booking = _by_link(call, slug, token)
        make = partial(commands.cancel_booking, booking=booking, reason=body.reason, now=call.now)
        return _change(call, token, booking, make)


class PublicReconfirming(LinkEndpoint):
    """Saying once more that one comes."""

    @PublicOperation(
        "reconfirm_public_booking",
        "Say once more that one comes",
        shows=TicketShown,
        refuses=(WrongState, InThePast, ChangedMeanwhile),
    )
    def post(self, call: Visitor, slug: str, token: str) -> Change[Booking]:
        """Note that the customer comes."""
        return _pressed(call, slug, token, commands.reconfirm)


class PublicTaking(LinkEndpoint):
    """Taking a place that is kept for who waited."""

    @PublicOperation(
        "take_public_place",
        "Take the place that is kept",
        shows=TicketShown,
        refuses=(HoldExpired, Full, TooManyOpen, WrongState, ChangedMeanwhile),
    )
    def post(self, call: Visitor, slug: str, token: str) -> Change[Booking]:
        """Take the place that was offered from the waiting list."""
        return _pressed(call, slug, token, commands.take_place)


class PublicLeaving(LinkEndpoint):
    """Leaving a waiting list."""

    @PublicOperation(
        "leave_public_waitlist",
        "Leave a waiting list",
        shows=TicketShown,
        refuses=(WrongState, ChangedMeanwhile),
    )
    def post(self, call: Visitor, slug: str, token: str) -> Change[Booking]:
        """Leave the list; a place that is kept is offered to the next."""
        return _pressed(call, slug, token, commands.leave_waitlist)


class PublicEndingTexts(LinkEndpoint):
    """Taking the consent to text messages back."""

    @PublicOperation(
        "end_public_texts",
        "Get no more text messages",
        shows=TicketShown,
        refuses=(ChangedMeanwhile,),
    )
    def post(self, call: Visitor, slug: str, token: str) -> Change[Booking]:
        """Send no more text messages about the booking."""
        booking = _by_link(call, slug, token)
        make = partial(commands.end_texts, booking=booking, now=call.now)
        return _change(call, token, booking, make)


def _by_link(call: Visitor, slug: str, token: str) -> Booking:
    """Return the booking of a link, at the business that the address names.

    Raises:
        NotFound: the link leads nowhere, or elsewhere.
    """
    booking = pages.booking_by_token(token, now=call.now)
    if booking.appointment.service.business.slug != slug:
        raise NotFound()
    return booking


def _pressed(call: Visitor, slug: str, token: str, command: BookingDecision) -> Change[Booking]:
    booking = _by_link(call, slug, token)
    make = partial(command, booking=booking, now=call.now, actor=commands.CUSTOMER)
    return _change(call, token, booking, make)


def _change(
    call: Visitor,
    token: str,
    booking: Booking,
    make: Callable[[], Booking],
    instead: Callable[[BookingError], Mapping[str, object]] | None = None,
) -> Change[Booking]:
    """Return the change of a booking by its link."""

    def shown() -> TicketShown:
        found = pages.booking_by_token(token, now=call.now)
        return shown_ticket(found, token=token, now=call.now)

    def seen() -> TicketShown:
        Appointment.objects.select_for_update(no_key=True).get(pk=booking.appointment_id)
        return shown()

    return Change(
        make,
        shows=lambda _booking: shown(),
        seen=seen,
        instead=instead,
    )
