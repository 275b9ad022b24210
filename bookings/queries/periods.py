"""What a report is about: which days of a business, which service, whose appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from bookings.engine.hours import day_span
from bookings.engine.intervals import Span
from bookings.errors import Invalid, _
from bookings.models import Business, Resource, Service

MOST_DAYS = 731
"""Two years, one of them with a leap day."""
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)

_WRONG_WAY = _("The last day must not lie before the first.")
_TOO_MANY = _("A report covers two years at most.")
_TOO_FAR = _("Choose days between the years 2000 and 2199.")


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, by the clock of a zone."""

    first: date
    last: date
    zone: str

    @property
    def count(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    @cached_property
    def span(self) -> Span:
        """Return the UTC minutes of these days."""
        return day_span(self.first, self.last, self.zone)

    @property
    def before(self) -> Period:
        """Return as many days just before these."""
        length = timedelta(days=self.count)
        return Period(self.first - length, self.last - length, self.zone)


@dataclass(frozen=True)
class Scope:
    """The appointments that a report is about; without service or resource, of all of them."""

    business: Business
    period: Period
    service: Service | None = None
    resource: Resource | None = None


def period_of(business: Business, *, first: date, last: date) -> Period:
    """Return the days of a business from `first` to `last`.

    Raises:
        Invalid: they end before they begin, are too many, or lie too far away.
    """
    if not (EARLIEST <= first <= LATEST and EARLIEST <= last <= LATEST):
        raise Invalid({"first": _TOO_FAR})
    if last < first:
        raise Invalid({"last": _WRONG_WAY})
    if (last - first).days >= MOST_DAYS:
        raise Invalid({"last": _TOO_MANY})
    return Period(first, last, business.zone)
