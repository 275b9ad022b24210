"""The headline figures of a report, each with what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookings.faces.desk.reports.counted import (
    before,
    cancelled,
    hours_of,
    lead_time,
    more,
    part_of,
    percent,
    points,
    sums,
)
from bookings.queries.reports import Figures


@dataclass(frozen=True)
class Tile:
    """One figure: its value, what it was before, more about it, and what it counts."""

    label: str
    value: str
    change: str
    more: str
    counts: str


def made_tiles(now: Figures, earlier: Figures) -> list[Tile]:
    """Return the figures that count by the day a booking was made."""
    return [
        Tile(
            _("Bookings made"),
            str(now.made),
            more(now.made, earlier.made),
            "",
            _("Made in these days, whenever they take place and whatever became of them."),
        ),
        Tile(
            _("Customers"),
            str(now.customers),
            more(now.customers, earlier.customers),
            "",
            _("Different people who made these bookings."),
        ),
        Tile(
            _("Lead time"),
            lead_time(now.lead),
            before(lead_time(earlier.lead)) if earlier.lead is not None else "",
            "",
            _("Half of these bookings were made longer than this before their start."),
        ),
    ]


def kept_tiles(now: Figures, earlier: Figures) -> list[Tile]:
    """Return the figures that count by the day of the appointment."""

    return [
        Tile(
            _("Confirmed bookings"),
            str(now.confirmed),
            more(now.confirmed, earlier.confirmed),
            "",
            _("Bookings that stand; these are in the export."),
        ),
        Tile(
            _("Places filled"),
            percent(now.filled),
            points(now.filled, earlier.filled),
            part_of(now.taken, now.offered),
            _("Places taken of those offered, in appointments that somebody booked."),
        ),
        Tile(
            _("Expected revenue"),
            sums(now.revenue),
            before(sums(earlier.revenue)) if earlier.revenue else "",
            "",
            _(
                "Price × places of confirmed bookings without no-shows. Starting prices count "
                "as they are, hourly ones once, open ones as nothing."
            ),
        ),
        Tile(
            _("Utilisation"),
            percent(now.use.share),
            points(now.use.share, earlier.use.share),
            hours_of(now.use),
            _(
                "Booked hours of the open hours of all staff, without closures and time off; "
                "hours as they are written today."
            ),
        ),
        *_lost_tiles(now, earlier),
    ]


def _lost_tiles(now: Figures, earlier: Figures) -> list[Tile]:
    return [
        Tile(
            _("Cancelled"),
            str(cancelled(now)),
            more(cancelled(now), cancelled(earlier)),
            _("%(customers)s by customers, %(business)s by you")
            % {"customers": now.by_customer, "business": now.by_business},
            _("Bookings whose appointment would have been in these days."),
        ),
        Tile(
            _("No-shows"),
            str(now.no_shows),
            more(now.no_shows, earlier.no_shows),
            "",
            _("Confirmed bookings to which nobody came."),
        ),
        Tile(
            _("Requests"),
            _("%(count)s open") % {"count": now.pending},
            "",
            _("%(count)s declined") % {"count": now.declined},
            _("Bookings that await approval, and those that were turned down."),
        ),
    ]
