"""The page that says why a start cannot be booked, or who would be free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.facts import Fact, facts_about, facts_of, notes_on
from bookings.admin.refusals import in_words
from bookings.admin.rows import DATE, TIME
from bookings.admin.scope import scope_of
from bookings.admin.show import zoned
from bookings.engine.clock import YEARS
from bookings.engine.hours import at_minute, instants_of
from bookings.errors import BookingError, NoSuchTime
from bookings.models import Resource, ResourceKind, Service
from bookings.queries.reasons import Finding, Verdict, verdict

MOST_SEATS = 10_000


class QuestionForm(forms.Form):
    """What is asked: a service, a person or anyone, a day and a time, how many seats."""

    service = forms.ModelChoiceField(Service.objects.none(), label=gettext_lazy("Service"))
    staff = forms.ModelChoiceField(
        Resource.objects.none(),
        label=gettext_lazy("Person"),
        required=False,
        empty_label=gettext_lazy("Anyone"),
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=DATE)
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=TIME,
        help_text=gettext_lazy("On the clock of the business."),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=MOST_SEATS,
        initial=1,
        widget=AdminIntegerFieldWidget,
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.GET if "service" in request.GET else None)
        scope = scope_of(request)
        services = scope.rows(Service.objects.order_by("business__name", "business", "name"))
        people = scope.rows(Resource.objects.filter(kind=ResourceKind.STAFF.value))
        people = people.order_by("business__name", "business", "name")
        self._offer("service", services)
        self._offer("staff", people)

    def clean_day(self) -> date:
        """Refuse a day that no calendar of ours reaches."""
        day: date = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(_("Give a day of our times."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a person of another business than the service's."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        service, staff = values.get("service"), values.get("staff")
        if service and staff and service.business_id != staff.business_id:
            self.add_error("staff", _("“%(name)s” belongs to another business.") % {"name": staff})
        return values

    def _offer(self, name: str, rows: Any) -> None:
        """Let a field choose among rows, grouped by business where there are several."""
        field: Any = self.fields[name]
        field.queryset = rows = rows.select_related("business")
        groups = [
            (business.name, [(each.pk, str(each)) for each in of])
            for business, of in groupby(rows, key=lambda each: each.business)
        ]
        listed = groups if len(groups) > 1 else [each for _name, of in groups for each in of]
        empty = _("Anyone") if name == "staff" else "–"
        field.widget.choices = [("", empty), *listed]


@dataclass(frozen=True)
class Person:
    """What is said of one person or room."""

    name: str
    resource_id: int
    said: str
    code: str
    facts: list[Fact]


@dataclass(frozen=True)
class Said:
    """What the page says of one instant."""

    when: str
    said: str
    code: str
    facts: list[Fact]
    people: list[Person]
    near: list[tuple[str, str]]


def page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for a start, and say what stands in its way."""
    if not scope_of(request).covers(Service, None):
        raise PermissionDenied
    form = QuestionForm(request)
    said = list(answers(form.cleaned_data, timezone.now())) if form.is_valid() else []
    service = form.cleaned_data.get("service") if form.is_bound else None
    context = {
        **site.each_context(request),
        "title": _("Why not?"),
        "form": form,
        "answers": said,
        "notes": notes_on(service, form.cleaned_data.get("staff")) if said and service else [],
        "service": service,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/bookings/why_not.html", context, status=status)


def answers(asked: dict[str, Any], now: datetime) -> Iterator[Said]:
    """Yield what is said of each instant that the clock means: none, one, or two in autumn."""
    service: Service = asked["service"]
    minutes = instants_of(asked["day"], asked["time"], service.business.zone)
    if not minutes:
        shown = f"{asked['day']:%Y-%m-%d} {asked['time']:%H:%M}"
        yield Said(shown, in_words(NoSuchTime()), NoSuchTime.code, [], [], [])
    for minute in minutes:
        found = verdict(
            service,
            starts_at=at_minute(minute),
            now=now,
            staff=asked["staff"],
            seats=asked["seats"],
        )
        yield _said(found, asked)


def _said(found: Verdict, asked: dict[str, Any]) -> Said:
    service: Service = asked["service"]
    zone = service.business.zone
    return Said(
        when=zoned(found.at, zone),
        said=_sentence(found.refusal) or _("This time can be booked."),
        code=found.refusal.code if found.refusal else "",
        facts=facts_of(found, service),
        people=[_person(each, service) for each in found.findings],
        near=[(zoned(start.at, zone), _link(asked, start.at, zone)) for start in found.nearest],
    )


def _person(finding: Finding, service: Service) -> Person:
    said = _sentence(finding.refusal) or _("Free.")
    code = finding.refusal.code if finding.refusal else ""
    return Person(finding.name, finding.resource_id, said, code, facts_about(finding, service))


def _sentence(refusal: BookingError | None) -> str:
    return in_words(refusal) if refusal is not None else ""


def _link(asked: dict[str, Any], at: datetime, zone: str) -> str:
    """Return the address that asks the same for another start."""
    local = at.astimezone(ZoneInfo(zone))
    return "?" + urlencode(
        {
            "service": asked["service"].pk,
            "staff": asked["staff"].pk if asked["staff"] else "",
            "day": f"{local:%Y-%m-%d}",
            "time": f"{local:%H:%M}",
            "seats": asked["seats"],
        }
    )
