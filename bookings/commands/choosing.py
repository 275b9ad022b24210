"""Questions put by mail: one link for each address, one answer for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.cancelling import cancel_booking
from bookings.commands.deciding import approve, decline
from bookings.commands.decision import decision
from bookings.commands.reconfirming import reconfirm
from bookings.commands.scheduling import locked_booking, told
from bookings.commands.versions import changed
from bookings.commands.waiting import leave_waitlist, take_place
from bookings.engine.policy import BookingState
from bookings.errors import BookingError, ChoiceMade, ChoiceOver, Invalid, NotAllowed, _
from bookings.models import OPTIONS, Booking, Choice, ChoiceLink, ChoicePurpose
from bookings.queries.deciders import decider


@decision
def choose(
    *, link: ChoiceLink, choice: str, reason: str = "", sequence: int, now: datetime
) -> ChoiceLink:
    """Answer a question that was put by mail, once, and do what was answered.

    `sequence` is that of the booking as the one who answers saw it. The same answer again
    changes nothing. Who decides about a request must still be the one to decide. Writes the
    answer, its event and all that the decision writes in one transaction.

    Locks: as the decision, the appointment first; so of two answers at once one counts.

    Raises:
        Invalid: this is no answer to the question.
        ChoiceMade: somebody has answered it otherwise, here or on the desk.
        ChoiceOver: it is too late, or the booking is none any more.
        NotAllowed: the address serves this appointment no more.
        ChangedMeanwhile: the booking has another time, or other people, than the page said.
        BookingError: as the decision itself refuses.
    """
    if choice not in OPTIONS[link.purpose]:
        raise Invalid({"choose": _("Please choose one of the answers listed.")})
    booking = locked_booking(link.booking_id, _actor(link, link.address))
    link = ChoiceLink.objects.get(pk=link.pk)
    if link.chosen == choice:
        return link
    if refusal := why_not_choose(link, booking, now=now):
        raise refusal
    name = decider(booking.appointment, link.address) if _is_houses(link) else ""
    if _is_houses(link) and not name:
        raise NotAllowed()
    actor = _actor(link, name)
    if sequence != booking.sequence:
        raise changed(booking.appointment, actor)
    link.chosen, link.chosen_at = choice, now
    link.save(update_fields=["chosen", "chosen_at"])
    told(booking, "choice.made", actor, now, {"purpose": link.purpose, "choice": choice})
    _ACTS[Choice(choice)](booking, reason, now, actor)
    return link


def why_not_choose(link: ChoiceLink, booking: Booking, *, now: datetime) -> BookingError | None:
    """Say why a question takes no answer any more; who asks does not matter. No queries."""
    if link.chosen:
        return ChoiceMade()
    if booking.state != _OPEN_WHILE[link.purpose]:
        return ChoiceMade() if booking.state in _DECIDED else ChoiceOver()
    return ChoiceOver() if link.expires_at <= now else None


def _is_houses(link: ChoiceLink) -> bool:
    """Say whether it is put to those who work for the business."""
    return link.purpose == ChoicePurpose.APPROVAL


def _actor(link: ChoiceLink, name: str) -> Actor:
    return Actor("staff", name[:100]) if _is_houses(link) else CUSTOMER


def _approve(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    approve(booking=booking, now=now, actor=actor)


def _decline(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    decline(booking=booking, reason=reason, now=now, actor=actor)


def _come(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    reconfirm(booking=booking, now=now, actor=actor)


def _cancel(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    cancel_booking(booking=booking, reason=reason, now=now, actor=actor)


def _take(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    take_place(booking=booking, now=now, actor=actor)


def _leave(booking: Booking, reason: str, now: datetime, actor: Actor) -> None:
    leave_waitlist(booking=booking, now=now, actor=actor)


_ACTS: Final[Mapping[Choice, Callable[[Booking, str, datetime, Actor], None]]] = {
    Choice.APPROVE: _approve,
    Choice.DECLINE: _decline,
    Choice.COME: _come,
    Choice.CANCEL: _cancel,
    Choice.TAKE: _take,
    Choice.LEAVE: _leave,
}
"""What an answer does, under the lock of the booking's appointment."""

_DECIDED: Final = {
    BookingState.CONFIRMED.value,
    BookingState.DECLINED.value,
    BookingState.PENDING.value,
}
"""States that say that somebody has answered a question that was open."""

_OPEN_WHILE: Final[Mapping[str, str]] = {
    ChoicePurpose.APPROVAL: BookingState.PENDING.value,
    ChoicePurpose.RECONFIRMATION: BookingState.CONFIRMED.value,
    ChoicePurpose.OFFER: BookingState.HELD.value,
}
"""By purpose: the state of the booking in which the question is open."""
