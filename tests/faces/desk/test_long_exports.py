"""A year of a hundred thousand bookings leaves in as little memory as a week, and row by row."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Business
from bookings.queries.exporting import CHUNK
from tests import make
from tests.faces.desk.desking import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MANY, DAYS = 100_000, 250
FEW = MANY // DAYS * 25

MADE = """
WITH numbers AS (
    SELECT n, %(first)s::timestamptz + (n %% %(days)s) * interval '1 day'
        + (n / %(days)s) * interval '1 minute' AS at
    FROM generate_series(0, %(many)s - 1) AS n
), appointments AS (
    INSERT INTO bookings_appointment (
        public_id, business_id, service_id, starts_at, ends_at, zone, wall_date, wall_time, fold,
        buffer_before, buffer_after, capacity, seats_taken, state, version, location_kind, place,
        join_link, price_kind, price, currency, staff_notes, created_at)
    SELECT gen_random_uuid(), %(business)s, %(service)s, at, at + interval '1 minute', 'UTC',
        at::date, at::time, 0, '0', '0', 1, 1, 'scheduled', 0, 'physical', '', '', 'fixed', 40,
        'EUR', '', at
    FROM numbers RETURNING id
), crews AS (
    INSERT INTO bookings_appointment_resources (appointment_id, resource_id)
    SELECT id, %(resource)s FROM appointments
), bookings AS (
    INSERT INTO bookings_booking (
        public_id, reference, business_id, appointment_id, state, seats, sequence, name, email,
        phone, notes, zone, language, hold_digest, idempotency_key, cancel_reason, sms_number,
        sms_consent, created_at)
    SELECT gen_random_uuid(), 'R' || id, %(business)s, id, 'confirmed', 1, 0, '=Customer ' || id,
        'customer' || id || '@example.org', '+49 30 ' || id, '', '', '', '', '', '', '', '',
        now()
    FROM appointments RETURNING id
)
INSERT INTO bookings_answer (booking_id, asked, value)
SELECT id, 'Anything else?', 'No, thank you ' || id FROM bookings
"""


@pytest.fixture
def long_year() -> Business:
    """Return a business with so many bookings, as many on each of its days."""
    business = make.business()
    service = make.service(business)
    with connection.cursor() as cursor:
        cursor.execute(
            MADE,
            {
                "first": "2030-01-01 08:00Z",
                "days": DAYS,
                "many": MANY,
                "business": business.pk,
                "service": service.pk,
                "resource": service.resources.get().pk,
            },
        )
        cursor.execute("ANALYZE")
    return business


def desk(of: Business) -> Client:
    return signed_in(make.member(of))


def peak(act: Callable[[], int]) -> tuple[int, int]:
    """Return what an act returns, and the most memory it held, in bytes."""
    tracemalloc.start()
    try:
        return act(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_need_no_more_memory_than_ten_thousand(
    long_year: Business, kind: str, tmp_path: Path
) -> None:
    client, last = desk(long_year), {FEW: "2030-01-25", MANY: "2030-12-31"}
    file = tmp_path / "export"

    def saved(many: int) -> int:
        query = {"first": "2030-01-01", "last": last[many]}
        answer = client.get(f"/desk/{long_year.slug}/reports/export.{kind}", query)
        with file.open("wb") as kept:
            kept.writelines(answer.streaming_content)
        return int(answer["X-Rows"])

    saved(FEW)
    few, little = peak(lambda: saved(FEW))
    many, much = peak(lambda: saved(MANY))

    print(f"{kind}: {little / 1e6:.1f} MB for {few} rows, {much / 1e6:.1f} MB for {many}")
    assert (few, many) == (FEW, MANY)
    assert much < 1.5 * little
    assert rows_of(file) == MANY + 1


def rows_of(file: Path) -> int:
    """Return how many rows a file has; none of them is a formula."""
    if not zipfile.is_zipfile(file):
        text = file.read_bytes()
        assert b",=" not in text
        return text.count(b"\n")
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    return sheet.count(b"<row ")


def test_the_rows_come_while_the_rest_is_still_to_be_read(long_year: Business) -> None:
    query = {"first": "2030-01-01", "last": "2030-12-31"}
    answer = desk(long_year).get(f"/desk/{long_year.slug}/reports/export.csv", query)
    pieces = iter(answer.streaming_content)

    with CaptureQueriesContext(connection) as begun:
        first = next(pieces) + next(pieces)
    with CaptureQueriesContext(connection) as ended:
        rest = b"".join(pieces)

    assert len(begun) == 3
    assert 0 < first.count(b"\n") < CHUNK
    assert len(ended) == 3 * (MANY // CHUNK - 1) + 1
    assert first.count(b"\n") + rest.count(b"\n") == MANY + 1


def test_a_report_counts_them_all_with_as_many_queries_as_for_few(long_year: Business) -> None:
    client = desk(long_year)

    def asked(last: date) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(
                f"/desk/{long_year.slug}/reports/", {"first": "2030-01-01", "last": last}
            )
        return len(captured), page.context["report"].now.confirmed

    few, many = asked(date(2030, 1, 1)), asked(date(2030, 12, 31))

    assert few == (few[0], MANY // DAYS)
    assert many == (few[0], MANY)
