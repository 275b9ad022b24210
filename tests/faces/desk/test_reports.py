"""The reports of the desk: the page, what it says of its days, and the file of its bookings."""

from __future__ import annotations

import csv
import doctest
import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bookings import commands
from bookings.faces import exporting as faces_exporting
from bookings.faces.desk.reports import pictures, wanted
from bookings.faces.sheets import COLUMNS
from bookings.models import Answer, Booking, Business, Resource, Service
from bookings.queries import exporting
from tests import make
from tests.faces.desk.desking import signed_in
from tests.make import at

pytestmark = pytest.mark.django_db

WEEK = {"first": "2031-03-03", "last": "2031-03-09"}
FORMULAS = ["=1+1", "+49 30 1234", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠1"]


def desk(of: Business, role: str = "admin") -> Client:
    """Return a browser in which somebody with that role has signed in."""
    return signed_in(make.member(of, role))


def address(of: Business, file: str = "") -> str:
    return f"/desk/{of.slug}/reports/{file}"


def salon() -> tuple[Business, Service]:
    """Return a business with two people and one service with a price."""
    business = make.business(name="Salon", slug="salon", address="Main Street 1")
    people = [make.staff(business, name="Ann"), make.staff(business, name="Ben")]
    service = make.service(
        business, by=people, name="Cut", price_kind="fixed", price=Decimal("40.50")
    )
    return business, service


def read(answer: HttpResponse) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def lines(of: Business, kind: str = "csv", **query: str) -> list[dict[str, str]]:
    """Return the rows of a CSV or TSV export by their headings."""
    answer = desk(of).get(address(of, f"export.{kind}"), WEEK | query)
    delimiter = "," if kind == "csv" else "\t"
    return list(csv.DictReader(io.StringIO(read(answer), newline=""), delimiter=delimiter))


def sheet(answer: HttpResponse) -> list[list[tuple[str, str]]]:
    """Return the rows of a workbook: each cell's type and text, formulas as such."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in root.iter(f"{space}row"):
        rows.append([])
        for cell in row:
            assert cell.find(f"{space}f") is None
            text = "".join(part.text or "" for part in cell.iter() if part is not cell)
            rows[-1].append((cell.get("t", "n"), text))
    return rows


class TestThePage:
    def test_figures_pictures_and_the_tables_behind_them(self) -> None:
        business, service = salon()
        make.booking(service)
        make.booking(service, starts_at=at("12:00"))

        page = desk(business).get(address(business), WEEK)

        text = page.content.decode()
        assert page.status_code == 200
        assert "€81" in text
        assert "1 of 112 h" in text
        drawn = re.findall(r"<svg role=.*?</svg>", text, re.DOTALL)
        assert len(drawn) == 5
        for each in drawn:
            root = ElementTree.fromstring(each)
            named = root.get("aria-labelledby", "").split()
            assert [child.get("id") for child in root if child.tag in ("title", "desc")] == named
        assert "style=" not in text

    def test_the_bars_are_as_high_as_the_numbers_in_the_table(self) -> None:
        business, service = salon()
        for clock in ("09:00", "10:00", "11:00"):
            make.booking(service, starts_at=at(clock))
        make.booking(service, starts_at=at("09:00", days=3))

        page = desk(business).get(address(business), WEEK)

        days, hours, leads, services, resources = page.context["pictures"]
        shown = [row[1] for row in days.table.rows]
        assert shown == ["0", "3", "0", "1", "0", "0", "0"]
        assert [row[2] for row in days.table.rows] == ["4", *["0"] * 6]
        heights = [mark.height for mark in days.marks if mark.look == "bar"]
        assert heights[0] == pytest.approx(3 * heights[1])
        assert ["09:00", "0%", "25%"] == [hours.table.rows[0][0], *hours.table.rows[0][1:3]]
        full = {mark.said: mark.look for mark in hours.marks}
        assert full["Tuesday 09:00: 25%"] == "heat2"
        assert full["Monday 09:00: 0%"] == "heat0"
        assert [row[0] for row in services.table.rows] == ["Cut"]
        assert [row[0] for row in resources.table.rows] == ["Ann", "Ben"]
        assert [row[1] for row in leads.table.rows] == ["0", "3", "1", "0", "0", "0", "0"]
        widths = [mark.width for mark in leads.marks if mark.look == "bar"]
        assert widths == [75.0, 25.0]

    def test_names_are_text_in_pictures_too(self) -> None:
        business, service = salon()
        service.name = '</text><script>alert("1")</script>&'
        service.save(update_fields=["name"])
        make.booking(service)

        text = desk(business).get(address(business), WEEK).content.decode()

        assert "<script>alert" not in text
        for each in re.findall(r"<svg role=.*?</svg>", text, re.DOTALL):
            ElementTree.fromstring(each)

    def test_pictures_are_mirrored_where_pages_read_leftwards(self) -> None:
        picture = pictures.ranking("r", ("R", "R"), pictures.Table([], []), [("Ann", 0.25, "25%")])

        assert 'x="0.00%" y="24.0" width="25.00%"' in picture.drawing()
        with translation.override("ar"):
            assert 'x="75.00%" y="24.0" width="25.00%"' in picture.drawing()

    def test_days_without_anything_are_told_kindly(self) -> None:
        business, _ = salon()

        page = desk(business).get(address(business), {"first": "2020-01-01", "last": "2020-01-31"})

        assert "Nothing was booked in these days" in page.content.decode()
        assert "pictures" in page.context
        assert b"<svg role" not in page.content

    @pytest.mark.parametrize(
        ("days", "first", "last"),
        [
            ("", "2031-02-02", "2031-03-03"),
            ("nonsense", "2031-02-02", "2031-03-03"),
            ("today", "2031-03-03", "2031-03-03"),
            ("week", "2031-03-03", "2031-03-09"),
            ("month", "2031-03-01", "2031-03-31"),
            ("last-month", "2031-02-01", "2031-02-28"),
            ("year", "2031-01-01", "2031-12-31"),
        ],
    )
    def test_usual_days(self, days: str, first: str, last: str) -> None:
        business, _ = salon()

        page = desk(business).get(address(business), {"days": days} if days else {})

        period = page.context["asked"].scope.period
        assert (str(period.first), str(period.last)) == (first, last)
        assert [choice.is_here for choice in page.context["asked"].choices].count(True) == 1

    def test_today_is_the_day_at_the_place_of_the_business(self) -> None:
        business = make.business(zone="Pacific/Honolulu")

        page = desk(business).get(address(business), {"days": "today"})

        assert str(page.context["asked"].scope.period.first) == "2031-03-02"

    def test_one_service_and_one_person_stay_chosen(self) -> None:
        business, service = salon()
        other = make.service(business, by=[], name="Other")
        ann = Resource.objects.get(business=business, name="Ann")
        make.booking(service, staff=ann)
        query = {"service": str(service.public_id), "staff": str(ann.public_id)}

        page = desk(business).get(address(business), WEEK | query)
        nothing = desk(business).get(address(business), WEEK | {"service": str(other.public_id)})

        assert page.context["report"].now.confirmed == 1
        assert nothing.context["report"].now.confirmed == 0
        text = page.content.decode()
        assert f'<option value="{service.public_id}" selected>Cut</option>' in text
        assert f"days=week&amp;service={service.public_id}&amp;staff={ann.public_id}" in text
        assert (
            f"export.csv?first=2031-03-03&amp;last=2031-03-09&amp;service={service.public_id}"
            in text
        )

    @pytest.mark.parametrize(
        ("first", "last", "sentence"),
        [
            ("2031-03-09", "2031-03-03", "The last day must not lie before the first."),
            ("1999-12-31", "3000-12-31", "Choose days between the years 2000 and 2199."),
            ("2031-01-01", "2034-01-01", "A report covers two years at most."),
            ("2031-02-30", "2031-03-01", "Write a day of the calendar, like 2026-11-21."),
            ("tomorrow", "2031-03-01", "Write a day of the calendar, like 2026-11-21."),
            ("2031-03-01", "", "Write a day of the calendar, like 2026-11-21."),
            ("2031-03-01", "9" * 400, "Write a day of the calendar, like 2026-11-21."),
            ("2031-03-01", "\0", "Write a day of the calendar, like 2026-11-21."),
        ],
    )
    def test_days_that_make_no_report(self, first: str, last: str, sentence: str) -> None:
        business, _ = salon()
        client = desk(business)

        for file in ("", "export.csv", "export.xlsx"):
            page = client.get(address(business, file), {"first": first, "last": last})
            assert page.status_code == 422, file
            assert sentence in page.content.decode()

    def test_as_many_queries_for_much_as_for_little(self) -> None:
        business, service = salon()
        client = desk(business)
        make.booking(service)

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(address(business), WEEK)
            return len(captured)

        little = asked()
        for number in range(5):
            more = make.service(business, by=[make.staff(business)])
            make.booking(more, starts_at=at("10:00", days=number + 1))

        assert asked() == little


class TestWhoMay:
    @pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer", "guest"])
    @pytest.mark.parametrize("file", ["", "export.csv", "export.tsv", "export.xlsx"])
    def test_only_admins_see_reports(self, role: str, file: str) -> None:
        business, service = salon()
        make.booking(service, contact=make.contact(name="Ida Canary"))

        refused = desk(business, role).get(address(business, file), WEEK)

        assert refused.status_code == 403
        assert b"Canary" not in refused.content

    def test_another_business_is_not_there_nor_in_any_row(self) -> None:
        business, service = salon()
        other = make.booking(contact=make.contact(name="Ida Canary"))
        make.booking(service)

        client = desk(business)
        found = client.get(address(business, "export.csv"), WEEK)
        theirs = {"service": str(other.appointment.service.public_id)}
        person = {"staff": str(other.appointment.resources.get().public_id)}

        assert "Canary" not in read(found)
        assert client.get(address(other.business, "export.csv"), WEEK).status_code == 404
        assert client.get(address(business), WEEK | theirs).status_code == 404
        assert client.get(address(business), WEEK | person).status_code == 404
        assert client.get(address(business), WEEK | {"service": "1"}).status_code == 404

    def test_who_is_not_signed_in_is_sent_to_sign_in(self) -> None:
        business, _ = salon()

        assert Client().get(address(business, "export.csv")).status_code == 302


class TestTheFile:
    def test_the_columns_of_the_contract_in_its_order(self) -> None:
        business, service = salon()
        asked = make.question(service, text="Hair?")
        booking = make.booking(
            service,
            contact=make.contact(name="Ida", email="ida@example.org", phone="030 1234"),
            staff=Resource.objects.get(name="Ann"),
            answers={str(asked.public_id): "Short"},
        )
        Answer.objects.create(booking=booking, asked="Again?", value="Yes")

        assert lines(business) == [
            {
                "Date & Time": "2031-03-04 10:00",
                "Customer Name": "Ida",
                "Customer Email": "ida@example.org",
                "Customer Phone": "030 1234",
                "Customer Address": "",
                "Staff": "Ann",
                "Service": "Cut",
                "Location": "Main Street 1",
                "Duration (minutes)": "30",
                "Event Type": "One-to-one",
                "Pricing Type": "Fixed price",
                "Price": "40.50",
                "Currency": "EUR",
                "Cc Attendees": "",
                "Signed Up Attendees Count": "1",
                "Text Notifications Enabled": "No",
                "Custom Fields": "Hair?: Short; Again?: Yes",
                "Booking ID": booking.reference,
                "Tracking data": "",
            }
        ]
        assert list(lines(business)[0]) == list(COLUMNS)
        assert lines(business, "tsv") == lines(business)

    def test_times_are_those_of_the_business(self) -> None:
        business = make.business(hours="00:00-00:00", zone="America/New_York")
        make.booking(make.service(business), starts_at=at("02:00", days=1))

        assert [line["Date & Time"] for line in lines(business)] == ["2031-03-03 21:00"]

    def test_only_what_stands_in_these_days_is_listed(self) -> None:
        business, service = salon()
        kept = make.booking(service)
        gone = make.booking(service, starts_at=at("12:00"))
        make.booking(service, starts_at=at("12:00", days=7))
        waits = make.booking(service, starts_at=at("13:00"))
        Booking.objects.filter(pk=waits.pk).update(state="pending")
        commands.cancel_booking(booking=gone, now=make.NOW)

        assert [line["Booking ID"] for line in lines(business)] == [kept.reference]

    def test_one_service_and_one_person(self) -> None:
        business, service = salon()
        other = make.service(business, by=[make.staff(business, name="Cleo")])
        ours, theirs = make.booking(service), make.booking(other)

        assert [line["Booking ID"] for line in lines(business, service=str(service.public_id))] == [
            ours.reference
        ]
        cleo = str(theirs.appointment.resources.get().public_id)
        assert [line["Booking ID"] for line in lines(business, staff=cleo)] == [theirs.reference]

    @pytest.mark.parametrize("text", FORMULAS)
    def test_nothing_that_was_typed_runs_in_a_spreadsheet(self, text: str) -> None:
        business, service = salon()
        booking = make.booking(service)
        Booking.objects.filter(pk=booking.pk).update(name=text)
        harmless = text.strip()

        for kind in ("csv", "tsv"):
            assert [line["Customer Name"] for line in lines(business, kind)] == [f"'{harmless}"]
        cells = sheet(desk(business).get(address(business, "export.xlsx"), WEEK))[1]
        assert ("inlineStr", harmless) in cells

    def test_no_text_breaks_a_row_or_the_workbook(self) -> None:
        business, service = salon()
        booking = make.booking(service)
        hostile = 'a\tb\r\nc\x0bd\x1b"e",\u2028f\ufeff\x07'
        Booking.objects.filter(pk=booking.pk).update(name=hostile)
        Answer.objects.create(booking=booking, asked="Q", value="x" * 40_000)
        client = desk(business)

        for kind in ("csv", "tsv"):
            text = read(client.get(address(business, f"export.{kind}"), WEEK))
            assert len(text.split("\n")) == 3
            assert len(text.splitlines()) == 2
        (line,) = lines(business, "tsv")
        assert line["Customer Name"] == 'a b cd"e", f\ufeff'
        assert sheet(client.get(address(business, "export.xlsx"), WEEK))[1][1][1].startswith("a b")

    def test_a_workbook_holds_dates_lengths_and_prices_as_numbers(self) -> None:
        business, service = salon()
        make.booking(service)

        answer = desk(business).get(address(business, "export.xlsx"), WEEK)

        assert answer["X-Rows"] == "1"
        headings, row = sheet(answer)
        assert [text for _, text in headings] == list(COLUMNS)
        assert row[0] == ("n", "47911.41666666666")
        assert ("n", "30") in row
        assert ("n", "40.5") in row

    @pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
    def test_the_answer_names_its_file_and_counts_its_rows(self, kind: str) -> None:
        business, service = salon()
        make.booking(service)
        make.booking(service, starts_at=at("12:00"))

        answer = desk(business).get(address(business, f"export.{kind}"), WEEK)

        name = f"salon-bookings-2031-03-03-2031-03-09.{kind}"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["X-Rows"] == "2"
        assert "no-store" in answer["Cache-Control"]
        body = b"".join(answer.streaming_content)
        assert kind != "xlsx" or len(body) == int(answer["X-Bytes"])

    def test_no_other_kind_of_file_is_there(self) -> None:
        business, _ = salon()

        assert desk(business).get(address(business, "export.exe")).status_code == 404

    def test_a_workbook_that_is_too_small_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        business, service = salon()
        make.booking(service)
        monkeypatch.setattr(faces_exporting, "MOST_ROWS", 0)

        page = desk(business).get(address(business, "export.xlsx"), WEEK)

        assert page.status_code == 422
        assert "A workbook has no room for so many bookings" in page.content.decode()

    def test_three_queries_for_each_chunk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(exporting, "CHUNK", 3)
        _, service = salon()
        made = [
            make.booking(service, starts_at=at(f"{9 + number // 2:02}:00")).reference
            for number in range(8)
        ]

        def listed() -> list[str]:
            return [each.reference for each in exporting.entries(Booking.objects.all())]

        counted = queries(listed)

        assert counted == 3 * 3
        assert sorted(listed()) == sorted(made)


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_an_answer_begins_before_its_end() -> None:
    business, service = salon()
    make.booking(service)
    answer = desk(business).get(address(business, "export.csv"), WEEK)

    with CaptureQueriesContext(connection) as captured:
        first = next(iter(answer.streaming_content))

    assert first.decode("utf-8-sig").startswith("Date & Time,Customer Name")
    assert len(captured) == 0


def test_worked_cases_hold() -> None:
    assert [doctest.testmod(module).failed for module in (pictures, wanted)] == [0, 0]
