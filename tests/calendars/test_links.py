"""Links that open a web calendar with the appointment filled in."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from bookings.calendars.links import (
    google_link,
    google_subscription,
    outlook_link,
    outlook_subscription,
)
from tests.calendars.entry import entry


def test_google_gets_utc_instants_and_the_zone() -> None:
    url = urlsplit(google_link(entry()))

    assert url.netloc == "calendar.google.com"
    assert parse_qs(url.query) == {
        "action": ["TEMPLATE"],
        "text": ["Haircut – Salon Möwe"],
        "dates": ["20261103T080000Z/20261103T084500Z"],
        "ctz": ["Europe/Berlin"],
        "details": ["With: Ada\nReference: K7Q2"],
        "location": ["Harbour Street 1, Hamburg"],
    }


def test_outlook_gets_utc_instants() -> None:
    url = urlsplit(outlook_link(entry()))

    assert url.netloc == "outlook.live.com"
    assert parse_qs(url.query) == {
        "path": ["/calendar/action/compose"],
        "rru": ["addevent"],
        "subject": ["Haircut – Salon Möwe"],
        "startdt": ["2026-11-03T08:00:00Z"],
        "enddt": ["2026-11-03T08:45:00Z"],
        "body": ["With: Ada\nReference: K7Q2"],
        "location": ["Harbour Street 1, Hamburg"],
    }


def test_a_name_cannot_add_fields_to_a_link() -> None:
    url = google_link(entry(summary="Cut&dates=1#x\r\nHost: evil"))

    assert parse_qs(urlsplit(url).query)["text"] == ["Cut&dates=1#x Host: evil"]
    assert urlsplit(url).fragment == ""


def test_long_details_do_not_make_a_link_that_browsers_refuse() -> None:
    details = parse_qs(urlsplit(google_link(entry(description="x" * 9000))).query)["details"]

    assert details == ["x" * 999 + "…"]


def test_a_feed_is_handed_on_by_its_whole_address() -> None:
    address = "https://book.example/feeds/abc.ics"

    google = urlsplit(google_subscription(address))
    outlook = urlsplit(outlook_subscription(address, "Anna – Salon"))

    assert parse_qs(google.query) == {"cid": ["webcal://book.example/feeds/abc.ics"]}
    assert parse_qs(outlook.query) == {"url": [address], "name": ["Anna – Salon"]}
