"""The policy in forms: decided on a business, left open or overridden on a service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.durations import in_words
from bookings.models import Business
from bookings.models.policy import GRIDS, POLICY_FIELDS, STRATEGIES

TIMES = ("interval", "grid", "minimum_lead", "maximum_advance", "cancellation_notice")
PEOPLE = ("allow_staff_selection", "strategy", "notify_business")
LIMITS = (
    "service_daily_limit",
    "resource_daily_limit",
    "resource_weekly_limit",
    "customer_open_limit",
)


def sections(description: Any = "") -> Any:
    """Return the fieldsets of the policy; `description` stands above the first."""
    first = {"description": description} if description else {}
    return [
        (gettext_lazy("Policy: times"), {"fields": TIMES, **first}),
        (gettext_lazy("Policy: people"), {"fields": PEOPLE}),
        (
            gettext_lazy("Policy: limits"),
            {"fields": LIMITS, "description": gettext_lazy("Left empty: no limit.")}
            if not description
            else {"fields": LIMITS},
        ),
    ]


def say_inherited(fields: dict[str, forms.Field], business: Business | None) -> None:
    """Write beside every policy field what holds when it is left empty."""
    for name in POLICY_FIELDS:
        field = fields.get(name)
        if field is None:
            continue
        said = _in_words(name, getattr(business, name)) if business is not None else ""
        label = _("as the business says (%(value)s)") % {"value": said} if said else ""
        label = label or _("as the business says")
        if isinstance(field.widget, forms.NullBooleanSelect):
            field.widget.choices = [("unknown", label), ("true", _("yes")), ("false", _("no"))]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [("", label), *(STRATEGIES if name == "strategy" else GRIDS)]
        else:
            field.widget.attrs["placeholder"] = said
            empty = _("Left empty: %(label)s.") % {"label": label}
            field.help_text = f"{field.help_text} {empty}"


def _in_words(name: str, value: Any) -> str:
    """Return a policy value for people."""
    if name in LIMITS and value is None:
        return _("no limit")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, timedelta):
        return in_words(value)
    return str(dict([*STRATEGIES, *GRIDS]).get(value, value)).split(":")[0]
