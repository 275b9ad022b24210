"""A booking in the making: what the form of a new appointment says so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability, Reach
from bookings.commands.contact import NOTES_LIMIT
from bookings.errors import BookingError, Invalid, NotFound
from bookings.faces.access import DeskRequest, by_name
from bookings.faces.desk.appointments.guests import (
    Guest,
    add_guest_fields,
    guest_of,
    required_answers,
)
from bookings.faces.desk.appointments.when import Look, WhenForm, seats_field
from bookings.faces.desk.frame import address_of
from bookings.faces.desk.moment import read_moment
from bookings.faces.reading import read_number
from bookings.faces.typed import text
from bookings.models import Resource, Service, ServiceQuestion
from bookings.queries import availability, pages
from bookings.queries.serving import choosable_staff, served_by, services_of, whom_to_book


@dataclass(frozen=True)
class Draft:
    """A booking in the making: what the form says so far."""

    request: DeskRequest
    fields: QueryDict
    services: list[Service]
    service: Service
    people: list[Resource]
    staff: Resource | None
    guest: Guest
    asks: Sequence[ServiceQuestion]

    @property
    def zone(self) -> str:
        return self.service.business.zone

    @property
    def seats(self) -> int:
        return read_number(self.fields.get("seats", ""))

    @property
    def is_own(self) -> bool:
        """Say whether one may book for oneself only."""
        return self.request.colleague.reach(Capability.BOOK) is Reach.OWN

    def look(self) -> Look:
        """Return the look at what is free for it."""
        seats = min(self.seats, self.service.capacity)
        return Look(self.service, self.staff, seats, timezone.now())


class NewForm(WhenForm):
    """Everything about a new appointment, on one page."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            draft.fields, zone=draft.zone, people=draft.people, anyone=not draft.is_own
        )
        choices = [(str(each.public_id), each.name) for each in draft.services]
        widget = forms.Select(choices=choices, attrs={"data-look": True})
        self.fields["service"] = forms.Field(label=_("Service"), required=False, widget=widget)
        if draft.service.is_group:
            self.fields["seats"] = seats_field(draft.service.capacity)
        colleague = draft.request.colleague
        may_look = colleague.may(Capability.SEE_CUSTOMERS)
        suggest = address_of(colleague, "customer_suggest") if may_look else ""
        add_guest_fields(self, draft.service, draft.asks, suggest=suggest)
        self.fields["staff_notes"] = text(_("Internal notes"), NOTES_LIMIT)
        self.fields["staff_notes"].help_text = _("Only staff see these.")
        self.needed = self.needed | {"name"} | required_answers(draft.asks)


def draft_of(request: DeskRequest, fields: QueryDict) -> Draft | None:
    """Return what the form says; None where there is nothing that one may book.

    Raises:
        NotFound: it names a service or customer out of reach.
    """
    colleague = request.colleague
    is_own = colleague.reach(Capability.BOOK) is Reach.OWN
    services = services_of(colleague.business, colleague.own if is_own else None)
    if not services:
        return None
    service = _service(services, fields)
    people = choosable_staff(service)
    if is_own:
        people = [each for each in people if each.pk in colleague.own]
    staff = next((each for each in people if str(each.public_id) == fields.get("staff")), None)
    staff = people[0] if is_own and people else staff
    return Draft(
        request=request,
        fields=fields,
        services=services,
        service=service,
        people=people,
        staff=staff,
        guest=guest_of(request, fields),
        asks=pages.questions_of(service),
    )


def _service(services: list[Service], fields: QueryDict) -> Service:
    """Return the service that the form names; at first one that the person wished for serves."""
    if named := fields.get("service"):
        for service in services:
            if str(service.public_id) == named:
                return service
        raise NotFound()
    wished = fields.get("staff")
    theirs = served_by(services, str(wished)) if wished else set()
    return next((service for service in services if service.pk in theirs), services[0])


def why_not(draft: Draft) -> BookingError | None:
    """Return why the time in the form cannot be had; nothing where there is no time yet."""
    try:
        start = read_moment(draft.fields, zone=draft.zone)
    except Invalid:
        return None
    except BookingError as refusal:
        return refusal
    return availability.why_not(
        draft.service,
        starts_at=start,
        now=timezone.now(),
        staff=draft.staff,
        seats=draft.seats,
    )


def server_of(draft: Draft) -> Resource | None:
    """Return who shall serve it: the person in the form, None for anyone.

    Raises:
        NotFound: it is nobody of this business.
        NotAllowed: one may book for oneself only.
    """
    colleague, named = draft.request.colleague, draft.fields.get("staff", "")
    ours = Resource.objects.filter(business=colleague.business)
    return whom_to_book(colleague, draft.service, by_name(ours, named) if named else None)


def key_of(fields: QueryDict) -> str:
    """Return a name for exactly this form as it was sent."""
    said = sorted((name, each) for name, each in fields.lists() if name != "csrfmiddlewaretoken")
    return "desk:" + sha256(repr(said).encode()).hexdigest()
