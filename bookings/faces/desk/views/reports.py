"""Reports for admins: figures and pictures of any days, and their bookings as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings.errors import NotFound
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.frame import show
from bookings.faces.desk.reports.reporting import pictures
from bookings.faces.desk.reports.sheets import MOST_ROWS, Cell, delimited, rows, write_workbook
from bookings.faces.desk.reports.tiles import kept_tiles, made_tiles
from bookings.faces.desk.reports.wanted import Wanted, wanted
from bookings.queries.exporting import entries, exported
from bookings.queries.periods import Scope
from bookings.queries.reports import report

HERE = "reports"

DELIMITERS = {"csv": ",", "tsv": "\t"}
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


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
    """Send the confirmed bookings of a report as a file; `X-Rows` says how many there are.

    CSV and TSV leave while they are read. A workbook is written first, to a file without a
    name that is gone once it was sent.
    """
    if kind not in KINDS:
        raise NotFound()
    asked = wanted(request.GET.dict(), request.colleague, now=timezone.now())
    if asked.scope is None:
        return _page(request, asked, status=422)
    bookings = exported(request.colleague.bookings(Capability.SEE_REPORTS), asked.scope)
    count = bookings.count()
    lines = rows(entries(bookings), request.colleague.business)
    if kind != "xlsx":
        answer: HttpResponseBase = StreamingHttpResponse(delimited(lines, DELIMITERS[kind]))
    elif count <= MOST_ROWS:
        answer = _workbook(lines)
    else:
        asked.refuse(_("A workbook has no room for so many bookings: choose CSV, or fewer days."))
        return _page(request, asked, status=422)
    return _sent(answer, asked.scope, kind, count)


def _workbook(lines: Iterator[list[Cell]]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    write_workbook(lines, file)
    size = file.tell()
    file.seek(0)
    return FileResponse(file, headers={"X-Bytes": size})


def _sent(answer: HttpResponseBase, scope: Scope, kind: str, count: int) -> HttpResponseBase:
    """Return an answer with its headers; its length comes uncompressed in `X-Bytes`."""
    period = scope.period
    name = f"{scope.business.slug}-bookings-{period.first}-{period.last}.{kind}"
    answer["Content-Type"] = KINDS[kind]
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["X-Rows"] = str(count)
    patch_cache_control(answer, no_store=True)
    return answer


def _page(
    request: DeskRequest,
    asked: Wanted,
    filled: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"asked": asked, "kinds": KINDS, **(filled or {})}
    return show(request, "desk/reports/page.html", context, here=HERE, status=status)
