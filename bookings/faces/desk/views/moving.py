"""Moving an appointment to another time or person: by drag, by keys and by form."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.errors import BookingError, Invalid, NotAllowed, NotFound
from bookings.faces import words
from bookings.faces.access import DeskRequest, by_name, desk, is_script, one
from bookings.faces.desk.moment import read_moment
from bookings.faces.replies import see_other, status_of
from bookings.models import Appointment, Resource, ResourceKind

NEVER = -1
"""The version of no appointment: whoever does not say what they saw has seen nothing."""


@desk("POST", needs=Capability.MOVE)
def move(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Move an appointment with everybody in it; a script is told in plain words why not."""
    found = one(request.colleague.appointments(Capability.MOVE), appointment)
    try:
        _move(request, found)
    except NotFound:
        raise
    except BookingError as refusal:
        return _plain(refusal)
    if is_script(request):
        return HttpResponse(status=204)
    return see_other(reverse("desk:home"))


def _move(request: DeskRequest, appointment: Appointment) -> None:
    fields = request.POST.dict()
    fields["fold"] = fields.get("fold") or "0"
    staff = _whose(request, appointment)
    starts_at = read_moment(fields, zone=request.colleague.business.zone)
    version = fields.get("version", "")
    commands.reschedule_appointment(
        appointment=appointment,
        starts_at=starts_at,
        staff=staff,
        now=timezone.now(),
        actor=request.actor,
        version=int(version) if version.isascii() and version.isdigit() else NEVER,
    )


def _whose(request: DeskRequest, appointment: Appointment) -> Resource | None:
    """Return who shall serve the appointment: whom the form names, None for anyone.

    Whoever may not give it to somebody else keeps it with those who serve it, and so does
    who names a room of theirs.

    Raises:
        NotAllowed: the form names somebody else, and one may not reassign.
    """
    crew = list(appointment.resources.order_by("pk"))
    staff = [each for each in crew if each.kind == ResourceKind.STAFF.value] or crew
    named = request.POST.get("staff", "")
    may_reassign = request.colleague.may(Capability.REASSIGN)
    if not named:
        return None if may_reassign else staff[0]
    ours = Resource.objects.filter(business=request.colleague.business)
    person = by_name(ours, named)
    if person in staff:
        return person
    if person in crew:
        return staff[0]
    if not may_reassign:
        raise NotAllowed()
    return person


def _plain(refusal: BookingError) -> HttpResponse:
    """Return a refusal as a sentence for a script to say."""
    text = words.said(refusal)
    if isinstance(refusal, Invalid):
        text = " ".join(_(sentence) for sentence in refusal.fields.values())
    return HttpResponse(text, status=status_of(refusal), content_type="text/plain; charset=utf-8")
