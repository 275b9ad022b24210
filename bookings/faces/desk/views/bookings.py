"""What is decided at the desk about one customer's seats."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from bookings import commands
from bookings.commands import BookingDecision
from bookings.engine.policy import Override
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk.appointments.panel import decide, read_version, show_appointment
from bookings.models import Booking

Decide = Callable[[DeskRequest, Booking], object]
BookingView = Callable[..., HttpResponseBase]


def _deciding(needs: Capability, act: Decide, said: Promise) -> BookingView:
    """Return a view that decides about a booking within reach and says so on its page."""

    @desk("POST", needs=needs)
    def view(request: DeskRequest, booking: UUID) -> HttpResponse:
        chosen = found(request, booking, needs)
        return decide(request, chosen.appointment, lambda: act(request, chosen), said=said)

    return view


def _just(command: BookingDecision) -> Decide:
    """Return what carries out a command that needs to know no more than who decides, and when."""

    def act(request: DeskRequest, booking: Booking) -> object:
        return command(booking=booking, now=timezone.now(), actor=request.actor)

    return act


def _decline(request: DeskRequest, booking: Booking) -> object:
    reason = request.POST.get("reason", "")
    return commands.decline(booking=booking, reason=reason, now=timezone.now(), actor=request.actor)


def _cancel(request: DeskRequest, booking: Booking) -> object:
    return commands.cancel_booking(
        booking=booking,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
        actor=request.actor,
        overrides=frozenset({Override.NOTICE}),
        version=read_version(request),
    )


def _attending(command: BookingDecision, said: Promise) -> BookingView:
    """Return a view that notes whether somebody came, or takes it back."""
    return _deciding(Capability.ATTEND, _just(command), said)


def _unlist(request: DeskRequest, booking: Booking) -> object:
    return commands.leave_waitlist(
        booking=booking,
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
        actor=request.actor,
    )


approve = _deciding(
    Capability.CANCEL, _just(commands.approve), _("Approved, and the customer is told.")
)
decline = _deciding(Capability.CANCEL, _decline, _("Declined, and the customer is told."))
cancel = _deciding(Capability.CANCEL, _cancel, _("Cancelled, and the customer is told."))
give_place = _deciding(
    Capability.CHANGE_ATTENDEES, _just(commands.take_place), _("They have the place, and are told.")
)
unlist = _deciding(
    Capability.CHANGE_ATTENDEES, _unlist, _("Off the waiting list, and the customer is told.")
)
check_in = _attending(commands.check_in, _("They are here."))
undo_check_in = _attending(commands.clear_check_in, _("The check-in is taken back."))
complete = _attending(commands.complete, _("Completed."))
undo_complete = _attending(commands.clear_completion, _("It is not completed any more."))
no_show = _attending(commands.mark_no_show, _("Noted that they did not come."))
undo_no_show = _attending(commands.clear_no_show, _("The no-show is taken back."))

end_texts = _deciding(
    Capability.MOVE, _just(commands.end_texts), _("They get no more text messages about it.")
)


@desk("POST", needs=Capability.MOVE)
def link(request: DeskRequest, booking: UUID) -> HttpResponse:
    """Show the link by which the customer sees, moves and cancels a booking."""
    chosen = found(request, booking, Capability.MOVE)
    token = commands.manage_token(booking=chosen, now=timezone.now())
    address = f"{settings.PUBLIC_URL}{reverse('site:booking', args=[token])}"
    shown = {str(chosen.public_id): address}
    return show_appointment(request, chosen.appointment, link=shown)


def found(request: DeskRequest, public_id: UUID, capability: Capability) -> Booking:
    """Return a booking within reach, its appointment and service loaded. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    rows = request.colleague.bookings(capability)
    return one(rows.select_related("appointment__service__business"), public_id)
