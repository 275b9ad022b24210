"""Reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bookings.faces.api.lists import Picked
from bookings.faces.api.shapes import Asked, Day, Duration, Money, Named, Shown, Zone
from bookings.models import Resource, ResourceKind, Service
from bookings.queries.reports import Figures, Report
from bookings.queries.tallies import LEADS
from bookings.queries.utilisation import Use


class UseShown(Shown):
    """How much of the time that can be booked is booked."""

    booked: Duration
    """Buffers left out; also what is outside the hours."""
    open: Duration
    """By the hours as they are written now."""


class KeptShown(Shown):
    """What is counted by the day of the appointment."""

    confirmed: int
    """Bookings that stand, no-shows included."""
    pending: int
    declined: int
    cancelled_by_customer: int
    cancelled_by_business: int
    no_shows: int
    seats_taken: int
    """Of confirmed and pending bookings."""
    seats_offered: int
    """Of the appointments that somebody is in."""
    revenue: Sequence[Money]
    """Price × seats of confirmed bookings in each currency, no-shows left out."""
    use: UseShown


class FiguresShown(KeptShown):
    """What is counted of some days."""

    made: int
    """Bookings made in these days, whenever they are and whatever has become of them."""
    customers: int
    """How many different customers made them."""
    lead_time: Duration | None
    """The median from making one to its start; null without any."""


class SpanShown(Shown):
    """Some days and what is counted of them."""

    first_day: Day
    last_day: Day
    """Included."""
    figures: FiguresShown


class DayShown(Shown):
    """One day."""

    day: Day
    made: int
    """Bookings made on it."""
    confirmed: int
    """Bookings that stand, of appointments on it."""


class LeadShown(Shown):
    """Bookings made about as long before they start."""

    from_days: int
    below_days: int | None
    """Null: any number."""
    made: int


class ServiceReport(KeptShown):
    """What is counted of a service."""

    id: UUID
    name: str


class ResourceReport(Shown):
    """How busy a person, a room or a piece of equipment is that can be booked today."""

    id: UUID
    name: str
    kind: ResourceKind
    use: UseShown


class HourShown(Shown):
    """An hour of the week."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    """Monday is 0."""
    hour: Annotated[int, Field(ge=0, le=23)]
    use: UseShown


class ReportShown(Shown):
    """What a business can know of some of its days. Customers who were erased still count."""

    time_zone: Zone
    """Whose clock divides the days."""
    service: Named | None
    """The one that all figures are about."""
    resource: Named | None
    """Whose appointments all figures are about."""
    period: SpanShown
    before: SpanShown
    """As many days just before."""
    days: Sequence[DayShown]
    """Every day of the period."""
    lead_times: Sequence[LeadShown]
    """The bookings made in the period, by how long before the start."""
    services: Sequence[ServiceReport]
    resources: Sequence[ResourceReport]
    hours: Sequence[HourShown]
    """Those of the week in which anything is open or booked."""


class DaysQuery(Asked):
    """Which days something is about, and whose appointments."""

    first_day: Day
    last_day: Day
    """Included; at most two years."""
    service: UUID | None = None
    """Only this service."""
    resource: UUID | None = None
    """Only the appointments of this person, or that take this room or equipment."""


class ReportQuery(DaysQuery, Picked):
    """What a report is about."""


class ExportQuery(DaysQuery):
    """Which bookings are wanted, as which kind of file."""

    format: Literal["csv", "tsv", "xlsx"] = "csv"


def shown_report(found: Report) -> ReportShown:
    """Return a report as it is said."""
    scope = found.scope
    period, before = scope.period, scope.period.before
    edges = [0, *LEADS, None]
    return ReportShown(
        time_zone=period.zone,
        service=_named(scope.service),
        resource=_named(scope.resource),
        period=SpanShown(first_day=period.first, last_day=period.last, figures=_figures(found.now)),
        before=SpanShown(
            first_day=before.first, last_day=before.last, figures=_figures(found.before)
        ),
        days=[
            DayShown(day=day, made=each.made, confirmed=each.confirmed)
            for day, each in found.days.items()
        ],
        lead_times=[
            LeadShown(from_days=since or 0, below_days=until, made=made)
            for since, until, made in zip(edges, edges[1:], found.leads, strict=False)
        ],
        services=[_service(service, figures) for service, figures in found.services],
        resources=[_resource(resource, use) for resource, use in found.resources],
        hours=[
            HourShown(weekday=weekday, hour=hour, use=_use(use))
            for (weekday, hour), use in sorted(found.by_hour.items())
        ],
    )


def _figures(figures: Figures) -> FiguresShown:
    lead = None if figures.lead is None else timedelta(minutes=figures.lead)
    return FiguresShown(
        **_kept(figures), made=figures.made, customers=figures.customers, lead_time=lead
    )


def _service(service: Service, figures: Figures) -> ServiceReport:
    return ServiceReport(**_kept(figures), id=service.public_id, name=service.name)


def _resource(resource: Resource, use: Use) -> ResourceReport:
    kind = ResourceKind(resource.kind)
    return ResourceReport(id=resource.public_id, name=resource.name, kind=kind, use=_use(use))


def _kept(figures: Figures) -> dict[str, Any]:
    return {
        "confirmed": figures.confirmed,
        "pending": figures.pending,
        "declined": figures.declined,
        "cancelled_by_customer": figures.by_customer,
        "cancelled_by_business": figures.by_business,
        "no_shows": figures.no_shows,
        "seats_taken": figures.taken,
        "seats_offered": figures.offered,
        "revenue": [
            Money(amount=amount, currency=code) for code, amount in figures.revenue.items()
        ],
        "use": _use(figures.use),
    }


def _use(use: Use) -> UseShown:
    return UseShown(booked=timedelta(minutes=use.booked), open=timedelta(minutes=use.open))


def _named(row: Service | Resource | None) -> Named | None:
    return None if row is None else Named(id=row.public_id, name=row.name)
