"""Bookings one under the other, as they were asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.roles import Capability
from bookings.engine.hours import at_minute, day_span
from bookings.models import Appointment, Booking
from bookings.queries.agenda import VisitState, guest_state
from bookings.queries.colleagues import Colleague
from bookings.queries.roster import Roster, RosterResource, RosterService

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One customer's booking, with what a list needs to say of it."""

    appointment_id: UUID
    starts_at: datetime
    ends_at: datetime
    service_id: int
    resource_ids: tuple[int, ...]
    name: str
    email: str
    phone: str
    seats: int
    reference: str
    state: VisitState


@dataclass(frozen=True)
class Wanted:
    """What is asked for, days in the business's zone; without a state, all that take place."""

    first: date | None
    last: date | None
    resource: RosterResource | None
    service: RosterService | None
    state: VisitState | None
    text: str


STATES: dict[VisitState, Q] = {
    VisitState.PENDING: Q(state="pending"),
    VisitState.CONFIRMED: Q(
        state="confirmed",
        reconfirmed_at=None,
        checked_in_at=None,
        completed_at=None,
        no_show_at=None,
    ),
    VisitState.RECONFIRMED: Q(
        state="confirmed",
        reconfirmed_at__isnull=False,
        checked_in_at=None,
        completed_at=None,
        no_show_at=None,
    ),
    VisitState.HERE: Q(
        state="confirmed", checked_in_at__isnull=False, completed_at=None, no_show_at=None
    ),
    VisitState.COMPLETED: Q(state="confirmed", completed_at__isnull=False, no_show_at=None),
    VisitState.NO_SHOW: Q(state="confirmed", no_show_at__isnull=False),
    VisitState.CANCELLED: Q(state="cancelled"),
    VisitState.DECLINED: Q(state="declined"),
}
"""The states one can ask for."""


def lines(
    colleague: Colleague, roster: Roster, wanted: Wanted, *, page: int, size: int = PAGE
) -> tuple[list[Line], bool]:
    """Return a page of the bookings within reach, by their start, and whether more follow.

    Pages count from 1. Cost: two queries.
    """
    found = _wanted(colleague.bookings(Capability.SEE_BOOKINGS), roster, wanted)
    rows = found.order_by("appointment__starts_at", "appointment_id", "pk").values_list(
        "appointment_id",
        "appointment__public_id",
        "appointment__starts_at",
        "appointment__ends_at",
        "appointment__service_id",
        "name",
        "email",
        "phone",
        "seats",
        "reference",
        "state",
        "reconfirmed_at",
        "checked_in_at",
        "completed_at",
        "no_show_at",
    )
    shown = list(rows[(page - 1) * size : page * size + 1])
    crews = _crews([row[0] for row in shown])
    return [_line(row, crews) for row in shown[:size]], len(shown) > size


def _line(row: tuple[Any, ...], crews: Mapping[int, list[int]]) -> Line:
    appointment_id, public_id, starts_at, ends_at, service_id = row[:5]
    name, email, phone, seats, reference = row[5:10]
    return Line(
        appointment_id=public_id,
        starts_at=starts_at,
        ends_at=ends_at,
        service_id=service_id,
        resource_ids=tuple(crews[appointment_id]),
        name=name,
        email=email,
        phone=phone,
        seats=seats,
        reference=reference,
        state=guest_state(*row[10:]),
    )


def _wanted(rows: QuerySet[Booking], roster: Roster, wanted: Wanted) -> QuerySet[Booking]:
    if wanted.first:
        since = at_minute(day_span(wanted.first, wanted.first, roster.zone)[0])
        rows = rows.filter(appointment__starts_at__gte=since)
    if wanted.last:
        until = at_minute(day_span(wanted.last, wanted.last, roster.zone)[1])
        rows = rows.filter(appointment__starts_at__lt=until)
    if wanted.resource:
        crews = Appointment.resources.through.objects.filter(resource_id=wanted.resource.pk)
        rows = rows.filter(appointment__in=crews.values("appointment_id"))
    if wanted.service:
        rows = rows.filter(appointment__service_id=wanted.service.pk)
    if wanted.text:
        text = wanted.text
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(email__icontains=text)
            | Q(phone__icontains=text)
            | Q(reference__iexact=text)
        )
    if wanted.state:
        return rows.filter(STATES[wanted.state])
    return rows.filter(state__in=["pending", "confirmed"])


def _crews(appointment_ids: list[int]) -> dict[int, list[int]]:
    crews: dict[int, list[int]] = defaultdict(list)
    links = Appointment.resources.through.objects.filter(appointment_id__in=appointment_ids)
    for appointment_id, resource_id in links.values_list("appointment_id", "resource_id"):
        crews[appointment_id].append(resource_id)
    return crews
