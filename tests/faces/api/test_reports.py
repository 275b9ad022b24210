"""Reports as JSON, and bookings as files."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from accounts.scopes import Scope
from bookings import commands
from bookings.faces import exporting
from bookings.models import Customer
from bookings.queries import exporting as queries
from tests import make
from tests.faces.api.conftest import Program
from tests.make import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
WEEK = "first_day=2031-03-03&last_day=2031-03-09"


@pytest.fixture
def service(business):
    people = [make.staff(business, name="Ann"), make.staff(business, name="Ben")]
    return make.service(business, by=people, name="Cut", price_kind="fixed", price=Decimal("40.50"))


def rows(answer):
    """Return the rows of a CSV file by their headings."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_report_counts_what_was_made_and_kept(program, business, service):
    make.booking(service, seats=1)
    kept = make.booking(service, starts_at=at("11:00"))
    commands.cancel_booking(booking=kept, now=NOW)
    answer = program.get(f"reports/?{WEEK}")

    assert answer.status_code == 200
    shown = answer.json()
    assert shown["time_zone"] == "UTC"
    assert (shown["period"]["first_day"], shown["period"]["last_day"]) == (
        "2031-03-03",
        "2031-03-09",
    )
    assert (shown["before"]["first_day"], shown["before"]["last_day"]) == (
        "2031-02-24",
        "2031-03-02",
    )
    figures = shown["period"]["figures"]
    assert (figures["made"], figures["customers"], figures["confirmed"]) == (2, 2, 1)
    assert figures["revenue"] == [{"amount": "40.50", "currency": business.currency}]
    assert (figures["cancelled_by_customer"], figures["lead_time"]) == (1, "P1DT3H30M")
    assert figures["use"] == {"booked": "PT30M", "open": "P4DT16H"}
    assert shown["days"][0] == {"day": "2031-03-03", "made": 2, "confirmed": 0}
    assert shown["days"][1] == {"day": "2031-03-04", "made": 0, "confirmed": 1}
    assert len(shown["days"]) == 7
    assert shown["lead_times"][1] == {"from_days": 1, "below_days": 3, "made": 2}
    assert shown["lead_times"][-1] == {"from_days": 56, "below_days": None, "made": 0}
    assert [each["name"] for each in shown["services"]] == ["Cut"]
    assert [each["name"] for each in shown["resources"]] == ["Ann", "Ben"]
    assert {(each["weekday"], each["hour"]) for each in shown["hours"]} >= {(0, 9), (6, 16)}
    assert sum(each["use"]["booked"] != "PT0S" for each in shown["hours"]) == 1


def test_a_report_is_about_one_service_or_one_person(program, business, service):
    other = make.service(business, name="Shave")
    make.booking(service)
    make.booking(other)
    person = other.resources.get()
    by_service = program.get(f"reports/?{WEEK}&service={other.public_id}").json()
    by_person = program.get(f"reports/?{WEEK}&resource={person.public_id}").json()

    assert by_service["service"] == {"id": str(other.public_id), "name": "Shave"}
    assert [each["name"] for each in by_service["services"]] == ["Shave"]
    assert by_person["resource"] == {"id": str(person.public_id), "name": person.name}
    assert by_service["period"]["figures"]["made"] == by_person["period"]["figures"]["made"] == 1


def test_a_report_costs_the_same_whatever_it_counts(program, business, service):
    def cost():
        with CaptureQueriesContext(connection) as caught:
            assert program.get(f"reports/?{WEEK}&fields=period").status_code == 200
        return len(caught)

    cost()
    make.booking(service)
    few = cost()
    for number in range(15):
        make.booking(service, starts_at=at(f"{9 + number // 2:02}:{number % 2 * 30:02}", days=2))
        make.service(business)

    assert cost() == few


@pytest.mark.parametrize("path", ["reports/", "exports/bookings/"])
@pytest.mark.parametrize(
    ("query", "status", "parameters"),
    [
        ("", 400, ["first_day", "last_day"]),
        ("first_day=yesterday&last_day=2031-03-09", 400, ["first_day"]),
        ("first_day=2031-02-29&last_day=2031-03-09", 400, ["first_day"]),
        (f"{WEEK}&days=today", 400, ["days"]),
        (f"{WEEK}&service=1", 400, ["service"]),
        ("first_day=2031-03-09&last_day=2031-03-03", 422, ["last_day"]),
        ("first_day=2031-03-09&last_day=2034-03-03", 422, ["last_day"]),
        ("first_day=1999-12-31&last_day=2000-03-03", 422, ["first_day"]),
        ("first_day=0001-01-01&last_day=9999-12-31", 400, ["first_day", "last_day"]),
    ],
)
def test_days_that_cannot_be_reported_are_refused(program, path, query, status, parameters):
    answer = program.get(f"{path}?{query}")

    assert answer.status_code == status
    assert sorted(each["parameter"] for each in answer.json()["errors"]) == parameters


@pytest.mark.parametrize("path", ["reports/", "exports/bookings/"])
@pytest.mark.parametrize("name", ["service", "resource"])
def test_what_is_not_in_the_business_is_not_there(program, service, path, name):
    elsewhere = make.service(make.business())
    ids = (uuid4(), elsewhere.public_id, elsewhere.resources.get().public_id)

    for number in ids:
        assert program.get(f"{path}?{WEEK}&{name}={number}").status_code == 404


def test_bookings_leave_as_a_file_of_lines(program, business, service):
    booking = make.booking(service, contact=make.contact(name="=1+1"))
    make.booking(service, starts_at=at("10:00", days=9))
    answer = program.get(f"exports/bookings/?{WEEK}")

    assert answer.status_code == 200
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"{business.slug}-bookings-2031-03-03-2031-03-09.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (answer["X-Rows"], "ETag" in answer) == ("1", False)
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    (row,) = rows(answer)
    assert (row["Booking ID"], row["Customer Name"]) == (booking.reference, "'=1+1")


def test_bookings_leave_as_a_workbook(program, service):
    make.booking(service, contact=make.contact(name="Ann Lee"))
    answer = program.get(f"exports/bookings/?{WEEK}&format=xlsx")
    body = b"".join(answer.streaming_content)

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert len(body) == int(answer["X-Bytes"])
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        assert "Ann Lee" in book.read("xl/worksheets/sheet1.xml").decode()


def test_an_export_reads_as_much_as_it_sends(program, service, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 3)
    for number in range(8):
        make.booking(service, starts_at=at(f"{9 + number // 2:02}:00"))
    answer = program.get(f"exports/bookings/?{WEEK}")
    with CaptureQueriesContext(connection) as caught:
        assert len(rows(answer)) == 8

    assert len(caught) == 9


def test_a_kind_of_file_that_there_is_not_is_refused(program):
    answer = program.get(f"exports/bookings/?{WEEK}&format=exe")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "format")


def test_a_workbook_that_is_too_small_is_said(program, service, monkeypatch):
    make.booking(service)
    monkeypatch.setattr(exporting, "MOST_ROWS", 0)
    answer = program.get(f"exports/bookings/?{WEEK}&format=xlsx")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["parameter"] == "format"


def test_whoever_is_erased_is_in_no_file(program, service, clock):
    make.booking(service, contact=make.contact(name="Ann Lee"))
    clock.now += timedelta(days=9)
    customer = Customer.objects.get()
    commands.erase_customer(customer=customer, now=clock.now, actor=commands.SYSTEM)
    (row,) = rows(program.get(f"exports/bookings/?{WEEK}"))

    assert row["Customer Name"] == "(erased)"


@pytest.mark.parametrize("path", ["reports/", "exports/bookings/"])
def test_only_admins_see_reports(business, path):
    others = [Program(make.member(business, role), business) for role in Role if role != "admin"]
    scopeless = Program(make.member(business), business, (Scope.BOOKINGS_READ,))

    assert {each.get(f"{path}?{WEEK}").status_code for each in others} == {403}
    assert scopeless.get(f"{path}?{WEEK}").json()["scope"] == "reports:read"
