"""Opening hours beneath their owner: weekly rules, dated exceptions, custom ranges."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.rows import Inline, Rows, RowsBeneath
from bookings.engine.weekly import overlapping
from bookings.models import AvailabilityRange, Business, HoursException, HoursRule
from bookings.models.catalogue import AvailabilityKind
from bookings.models.hours import WEEKDAYS


def _words(opens: time, closes: time) -> str:
    return f"{opens:%H:%M}–{closes:%H:%M}"


class OwnedFormSet(RowsBeneath):
    """Rows beneath an owner, which belong to the owner's business without being asked."""

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if not isinstance(self.instance, Business):
            owner = getattr(self.instance, "service", self.instance)
            form.instance.business_id = owner.business_id
        return form

    def kept(self) -> list[dict[str, Any]]:
        """Return the values of the rows that are filled in, valid and not being deleted."""
        forms_kept = (form for form in self.forms if form not in self.deleted_forms)
        return [
            form.cleaned_data
            for form in forms_kept
            if getattr(form, "cleaned_data", None) and not form.errors
        ]


class WeekFormSet(OwnedFormSet):
    """Weekly hours, which never overlap."""

    def clean(self) -> None:
        """Refuse two rules that cover the same minute of the week."""
        super().clean()
        rules = [(row["weekday"], row["opens"], row["closes"]) for row in self.kept()]
        if clash := overlapping(rules):
            names = dict(WEEKDAYS)
            one, other = (f"{names[day]} {_words(*clock)}" for day, *clock in clash)
            raise ValidationError(
                _("%(one)s and %(other)s overlap.") % {"one": one, "other": other}
            )


class ExceptionFormSet(OwnedFormSet):
    """Dated exceptions: a day is closed, or has hours that do not overlap."""

    def clean(self) -> None:
        """Refuse a day that is closed and open, closed twice, or open twice at a time."""
        super().clean()
        days: dict[date, list[tuple[time, time] | None]] = defaultdict(list)
        for row in self.kept():
            opens, closes = row["opens"], row["closes"]
            is_open = opens is not None and closes is not None
            days[row["day"]].append((opens, closes) if is_open else None)
        for day, entries in sorted(days.items()):
            shown = date_format(day, "j F Y")
            if None in entries and len(entries) > 1:
                raise ValidationError(_("%(day)s is closed and appears twice.") % {"day": shown})
            clocks = [clock for clock in entries if clock is not None]
            if clash := overlapping((day.weekday(), *clock) for clock in clocks):
                one, other = (_words(*clock) for _day, *clock in clash)
                raise ValidationError(
                    _("%(day)s: %(one)s and %(other)s overlap.")
                    % {"day": shown, "one": one, "other": other}
                )


class Weekly(Inline):
    """Weekly hours of an owner."""

    model = HoursRule
    formset = WeekFormSet
    fields = ("weekday", "opens", "closes")
    ordering = ("weekday", "opens")
    verbose_name = gettext_lazy("opening time")
    classes = ("plain",)


class BusinessWeek(Weekly):
    """When the business is open."""

    fk_name = "business"
    verbose_name_plural = gettext_lazy("Weekly hours")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rules of the business itself, not those of its people and services."""
        return super().get_queryset(request).filter(resource=None, service=None, range=None)


class ResourceWeek(Weekly):
    """When a person or room can be booked, where that differs from the business."""

    fk_name = "resource"
    verbose_name_plural = gettext_lazy("Weekly hours (none: the hours of the business)")


class ServiceWeek(Weekly):
    """When a service can be booked, where its availability is custom weekly hours."""

    fk_name = "service"
    verbose_name_plural = gettext_lazy("Weekly hours (for “custom weekly hours”)")


class RangeWeek(Weekly):
    """The weekly hours within a custom range of dates."""

    fk_name = "range"
    verbose_name_plural = gettext_lazy("Weekly hours (for “custom weekly hours”)")


class Exceptions(Inline):
    """Dates that differ from the weekly hours."""

    model = HoursException
    formset = ExceptionFormSet
    fields = ("day", "opens", "closes")
    ordering = ("day", "opens")
    verbose_name = gettext_lazy("date")
    verbose_name_plural = gettext_lazy("Dates with other hours (no times: closed all day)")
    classes = ("plain",)


class BusinessExceptions(Exceptions):
    """Holidays and long evenings of the business."""

    fk_name = "business"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the exceptions of the business itself."""
        return super().get_queryset(request).filter(resource=None)


class ResourceExceptions(Exceptions):
    """Dates on which a person or room has other hours."""

    fk_name = "resource"


class Ranges(Inline):
    """Dates on which a service's availability differs."""

    model = AvailabilityRange
    fields = ("first_day", "last_day", "availability")
    ordering = ("first_day", "pk")
    show_change_link = True
    verbose_name = gettext_lazy("date range")
    verbose_name_plural = gettext_lazy("Other availability between dates (the newest wins)")
    classes = ("plain",)


@admin.register(AvailabilityRange)
class RangeAdmin(Rows[AvailabilityRange]):
    """The hours within one range of dates; reached from its service."""

    fields = ("service", "first_day", "last_day", "availability")
    readonly_fields = ("service",)
    inlines = (RangeWeek,)
    list_display = ("service", "first_day", "last_day", "availability")
    list_select_related = ("service",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Keep ranges out of the index: they belong to their service's page."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a range is added on the page of its service."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the hours and warn where the range can never be booked."""
        super().save_related(request, form, formsets, change)
        found = form.instance
        if found.availability == AvailabilityKind.WEEKLY.value and not found.hours.exists():
            messages.warning(request, _("No weekly hours yet: nothing can be booked then."))
