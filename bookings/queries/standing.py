"""What has become of a booking, and what its customer can still do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bookings.engine.policy import CHANGEABLE, BookingState, why_not_change, why_not_reconfirm
from bookings.errors import BookingError
from bookings.models import Booking
from bookings.queries.requests import was_asked_to_come, was_confirmed


@dataclass(frozen=True)
class Standing:
    """What has become of a booking.

    `refusal` says why it can be neither moved nor cancelled, None where it can. `is_request`: it
    has never been confirmed. `is_live`: it has a place; `is_coming`: and is not over.
    `is_asked`: the customer still is to say once more that they come. `is_waiting`: they are on
    a waiting list; `may_take`: a place there is kept for them.
    """

    refusal: BookingError | None
    is_request: bool
    is_live: bool
    is_coming: bool
    is_asked: bool
    is_waiting: bool
    may_take: bool


def standing(booking: Booking, *, now: datetime) -> Standing:
    """Return what has become of a booking; reads its appointment, service and business.

    Cost: one query for what is confirmed, and for what is cancelled where approval is needed.
    """
    appointment = booking.appointment
    notice = appointment.service.policy.cancellation_notice
    is_live = booking.state in CHANGEABLE
    return Standing(
        refusal=why_not_change(booking.state, appointment.starts_at, notice=notice, now=now),
        is_request=_is_request(booking),
        is_live=is_live,
        is_coming=is_live and appointment.ends_at > now,
        is_asked=_is_asked(booking, now),
        is_waiting=is_waiting(booking, now=now),
        may_take=may_take(booking, now=now),
    )


def is_held(booking: Booking, *, now: datetime) -> bool:
    """Say whether the booking is held and its hold has not ended."""
    return (
        booking.state == BookingState.HELD
        and booking.expires_at is not None
        and booking.expires_at > now
    )


def is_waiting(booking: Booking, *, now: datetime) -> bool:
    """Say whether somebody is still on a list, be it with an offer that can be taken."""
    if booking.appointment.starts_at <= now or not booking.is_in_line:
        return False
    return not booking.is_offered or may_take(booking, now=now)


def may_take(booking: Booking, *, now: datetime) -> bool:
    """Say whether a place is kept for somebody who waits."""
    return booking.is_offered and booking.expires_at is not None and booking.expires_at > now


def _is_asked(booking: Booking, now: datetime) -> bool:
    starts_at = booking.appointment.starts_at
    if booking.reconfirmed_at or why_not_reconfirm(booking.state, starts_at, now=now):
        return False
    return was_asked_to_come(booking)


def _is_request(booking: Booking) -> bool:
    """Say whether a booking has never been confirmed; only what is cancelled needs a look."""
    if booking.waitlisted_at is not None:
        return True
    if booking.state != BookingState.CANCELLED:
        return booking.state in (BookingState.PENDING, BookingState.DECLINED)
    return booking.appointment.service.needs_approval and not was_confirmed(booking)
