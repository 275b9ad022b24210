"""What stands around every page of the desk: where one is, and where one can go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.roles import Capability
from bookings.faces.access import DeskRequest
from bookings.faces.desk.held import what_is_held
from bookings.faces.words import initials
from bookings.models import Business
from bookings.queries import outgoing
from bookings.queries.colleagues import Colleague, businesses_of


@dataclass(frozen=True)
class Place:
    """A part of the desk: the name of its first page, and who gets to see the way there."""

    name: str
    label: Promise
    icon: str
    needs: Capability


PLACES: list[Place] = [
    Place("day", gettext_lazy("Day"), "day", Capability.SEE_BOOKINGS),
    Place("week", gettext_lazy("Week"), "week", Capability.SEE_BOOKINGS),
    Place("month", gettext_lazy("Month"), "calendar", Capability.SEE_BOOKINGS),
    Place("list", gettext_lazy("List"), "list", Capability.SEE_BOOKINGS),
    Place("customers", gettext_lazy("Customers"), "person", Capability.SEE_CUSTOMERS),
    Place("times_off", gettext_lazy("Time off"), "sun", Capability.TAKE_TIME_OFF),
    Place("hours", gettext_lazy("Hours"), "clock", Capability.EDIT_HOURS),
    Place("people", gettext_lazy("People"), "people", Capability.SEE_STAFF),
    Place("reports", gettext_lazy("Reports"), "chart", Capability.SEE_REPORTS),
    Place("webhooks", gettext_lazy("Webhooks"), "hook", Capability.CONTROL_SUBSCRIPTIONS),
]


KEYS = {"day": "d", "week": "w", "month": "m", "list": "l", "customers": "c"}
"""The keys that lead to a part of the desk, by its name."""


@dataclass(frozen=True)
class Way:
    """A link to a part of the desk."""

    url: str
    label: Promise
    icon: str
    is_here: bool
    key: str


@dataclass(frozen=True)
class Frame:
    """The business one is in, the ways from here, and the other businesses one works for.

    `office` is the address of the admin, for those who may change settings there; they also read
    in `held` that nothing is sent at the moment.
    """

    business: Business
    ways: list[Way]
    others: Sequence[Business]
    initials: str
    office: str
    held: str


def frame(request: DeskRequest, here: str, ways_kept: Mapping[str, str]) -> Frame:
    """Return the frame for the part of the desk named `here`. Cost: one query.

    `ways_kept` are addresses of places, by name, that keep what is chosen on this page.
    """
    colleague = request.colleague
    ways = [
        Way(
            ways_kept.get(place.name) or address_of(colleague, place.name),
            place.label,
            place.icon,
            place.name == here,
            KEYS.get(place.name, ""),
        )
        for place in PLACES
        if colleague.may(place.needs)
    ]
    known = businesses_of(request.user, Capability.OPEN_DESK).annotate(is_held=outgoing.is_held())
    mine = list(known[:51])
    is_admin = colleague.may(Capability.EDIT_SETTINGS)
    is_told = is_admin and any(each.is_held for each in mine)
    return Frame(
        business=colleague.business,
        ways=ways,
        others=[each for each in mine if each.pk != colleague.business.pk][:50],
        initials=initials(str(request.user)),
        office=reverse("admin:index") if is_admin else "",
        held=what_is_held(colleague.business, now=timezone.now()) if is_told else "",
    )


def address_of(colleague: Colleague, name: str, public_id: UUID | None = None) -> str:
    """Return the address of the page `name` of a business's desk, about the row of this id."""
    about = [] if public_id is None else [public_id]
    return reverse(f"desk:{name}", args=[colleague.business.slug, *about])


def show(
    request: DeskRequest,
    template: str,
    context: Mapping[str, object],
    *,
    here: str,
    status: int = 200,
    ways: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """Return a page of the desk; `ways` are addresses of places that keep what is chosen.

    Cost: the frame's queries and the template's.
    """
    filled = {"frame": frame(request, here, ways), "colleague": request.colleague, **context}
    return render(request, template, filled, status=status)
