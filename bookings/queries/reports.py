"""What a business can know of its days: bookings made and kept, revenue, how busy it was.

Two dates count. *Made* figures (bookings made, customers, lead time) count a booking on the day
it was made. All others count it on the day of its appointment. Days are those of the clock in
the zone of the business. Customers who were erased still count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from accounts.roles import Capability
from bookings.models import Resource, ResourceKind, Service
from bookings.queries.colleagues import Colleague
from bookings.queries.periods import Scope
from bookings.queries.tallies import LEADS, Kept, Made, kept, made
from bookings.queries.utilisation import Use, Utilisation, utilisation

Money = dict[str, Decimal]
"""Sums by currency; those of nothing are left out."""


@dataclass
class Figures:
    """What is counted of a period, or of one service in it.

    By the day a booking was made:
        made: bookings made, whatever has become of them; holds that ended are none.
        customers: how many different customers made them.
        lead: the median minutes from booking to start; None without bookings.
    By the day of the appointment:
        confirmed: bookings that stand, no-shows included.
        taken, offered: places of confirmed and pending bookings, and the capacity of the
            appointments that somebody is in.
        revenue: price × places of confirmed bookings; a starting price counts as it is, an
            hourly one once, other kinds of price as nothing, no-shows too.
        by_customer, by_business: cancelled bookings, by who cancelled.
        no_shows, declined, pending: bookings.
        use: booked and open minutes.
    """

    made: int = 0
    customers: int = 0
    lead: float | None = None
    confirmed: int = 0
    taken: int = 0
    offered: int = 0
    revenue: Money = field(default_factory=dict)
    by_customer: int = 0
    by_business: int = 0
    no_shows: int = 0
    declined: int = 0
    pending: int = 0
    use: Use = field(default_factory=Use)

    @property
    def filled(self) -> float | None:
        """Return taken ÷ offered places; None where none were offered."""
        return self.taken / self.offered if self.offered else None

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was made, and nothing happened."""
        ended = self.by_customer or self.by_business or self.declined
        return not (self.made or self.confirmed or self.pending or ended)


@dataclass
class Day:
    """One day: bookings made on it, and bookings whose appointment is on it."""

    made: int = 0
    confirmed: int = 0


@dataclass(frozen=True)
class Report:
    """The figures of a period, those of as many days before it, and how they are spread.

    `days` has every day of the period, in order; `leads` the bookings made by their lead time,
    in the groups that `LEADS` divides; `services` and `resources` are those in scope.
    """

    scope: Scope
    now: Figures
    before: Figures
    days: dict[date, Day]
    leads: list[int]
    services: list[tuple[Service, Figures]]
    resources: list[tuple[Resource, Use]]
    by_hour: dict[tuple[int, int], Use]


def reportable(colleague: Colleague) -> list[Resource]:
    """Return whom and what a report can be about: people, then the others, by name.

    Cost: one query.
    """
    rows = colleague.resources(Capability.SEE_REPORTS).order_by("name", "pk")
    return sorted(rows, key=lambda each: each.kind != ResourceKind.STAFF)


def report(scope: Scope, services: Sequence[Service], resources: Sequence[Resource]) -> Report:
    """Return the report about a scope; `services` and `resources` are all of the business.

    Cost: eight queries, whatever the number of rows and days; the database adds up.
    """
    asked = services if scope.service is None else [scope.service]
    use = utilisation(scope, resources, asked)
    made_rows, kept_rows = made(scope), kept(scope)
    rows = [row for row in kept_rows if row.day is None]
    now, before = _figures(made_rows, rows, is_now=True), _figures(made_rows, rows, is_now=False)
    now.use, before.use = use.whole, use.before
    return Report(
        scope=scope,
        now=now,
        before=before,
        days=_days(scope, made_rows, kept_rows),
        leads=_leads(made_rows),
        services=[(each, _of_service(each, rows, use)) for each in asked],
        resources=[
            (each, use.by_resource[each.pk]) for each in resources if each.pk in use.by_resource
        ],
        by_hour=use.by_hour,
    )


def _figures(made_rows: Sequence[Made], kept_rows: Sequence[Kept], *, is_now: bool) -> Figures:
    found = _summed(row for row in kept_rows if row.is_now == is_now)
    for row in made_rows:
        if row.is_now == is_now and row.day is None and row.wait is None:
            found.made, found.customers, found.lead = row.bookings, row.customers, row.lead
    return found


def _of_service(service: Service, rows: Sequence[Kept], use: Utilisation) -> Figures:
    found = _summed(row for row in rows if row.is_now and row.service_id == service.pk)
    found.use = use.by_service[service.pk]
    return found


def _summed(rows: Iterable[Kept]) -> Figures:
    """Return the sum of rows of services and currencies."""
    found, revenue = Figures(), defaultdict[str, Decimal](Decimal)
    for row in rows:
        found.confirmed += int(row.confirmed)
        found.taken += int(row.taken)
        found.offered += int(row.offered)
        found.by_customer += int(row.by_customer)
        found.by_business += int(row.by_business)
        found.no_shows += int(row.no_shows)
        found.declined += int(row.declined)
        found.pending += int(row.pending)
        revenue[row.currency or ""] += row.revenue
    found.revenue = {code: total for code, total in sorted(revenue.items()) if total}
    return found


def _days(scope: Scope, made_rows: Iterable[Made], kept_rows: Iterable[Kept]) -> dict[date, Day]:
    first, count = scope.period.first, scope.period.count
    days = {first + timedelta(days=number): Day() for number in range(count)}
    for row in made_rows:
        if row.is_now and row.day is not None:
            days[row.day].made = row.bookings
    for each in kept_rows:
        if each.is_now and each.day is not None:
            days[each.day].confirmed = int(each.confirmed)
    return days


def _leads(rows: Iterable[Made]) -> list[int]:
    counts = {row.wait: row.bookings for row in rows if row.is_now and row.wait is not None}
    return [counts.get(number, 0) for number in range(len(LEADS) + 1)]
