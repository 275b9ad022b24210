"""One customer: what they booked, as far as a colleague sees it, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.roles import Capability
from bookings.engine.policy import BookingState
from bookings.models import Appointment, Booking, Customer, Event, Resource
from bookings.queries.colleagues import Colleague
from bookings.queries.records import bookings_of, records_of

SEE = Capability.SEE_CUSTOMERS
LIVE = [
    BookingState.HELD.value,
    BookingState.PENDING.value,
    BookingState.WAITLISTED.value,
    BookingState.CONFIRMED.value,
]
"""States in which somebody is still expected; what is held for a customer is an offer."""

_GONE = [BookingState.CANCELLED.value, BookingState.DECLINED.value]
_COUNTED = {
    "bookings": Count("pk"),
    "cancellations": Count("pk", filter=Q(state__in=_GONE)),
    "no_shows": Count("pk", filter=Q(no_show_at__isnull=False)),
}
"""What `Totals` says, as the database counts it."""


@dataclass(frozen=True)
class Totals:
    """How often a customer booked, cancelled or was declined, and did not come."""

    bookings: int
    cancellations: int
    no_shows: int


@dataclass(frozen=True)
class History:
    """A customer's bookings: those expected, soonest first, and a part of the others, latest first.

    Each has its appointment, service and staff loaded.
    """

    coming: Sequence[Booking]
    past: Sequence[Booking]
    has_more: bool
    totals: Totals


def history(
    colleague: Colleague, customer: Customer, *, now: datetime, size: int, number: int = 1
) -> History:
    """Return what the colleague may know of a customer's bookings.

    `size` is how many of each kind, `number` which part of the past, from 1.
    Cost: at most five queries.
    """
    rows = _known(colleague).filter(customer=customer)
    expected = Q(state__in=LIVE, appointment__ends_at__gt=now)
    coming = _told(rows.filter(expected)).order_by("appointment__starts_at", "pk")
    past = _told(rows.exclude(expected)).order_by("-appointment__starts_at", "-pk")
    first = (number - 1) * size
    shown = list(past[first : first + size + 1])
    totals = Totals(**rows.aggregate(**_COUNTED))
    return History(list(coming[:size]), shown[:size], len(shown) > size, totals)


def totals_of(colleague: Colleague, customers: Collection[Customer]) -> dict[int, Totals]:
    """Return what the colleague may know of how often customers booked, by their pks.

    Cost: one query.
    """
    rows = _known(colleague).filter(customer__in=customers).order_by()
    counted = rows.values_list("customer").annotate(**_COUNTED)
    found = {number: Totals(*totals) for number, *totals in counted}
    return {customer.pk: found.get(customer.pk, Totals(0, 0, 0)) for customer in customers}


def last_records(customer: Customer, limit: int) -> list[Event]:
    """Return the latest decisions about a customer. Cost: two queries, more where it was merged."""
    return list(records_of(customer).order_by("-at", "-pk")[:limit])


def still_coming(customer: Customer, *, now: datetime) -> list[Booking]:
    """Return the bookings for which a customer is expected, soonest first.

    Cost: four queries.
    """
    rows = bookings_of(customer).filter(state__in=LIVE, appointment__ends_at__gt=now)
    return list(_told(rows).order_by("appointment__starts_at", "pk"))


def shared_notes(customer: Customer) -> list[Appointment]:
    """Return the group appointments of a customer that staff have written notes on.

    Cost: three queries.
    """
    rows = Appointment.objects.filter(bookings__in=bookings_of(customer), capacity__gt=1)
    noted = rows.exclude(staff_notes="").select_related("service").distinct()
    return list(noted.order_by("-starts_at", "pk"))


def likely_duplicates(colleague: Colleague, customer: Customer, limit: int) -> list[Customer]:
    """Return those who have the name or the phone number of a customer. Cost: one query."""
    same = Q(name__iexact=customer.name)
    if customer.phone:
        same |= Q(phone=customer.phone)
    others = colleague.customers(SEE).filter(same).exclude(pk=customer.pk)
    return list(others.order_by("name", "pk")[:limit])


def bookings_counted(colleague: Colleague, *customers: Customer) -> dict[int, int]:
    """Return how many bookings each of some customers has, by their pks. Cost: one query."""
    rows = colleague.bookings(SEE).filter(customer__in=customers).order_by()
    found = dict(rows.values_list("customer").annotate(Count("pk")))
    return {customer.pk: found.get(customer.pk, 0) for customer in customers}


def _known(colleague: Colleague) -> QuerySet[Booking]:
    """Return the bookings that a colleague may know of; holds that have ended never were any."""
    return colleague.bookings(SEE).exclude(state=BookingState.EXPIRED.value)


def _told(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    staff = Resource.objects.filter(kind="staff").order_by("name")
    return rows.select_related("appointment__service").prefetch_related(
        Prefetch("appointment__resources", queryset=staff)
    )
