"""Times off and closures, asked for in the clock of the business."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from bookings import commands
from bookings.admin.periods import Period
from bookings.admin.refusals import actor_of
from bookings.admin.rows import DATE, TIME, OwnForm, Rows, business_of
from bookings.admin.show import wall, zoned
from bookings.engine.hours import at_minute, instants_of
from bookings.errors import NoSuchTime
from bookings.models import Appointment, Business, TimeOff

NAMED = 10
"""As many appointments in the way are named one by one."""


class WallField(forms.SplitDateTimeField):
    """A date and a clock time; in which zone is for the form to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": WallWidget(), **kwargs})

    def compress(self, data_list: Any) -> datetime | None:
        """Return the wall-clock time without a zone."""
        if not data_list:
            return None
        day, clock = data_list
        if day in self.empty_values or clock in self.empty_values:
            raise ValidationError(_("Give a date and a time."))
        return datetime.combine(day, clock)


class WallWidget(forms.SplitDateTimeWidget):
    """The browser's own fields for a date and a time."""

    def __init__(self) -> None:
        forms.MultiWidget.__init__(self, [DATE, TIME])


class TimeOffForm(OwnForm):
    """From when to when, on the clock of the business."""

    starts_at = WallField(label=gettext_lazy("From"))
    ends_at = WallField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy(
            "Both in the time zone of the business. Whole days: 00:00 to 00:00."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            zone = ZoneInfo(self.instance.business.zone)
            for name in ("starts_at", "ends_at"):
                at = getattr(self.instance, name)
                self.initial[name] = at.astimezone(zone).replace(tzinfo=None)

    def clean(self) -> dict[str, Any]:
        """Read the times in the zone of the business, and refuse what makes no sense."""
        values = super().clean() or self.cleaned_data
        business = self.instance.business if self.instance.pk else values.get("business")
        if business is not None:
            self._refuse_stranger(business, values)
        zone = business.zone if business is not None else "UTC"
        for name, which in (("starts_at", 0), ("ends_at", -1)):
            if values.get(name) is not None:
                values[name] = self._instant(name, values[name], zone, which)
        ends_at = values.get("ends_at")
        if ends_at is not None and ends_at <= timezone.now():
            self.add_error("ends_at", _("This time has already passed."))
        return values

    def _refuse_stranger(self, business: Business, values: dict[str, Any]) -> None:
        resource = values.get("resource")
        if resource is not None and resource.business_id != business.pk:
            said = _("“%(name)s” belongs to another business.") % {"name": resource}
            self.add_error("resource", said)

    def _instant(self, name: str, wall_clock: datetime, zone: str, which: int) -> datetime | None:
        """Return the instant of a clock time; of one that comes twice, the first or the last."""
        minutes = instants_of(wall_clock.date(), wall_clock.time(), zone)
        if not minutes:
            self.add_error(name, _(NoSuchTime.text))
            return None
        return at_minute(minutes[which])


class ResourceSelect(AutocompleteSelect):
    """Suggests the people and rooms of one business."""

    business_id: int | None = None

    def get_url(self) -> str:
        """Return where suggestions come from."""
        url: str = super().get_url()
        return f"{url}?business={self.business_id}" if self.business_id else url


class TimeOffPeriod(Period):
    """Times off by when they end."""

    ends = "ends_at"


@admin.register(TimeOff)
class TimeOffAdmin(Rows[TimeOff]):
    """Note who is away, and learn which appointments are in the way; commands write it all."""

    form = TimeOffForm
    list_display = ("shown_title", "who", "starts", "ends", "business")
    list_filter = (TimeOffPeriod, "business")
    list_select_related = ("business", "resource")
    search_fields = ("title", "resource__name")
    ordering = ("starts_at", "pk")
    autocomplete_fields = ("business",)
    fields: ClassVar[Any] = ("business", "resource", "starts_at", "ends_at", "title")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Ask for the person or room; nobody means that the business is closed."""
        if db_field.name == "resource":
            kwargs["widget"] = ResourceSelect(db_field, self.admin_site)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "resource" and field is not None:
            field.help_text = _("Who is away. Left empty: the whole business is closed.")
        return field

    def get_form(
        self, request: HttpRequest, obj: TimeOff | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form; it suggests those of the business, where that is known."""
        made = super().get_form(request, obj, change, **kwargs)
        business = obj.business if obj is not None else business_of(request)
        field: Any = made.base_fields.get("resource")
        if business is not None and field is not None:
            field.queryset = field.queryset.filter(business=business)
            field.widget.widget.business_id = business.pk
        return made

    def get_readonly_fields(self, request: HttpRequest, obj: TimeOff | None = None) -> Any:
        """Return what cannot be changed: who is away stays."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "resource") if obj is not None else fixed

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimeOff]:
        """Return the times off with who is away."""
        return super().get_queryset(request).select_related("business", "resource")

    def save_model(self, request: HttpRequest, obj: TimeOff, form: Any, change: bool) -> None:
        """Write a time off, and name the appointments in the way."""
        when: Any = {"starts_at": obj.starts_at, "ends_at": obj.ends_at, "title": obj.title}
        if change:
            absence = commands.change_time_off(time_off=obj, **when, **_decider(request))
        else:
            away = [obj.resource] if obj.resource else []
            absence = commands.take_time_off(
                business=obj.business, resources=away, **when, **_decider(request)
            )
            obj.pk = absence.rows[0].pk
        if absence.in_the_way:
            messages.warning(request, _told(absence.in_the_way))

    def delete_model(self, request: HttpRequest, obj: TimeOff) -> None:
        """Take a time off back."""
        commands.cancel_time_off(time_off=obj, **_decider(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[TimeOff]) -> None:
        """Take several times off back."""
        for time_off in queryset:
            self.delete_model(request, time_off)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def shown_title(self, time_off: TimeOff) -> str:
        """Return the title, or what it is."""
        return time_off.title or (_("Time off") if time_off.resource_id else _("Closed"))

    @admin.display(description=gettext_lazy("who"), ordering="resource__name")
    def who(self, time_off: TimeOff) -> str:
        """Return who is away."""
        return str(time_off.resource) if time_off.resource else _("everybody (closed)")

    @admin.display(description=gettext_lazy("from"), ordering="starts_at")
    def starts(self, time_off: TimeOff) -> str:
        """Return the start in the zone of the business."""
        return zoned(time_off.starts_at, time_off.business.zone)

    @admin.display(description=gettext_lazy("until"), ordering="ends_at")
    def ends(self, time_off: TimeOff) -> str:
        """Return the end in the zone of the business."""
        return zoned(time_off.ends_at, time_off.business.zone)


def _decider(request: HttpRequest) -> dict[str, Any]:
    """Return who decides, and when, as the commands want to know it."""
    return {
        "now": timezone.now(),
        "actor": actor_of(request),
        "by": cast(User, request.user),
    }


def _told(in_the_way: list[Appointment]) -> SafeString:
    """Return the sentence that names appointments in the way, each with a link to it."""
    shown = format_html_join(
        ", ",
        '<a href="{}">{} {}</a>',
        (
            (reverse("admin:bookings_appointment_change", args=[one.pk]), wall(one), one.service)
            for one in in_the_way[:NAMED]
        ),
    )
    more = _(" and %(count)d more") % {"count": len(in_the_way) - NAMED}
    return format_html(
        "{} {}{}.",
        _("Still in the way, and kept until somebody moves or cancels them:"),
        shown,
        more if len(in_the_way) > NAMED else "",
    )
