"""Giving an appointment to somebody else, at the same time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.roles import Capability
from bookings import commands
from bookings.engine.policy import Override
from bookings.errors import BookingError, ChangedMeanwhile, Invalid
from bookings.faces.access import DeskRequest, by_name, desk
from bookings.faces.desk.appointments.cards import brief
from bookings.faces.desk.appointments.insisting import insisting, may_insist
from bookings.faces.desk.appointments.panel import read_version, see_moved, show_beside
from bookings.faces.desk.appointments.when import anyway_fields, person_field
from bookings.faces.desk.deciding import refusal_of
from bookings.faces.desk.frame import address_of
from bookings.faces.desk.views.appointment import found
from bookings.faces.replies import status_of
from bookings.faces.typed import TypedForm
from bookings.models import Appointment, Resource
from bookings.queries.serving import choosable_staff


class PersonForm(TypedForm):
    """Who shall serve an appointment, and why against the rules."""

    needed = frozenset({"staff", "because"})

    def __init__(self, data: dict[str, str], people: list[Resource]) -> None:
        super().__init__(data)
        self.fields["staff"] = person_field(people, anyone=False)


@desk("GET", "POST", needs=Capability.REASSIGN)
def reassign(request: DeskRequest, appointment: UUID) -> HttpResponse:
    """Ask whom to give an appointment to; a POST does."""
    chosen = found(request, appointment, Capability.REASSIGN)
    if request.method != "POST":
        return _page(request, chosen)
    named = request.POST.get("staff", "")
    if not named:
        return _page(request, chosen, Invalid({"staff": gettext_noop("Please choose a person.")}))
    staff = by_name(Resource.objects.filter(business=request.colleague.business), named)

    def act(overrides: frozenset[Override]) -> object:
        return commands.reassign(
            appointment=chosen,
            staff=staff,
            now=timezone.now(),
            actor=request.actor,
            overrides=overrides,
            because=request.POST.get("because", ""),
            version=read_version(request),
        )

    if refusal := refusal_of(lambda: insisting(request, act)):
        return _page(request, chosen, refusal)
    said = _("Handed over to %(name)s.") % {"name": staff.name}
    return see_moved(request, chosen, said=said)


def _page(
    request: DeskRequest, appointment: Appointment, refusal: BookingError | None = None
) -> HttpResponse:
    if isinstance(refusal, ChangedMeanwhile):
        appointment.refresh_from_db()
    crew = {each.pk for each in appointment.resources.all()}
    others = [each for each in choosable_staff(appointment.service) if each.pk not in crew]
    form = PersonForm(request.POST.dict(), others)
    if may_insist(request, refusal):
        form.fields |= anyway_fields()
    if refusal is not None:
        form.full_clean()
        form.refuse(refusal)
    is_news = refusal is None or isinstance(refusal, ChangedMeanwhile)
    shown = {
        "form": form,
        "what": brief(appointment, request.colleague.business.zone),
        "others": others,
        "url": request.path,
        "back_url": address_of(request.colleague, "appointment", appointment.public_id),
        "version": appointment.version if is_news else read_version(request),
    }
    status = status_of(refusal) if refusal else 200
    return show_beside(request, "desk/reassign.html", shown, status=status)
