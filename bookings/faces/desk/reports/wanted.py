"""What a report is asked for: days, service and person, as they stand in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import Invalid, NotFound
from bookings.faces.reading import read_day
from bookings.faces.typed import TypedForm, line
from bookings.models import Resource, Service
from bookings.queries.colleagues import Colleague
from bookings.queries.periods import Scope, period_of
from bookings.queries.reports import reportable
from bookings.queries.serving import services_of

RowT = TypeVar("RowT", Service, Resource)

USUAL = "30-days"
PRESETS: dict[str, Promise] = {
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("This week"),
    USUAL: gettext_lazy("Last 30 days"),
    "month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "year": gettext_lazy("This year"),
}


@dataclass(frozen=True)
class Choice:
    """A link to some usual days."""

    query: str
    label: Promise
    is_here: bool


@dataclass(frozen=True)
class Wanted:
    """What was asked for: without a scope there is none, and `form` says why."""

    form: ReportForm
    services: Sequence[Service]
    resources: Sequence[Resource]
    choices: list[Choice]
    scope: Scope | None = None

    def refuse(self, refusal: Invalid) -> None:
        """Say in the form why there is no answer."""
        self.form.full_clean()
        self.form.refuse(refusal)

    @property
    def query(self) -> str:
        """Return the same question with its days written out."""
        return urlencode({name: self.form.data[name] for name in self.form.fields})


class ReportForm(TypedForm):
    """The first and last day, and whose appointments; nothing chosen is everything."""

    def __init__(
        self,
        data: Mapping[str, object],
        services: Sequence[Service],
        resources: Sequence[Resource],
    ) -> None:
        super().__init__(data)
        self.needed = frozenset({"first", "last"})
        self.fields["first"] = line(_("From"), "date")
        self.fields["last"] = line(_("Until"), "date")
        self.fields["service"] = _select(_("Service"), _("All services"), services)
        self.fields["staff"] = _select(_("Person or room"), _("Everybody"), resources)


def wanted(typed: Mapping[str, str], colleague: Colleague, *, now: datetime) -> Wanted:
    """Return what is asked for by the fields of an address, and the choices there are.

    Cost: two queries.

    Raises:
        NotFound: the service or person is not among those of the business.
    """
    business = colleague.business
    services = services_of(business)
    resources = reportable(colleague)
    service = _named(services, typed.get("service", ""))
    resource = _named(resources, typed.get("staff", ""))
    chosen = {"service": typed.get("service", ""), "staff": typed.get("staff", "")}
    first, last = typed.get("first", ""), typed.get("last", "")
    here = ""
    if not first and not last:
        asked = typed.get("days", USUAL)
        here = asked if asked in PRESETS else USUAL
        days = usual_days(here, now.astimezone(ZoneInfo(business.zone)).date())
        first, last = (each.isoformat() for each in days)
    form = ReportForm({"first": first, "last": last, **chosen}, services, resources)
    given = {name: value for name, value in chosen.items() if value}
    choices = [
        Choice(urlencode({"days": name, **given}), label, name == here)
        for name, label in PRESETS.items()
    ]
    question = Wanted(form, services, resources, choices)
    try:
        period = period_of(business, first=_day("first", first), last=_day("last", last))
    except Invalid as refusal:
        question.refuse(refusal)
        return question
    return replace(question, scope=Scope(business, period, service, resource))


def usual_days(name: str, today: date) -> tuple[date, date]:
    """Return the first and last day of some usual days.

    >>> usual_days("last-month", date(2026, 3, 5))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    month = today.replace(day=1)
    if name == "today":
        return today, today
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    if name == "month":
        return month, (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if name == "last-month":
        return (month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)
    if name == "year":
        return today.replace(month=1, day=1), today.replace(month=12, day=31)
    return today - timedelta(days=29), today


def _select(label: str, nothing: str, rows: Sequence[Service] | Sequence[Resource]) -> forms.Field:
    choices = [("", nothing), *((str(each.public_id), each.name) for each in rows)]
    return forms.Field(label=label, required=False, widget=forms.Select(choices=choices))


def _named(rows: Sequence[RowT], named: str) -> RowT | None:
    """Return the row that a public id names; none where nothing is typed."""
    if not named:
        return None
    try:
        public_id = UUID(named)
    except ValueError:
        raise NotFound() from None
    for row in rows:
        if row.public_id == public_id:
            return row
    raise NotFound()


def _day(field: str, typed: str) -> date:
    day = read_day(typed)
    if day is None:
        raise Invalid({field: _("Write a day of the calendar, like 2026-11-21.")})
    return day
