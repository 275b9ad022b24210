"""A service in the words of those who sell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from bookings.engine.policy import Policy
from bookings.faces import words
from bookings.models import Reminder, ReminderKind, Service
from bookings.models.money import price_in_words


@dataclass(frozen=True)
class Offered:
    """One service: its name, what is special about it, and its facts by name."""

    name: str
    description: str
    marks: list[str]
    facts: list[tuple[str, str]]


def said_of(service: Service) -> Offered:
    """Return a service as `queries.offer.offered` gives it, in words. Costs no query."""
    marks = {
        _("hidden from customers"): service.is_hidden,
        _("needs approval"): service.needs_approval,
        _("everybody together"): service.assignment == "all",
    }
    currency = service.business.currency
    facts = {
        _("Takes"): words.length(service.duration),
        _("Kept free around it"): _around(service),
        _("Price"): price_in_words(service.price_kind, service.price, currency),
        _("Places"): str(service.capacity) if service.is_group else "",
        _("With"): ", ".join(each.name for each in getattr(service, "people", [])),
        _("Where"): words.place(
            service.location_kind, service.place, service.business.address, for_staff=True
        ),
        _("Asks"): " · ".join(_asked(each) for each in getattr(service, "asked", [])),
        _("Sends by itself"): " · ".join(_said(each) for each in getattr(service, "rules", [])),
        _("Can be booked"): _when(service.policy),
        _("Can be changed"): _changed(service.policy),
    }
    return Offered(
        name=service.name,
        description=service.description,
        marks=[mark for mark, holds in marks.items() if holds],
        facts=[(name, fact) for name, fact in facts.items() if fact],
    )


def _around(service: Service) -> str:
    said = [
        _("%(length)s before") % {"length": words.length(service.buffer_before)}
        if service.buffer_before
        else "",
        _("%(length)s after") % {"length": words.length(service.buffer_after)}
        if service.buffer_after
        else "",
    ]
    return ", ".join(each for each in said if each)


def _asked(ask: object) -> str:
    question = str(ask)
    return question if getattr(ask, "is_required", False) else _("%s (optional)") % question


def _said(rule: Reminder) -> str:
    """Return what a rule sends, when, to whom and how."""
    length = {"length": words.length(rule.offset)}
    if rule.kind != ReminderKind.FOLLOW_UP.value:
        when = _("%(length)s before") % length
    elif rule.offset:
        when = _("%(length)s after") % length
    else:
        when = _("at the end")
    to = {"who": rule.get_recipients_display(), "how": rule.get_channel_display()}
    how = _("to %(who)s, by %(how)s") % to
    return f"{rule.get_kind_display()} {when}, {how}"


def _when(policy: Policy) -> str:
    latest = words.length(policy.maximum_advance)
    if policy.minimum_lead <= timedelta(0):
        return _("until the last minute, at most %(latest)s ahead") % {"latest": latest}
    lead = words.length(policy.minimum_lead)
    return _("%(lead)s to %(latest)s ahead") % {"lead": lead, "latest": latest}


def _changed(policy: Policy) -> str:
    if policy.cancellation_notice <= timedelta(0):
        return _("until it begins")
    return _("until %(length)s before") % {"length": words.length(policy.cancellation_notice)}
