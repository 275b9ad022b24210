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


SECTIONS = [
    (gettext_lazy("Policy: times"), TIMES),
    (gettext_lazy("Policy: people"), PEOPLE),
    (gettext_lazy("Policy: limits"), LIMITS),
]


def decided() -> Any:
    """Return the fieldsets of a business, whose policy decides everything."""
    unlimited = {"description": gettext_lazy("Left empty: no limit.")}
    return [
        (heading, {"fields": names, **(unlimited if names is LIMITS else {})})
        for heading, names in SECTIONS
    ]


def overridden(overrides: dict[str, object]) -> Any:
    """Return the fieldsets of a service; those in which it overrides nothing are folded."""
    inherited = gettext_lazy("What is left empty is as the business says.")
    return [
        (
            heading,
            {
                "fields": names,
                "description": inherited,
                "classes": []
                if any(overrides.get(name) is not None for name in names)
                else ["collapse"],
            },
        )
        for heading, names in SECTIONS
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
