"""Bookings as rows of a file: which column says what, and how each kind of file is written.

Columns and their order are those that Microsoft Bookings exports. What nobody is asked for here
stays empty: the customer's address, further recipients, the tracking of campaigns. One row is one
booking, its attendees are the places of this booking.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import IO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bookings.engine.text import clean_line
from bookings.models import Business
from bookings.queries.exporting import Entry

Cell = str | int | Decimal | datetime

PRICING = {
    "not_set": "Not set",
    "fixed": "Fixed price",
    "starting_at": "Starting at",
    "hourly": "Hourly",
    "free": "Free",
    "varies": "Price varies",
    "call_us": "Call us",
}
LOCATION = {"online": "Online", "telephone": "By telephone", "offsite": "At the customer's place"}

Column = Callable[[Entry, Business], Cell]
COLUMNS: dict[str, Column] = {
    "Date & Time": lambda entry, of: _wall(entry.starts_at, of.zone),
    "Customer Name": lambda entry, of: entry.name,
    "Customer Email": lambda entry, of: entry.email,
    "Customer Phone": lambda entry, of: entry.phone,
    "Customer Address": lambda entry, of: "",
    "Staff": lambda entry, of: ", ".join(entry.staff),
    "Service": lambda entry, of: entry.service,
    "Location": lambda entry, of: entry.place or LOCATION.get(entry.location_kind, of.address),
    "Duration (minutes)": lambda entry, of: entry.minutes,
    "Event Type": lambda entry, of: "Group" if entry.is_group else "One-to-one",
    "Pricing Type": lambda entry, of: PRICING[entry.price_kind],
    "Price": lambda entry, of: "" if entry.price is None else entry.price,
    "Currency": lambda entry, of: entry.currency,
    "Cc Attendees": lambda entry, of: "",
    "Signed Up Attendees Count": lambda entry, of: entry.seats,
    "Text Notifications Enabled": lambda entry, of: "Yes" if entry.is_texted else "No",
    "Custom Fields": lambda entry, of: "; ".join(
        f"{asked}: {said}" for asked, said in entry.answers
    ),
    "Booking ID": lambda entry, of: entry.reference,
    "Tracking data": lambda entry, of: "",
}

MOST_ROWS = 1_048_575
"""What a worksheet holds below its headings."""
LONGEST_CELL = 32_767

_BATCH = 500
_FORMULA = tuple("=+-@＝＋－＠")  # after `clean_line` no cell begins with a tab or a return


def rows(entries: Iterable[Entry], of: Business) -> Iterator[list[Cell]]:
    """Yield one row of cells for each booking; texts are lines without control characters."""
    for entry in entries:
        yield [_clean(column(entry, of)) for column in COLUMNS.values()]


def delimited(lines: Iterator[list[Cell]], delimiter: str) -> Iterator[bytes]:
    """Yield a CSV or TSV file in pieces: UTF-8 with a byte order mark, lines ended by CR LF.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, so that
    “+49 30 …” reads “'+49 30 …”. No cell breaks a line: there are as many as rows.
    """
    yield "\ufeff".encode() + _piece([list(COLUMNS)], delimiter)
    while batch := list(islice(lines, _BATCH)):
        yield _piece(([_plain(cell) for cell in line] for line in batch), delimiter)


def write_workbook(lines: Iterable[list[Cell]], file: IO[bytes]) -> None:
    """Write an XLSX file of one sheet; its rows are never all in memory.

    Texts are written as texts, whatever they begin with; dates, lengths and prices as what
    they are, to be sorted and summed.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet("Bookings")
        bold = book.add_format({"bold": True})
        formats = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            Decimal: book.add_format({"num_format": "0.00"}),
        }
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 18)
        for place, heading in enumerate(COLUMNS):
            sheet.write_string(0, place, heading, bold)
        for number, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                _write(sheet, number, place, cell, formats)


def _write(
    sheet: Worksheet, number: int, place: int, cell: Cell, formats: dict[type, Format]
) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(number, place, cell, formats[datetime])
    elif isinstance(cell, Decimal):
        sheet.write_number(number, place, float(cell), formats[Decimal])
    elif isinstance(cell, int):
        sheet.write_number(number, place, cell)
    elif cell:
        sheet.write_string(number, place, cell[:LONGEST_CELL])


def _wall(at: datetime, zone: str) -> datetime:
    """Return what the clock in a zone shows, as files hold it: without a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _clean(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return cell.strip() if cell.isprintable() else clean_line(cell)


def _plain(cell: Cell) -> str:
    """Return a cell as text that no spreadsheet runs."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return str(cell)


def _piece(lines: Iterable[Iterable[str]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode()
