"""The page of an appointment, and what is decided there about all of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from bookings import commands
from bookings.composing.feeds import file_of
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk.appointments.panel import decide, read_version, show_appointment
from bookings.models import Appointment
from bookings.queries.messages import messages_of


@desk("GET", needs=Capability.SEE_BOOKINGS)
def appointment(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Show everything about an appointment."""
    return show_appointment(request, found(request, appointment, Capability.SEE_BOOKINGS))


@desk("GET", needs=Capability.SEE_BOOKINGS)
def file(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Answer with an appointment as a calendar file; a request is in no calendar."""
    return HttpResponse(
        file_of(found(request, appointment, Capability.SEE_BOOKINGS)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@desk("POST", needs=Capability.CANCEL)
def cancel(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Cancel an appointment with everybody in it."""
    chosen = found(request, appointment, Capability.CANCEL)
    return decide(
        request,
        chosen,
        lambda: commands.cancel_appointment(
            appointment=chosen,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
            actor=request.actor,
            version=read_version(request),
        ),
        said=_("The appointment is cancelled, and everybody in it is told."),
    )


@desk("POST", needs=Capability.MOVE)
def notes(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Write down what staff should know."""
    chosen = found(request, appointment, Capability.MOVE)
    return decide(
        request,
        chosen,
        lambda: commands.write_notes(
            appointment=chosen,
            text=request.POST.get("notes", ""),
            now=timezone.now(),
            actor=request.actor,
            version=read_version(request),
        ),
        said=_("The notes are saved."),
    )


@desk("POST", needs=Capability.MOVE)
def resend(request: DeskRequest, message: UUID) -> HttpResponse:
    """Send a letter about an appointment once more."""
    letters = messages_of(request.colleague, Capability.MOVE).filter(appointment__isnull=False)
    letter = one(letters.select_related("appointment__service__business", "booking"), message)
    about = letter.appointment
    assert about is not None
    return decide(
        request,
        about,
        lambda: commands.resend(message=letter, now=timezone.now(), actor=request.actor),
        said=_("The letter is on its way again."),
    )


def found(request: DeskRequest, public_id: UUID, capability: Capability) -> Appointment:
    """Return an appointment within reach, its service loaded. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    rows = request.colleague.appointments(capability).select_related("service__business")
    return one(rows, public_id)
