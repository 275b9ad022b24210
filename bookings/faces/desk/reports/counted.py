"""How figures are worded: shares, hours, sums, and what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.faces.words import length
from bookings.models.money import money
from bookings.queries.reports import Figures
from bookings.queries.utilisation import Use

NONE = "–"


def cancelled(figures: Figures) -> int:
    """Return how many bookings were cancelled, by whomever."""
    return figures.by_customer + figures.by_business


def percent(share: float | None) -> str:
    """Return a share in percent: “57%”; a dash where there is nothing to share."""
    return NONE if share is None else _("%(number)s%%") % {"number": round(share * 100)}


def part_of(part: int, whole: int) -> str:
    """Return a part of a whole: “3 of 6”."""
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def hours_of(use: Use) -> str:
    """Return booked of open hours: “3.5 of 56 h”."""
    words = {"booked": _hours(use.booked), "open": _hours(use.open)}
    return _("%(booked)s of %(open)s h") % words


def _hours(minutes: int) -> str:
    places = 0 if minutes % 60 == 0 else 1
    return str(number_format(minutes / 60, decimal_pos=places, force_grouping=True))


def sums(revenue: Mapping[str, Decimal]) -> str:
    """Return sums of money, one for each currency; a dash for none."""
    return " + ".join(money(total, code) for code, total in revenue.items()) or NONE


def lead_time(minutes: float | None) -> str:
    """Return a lead time in words: to the hour from a day on, to the minute below."""
    if minutes is None:
        return NONE
    whole = round(minutes)
    if whole >= 1440:
        whole = round(minutes / 60) * 60
    return length(timedelta(minutes=whole)) or _("none")


def before(value: str) -> str:
    """Return what a figure was in the period before."""
    return _("%(value)s before") % {"value": value}


def more(now: int, before: int) -> str:
    """Return how a count has changed: “+3, 5 before”; nothing where both are none."""
    if not now and not before:
        return ""
    return _changed(now - before, f"{now - before:+}", str(before))


def points(now: float | None, before: float | None) -> str:
    """Return how a share has changed, in points of a percent."""
    if now is None or before is None:
        return ""
    points = round(now * 100) - round(before * 100)
    words = ngettext("%(count)+d point", "%(count)+d points", abs(points)) % {"count": points}
    return _changed(points, words, percent(before))


def _changed(difference: int, shown: str, before: str) -> str:
    if not difference:
        return _("as before")
    words = {"difference": shown.replace("-", "−"), "before": before}
    return _("%(difference)s, %(before)s before") % words
