"""Reports for admins: figures and pictures of any days, and their bookings as a file."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.roles import Capability
from bookings.errors import Invalid, NotFound
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.frame import show
from bookings.faces.desk.reports.reporting import pictures
from bookings.faces.desk.reports.tiles import kept_tiles, made_tiles
from bookings.faces.desk.reports.wanted import Wanted, wanted
from bookings.faces.exporting import KINDS, export_of
from bookings.queries.reports import report

HERE = "reports"


@desk("GET", needs=Capability.SEE_REPORTS)
def reports(request: DeskRequest) -> HttpResponse:
    """Show the report about the days, the service and the person in the address."""
    asked = wanted(request.GET.dict(), request.colleague, now=timezone.now())
    if asked.scope is None:
        return _page(request, asked, status=422)
    found = report(asked.scope, asked.services, asked.resources)
    filled = {
        "report": found,
        "made": made_tiles(found.now, found.before),
        "kept": kept_tiles(found.now, found.before),
        "pictures": pictures(found),
    }
    return _page(request, asked, filled)


@desk("GET", needs=Capability.SEE_REPORTS)
def export(request: DeskRequest, kind: str) -> HttpResponseBase:
    """Send the confirmed bookings of a report as a file."""
    if kind not in KINDS:
        raise NotFound()
    asked = wanted(request.GET.dict(), request.colleague, now=timezone.now())
    if asked.scope is None:
        return _page(request, asked, status=422)
    try:
        return export_of(request.colleague.bookings(Capability.SEE_REPORTS), asked.scope, kind)
    except Invalid as refusal:
        asked.refuse(refusal)
        return _page(request, asked, status=422)


def _page(
    request: DeskRequest,
    asked: Wanted,
    filled: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"asked": asked, "kinds": KINDS, **(filled or {})}
    return show(request, "desk/reports/page.html", context, here=HERE, status=status)
