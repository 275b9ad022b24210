"""A report in pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import product

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.faces.desk.reports.counted import cancelled, hours_of, part_of, percent, sums
from bookings.faces.desk.reports.pictures import Picture, Series, Table, bars, heat, ranking
from bookings.faces.words import month
from bookings.models.hours import WEEKDAYS
from bookings.queries.reports import Report
from bookings.queries.tallies import LEADS
from bookings.queries.utilisation import Use

MOST_BARS = 62
"""Days in a picture before they become weeks; seven times as many become months."""


def pictures(report: Report) -> list[Picture]:
    """Return the pictures of a report, in the order of the page."""
    return [
        days_picture(report),
        hours_picture(report),
        leads_picture(report),
        services_picture(report),
        resources_picture(report),
    ]


def days_picture(report: Report) -> Picture:
    """Return bookings over the days, weeks or months of the period."""
    heading, named = _calendar(len(report.days))
    made: dict[str, int] = {}
    confirmed: dict[str, int] = {}
    for day, each in report.days.items():
        label = named(day)
        made[label] = made.get(label, 0) + each.made
        confirmed[label] = confirmed.get(label, 0) + each.confirmed
    counts = {"confirmed": report.now.confirmed, "made": report.now.made}
    words = (
        _("Bookings over time"),
        _("Confirmed bookings that take place: %(confirmed)s. Bookings made: %(made)s.") % counts,
    )
    return bars(
        "days",
        words,
        heading,
        list(confirmed),
        [
            Series(_("Taking place"), "bar", list(confirmed.values())),
            Series(_("Made"), "bar-second", list(made.values())),
        ],
    )


def hours_picture(report: Report) -> Picture:
    """Return how full each hour of the week is."""
    full = {when: use for when, use in report.by_hour.items() if use.open or use.booked}
    hours = sorted({hour for _, hour in full})
    week = [*([day] for day in range(7)), range(7)]
    rows = [
        [shown, *(percent(_sum(full, days, which).share) for days in week)]
        for shown, which in [*((f"{hour:02}:00", [hour]) for hour in hours), (_("All day"), hours)]
    ]
    shares = {
        (day, hour): (
            use.share if use.share is not None else 1.0,
            f"{WEEKDAYS[day][1]} {hour:02}:00: {percent(use.share)}",
        )
        for (day, hour), use in full.items()
    }
    words = (
        _("How full the hours are"),
        _("Booked time as a share of open time, for each hour of the week."),
    )
    headings = [_("Hour"), *(str(label) for _, label in WEEKDAYS), _("Whole week")]
    return heat("hours", words, Table(headings, rows), _short_weekdays(), shares)


def services_picture(report: Report) -> Picture:
    """Return how full the open time of each service is."""
    headings = [
        _("Service"),
        _("Bookings"),
        _("Places"),
        _("Revenue"),
        _("Cancelled"),
        _("No-shows"),
        _("Hours"),
        _("Utilisation"),
    ]
    rows = [
        [
            service.name,
            str(each.confirmed),
            part_of(each.taken, each.offered),
            sums(each.revenue),
            str(cancelled(each)),
            str(each.no_shows),
            hours_of(each.use),
            percent(each.use.share),
        ]
        for service, each in report.services
    ]
    words = (
        _("Utilisation by service"),
        _("Booked hours of a service as a share of the open hours of those who offer it."),
    )
    shown = [
        (service.name, each.use.share, percent(each.use.share)) for service, each in report.services
    ]
    return ranking("services", words, Table(headings, rows), shown)


def resources_picture(report: Report) -> Picture:
    """Return how full the open time of each person and room is."""
    rows = [[each.name, hours_of(use), percent(use.share)] for each, use in report.resources]
    words = (
        _("Utilisation by person and room"),
        _("Booked hours as a share of open hours, of those who can be booked today."),
    )
    shown = [(each.name, use.share, percent(use.share)) for each, use in report.resources]
    headings = [_("Person or room"), _("Hours"), _("Utilisation")]
    return ranking("resources", words, Table(headings, rows), shown)


def leads_picture(report: Report) -> Picture:
    """Return how long before their start bookings were made."""
    made = report.now.made
    labels = [
        _("less than a day"),
        *(_between(a, b) for a, b in zip(LEADS, (*LEADS[1:], None), strict=True)),
    ]
    words = (
        _("How early people book"),
        _("Bookings made in these days, by the time between booking and start."),
    )
    counted = list(zip(labels, report.leads, strict=True))
    rows = [
        [label, str(count), percent(count / made if made else None)] for label, count in counted
    ]
    shown = [(label, count / made if made else 0.0, str(count)) for label, count in counted]
    headings = [_("Lead time"), _("Bookings"), _("Share")]
    return ranking("leads", words, Table(headings, rows), shown)


def _calendar(days: int) -> tuple[str, Callable[[date], str]]:
    """Return what the bars of so many days stand for, and the name of each day's bar."""
    if days <= MOST_BARS:
        return _("Day"), _short
    if days <= 7 * MOST_BARS:
        return _("Week from"), lambda day: _short(day - timedelta(days=day.weekday()))
    return _("Month"), month


def _short(day: date) -> str:
    return date_format(day, pgettext("date format", "j M"))


def _short_weekdays() -> list[str]:
    monday = date(2024, 1, 1)
    return [date_format(monday + timedelta(days=day), "D") for day in range(7)]


def _sum(full: Mapping[tuple[int, int], Use], days: Iterable[int], hours: Iterable[int]) -> Use:
    found = Use()
    for when in product(days, hours):
        use = full.get(when, Use())
        found.booked += use.booked
        found.open += use.open
    return found


def _between(first: int, last: int | None) -> str:
    if last is None:
        return _("%(count)s weeks or more") % {"count": first // 7}
    if last <= 7:
        return _("%(first)s to %(last)s days") % {"first": first, "last": last}
    return _("%(first)s to %(last)s weeks") % {"first": first // 7, "last": last // 7}
