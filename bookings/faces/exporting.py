"""The bookings of a report as a file to take away, whichever face is asked for it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from typing import Final

from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header

from bookings.errors import Invalid, _
from bookings.faces.sheets import MOST_ROWS, Cell, delimited, rows, write_workbook
from bookings.models import Booking
from bookings.queries.exporting import entries, exported
from bookings.queries.periods import Scope

KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The kinds of file and their media types."""

_DELIMITERS: Final = {"csv": ",", "tsv": "\t"}


def export_of(bookings: QuerySet[Booking], scope: Scope, kind: str) -> HttpResponseBase:
    """Return the answer that sends the confirmed ones of `bookings` within a scope as a file.

    `kind` is one of `KINDS`. CSV and TSV leave while they are read. A workbook is written first,
    to a file without a name that is gone once it was sent. `X-Rows` says how many bookings there
    are, `X-Bytes` how long a workbook is before it is compressed on its way.
    Cost: as `queries.exporting.entries`, and one query more.

    Raises:
        Invalid: a workbook has no room for so many.
    """
    found = exported(bookings, scope)
    count = found.count()
    lines = rows(entries(found), scope.business)
    if kind in _DELIMITERS:
        answer: HttpResponseBase = StreamingHttpResponse(delimited(lines, _DELIMITERS[kind]))
    elif count <= MOST_ROWS:
        answer = _workbook(lines)
    else:
        raise Invalid(
            {"format": _("A workbook has no room for so many bookings: choose CSV, or fewer days.")}
        )
    period = scope.period
    name = f"{scope.business.slug}-bookings-{period.first}-{period.last}.{kind}"
    answer["Content-Type"] = KINDS[kind]
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    answer["X-Rows"] = str(count)
    patch_cache_control(answer, no_store=True)
    return answer


def _workbook(lines: Iterator[list[Cell]]) -> HttpResponseBase:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    write_workbook(lines, file)
    size = file.tell()
    file.seek(0)
    return FileResponse(file, headers={"X-Bytes": size})
