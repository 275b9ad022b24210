"""Days that are not like others: clocks that change, nights, closures, nobody there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from bookings import commands
from bookings.models import Booking, Business, HoursException, Resource
from tests import make
from tests.faces.desk.desking import signed_in
from tests.make import at

pytestmark = pytest.mark.django_db


def shown(business: Business, day: str, name: str = "day", **fields: str) -> str:
    """Return the text of a page of the calendar, as an admin of the business sees it."""
    client = signed_in(make.member(business))
    return client.get(
        reverse(f"desk:{name}", args=[business.slug]), {"day": day, **fields}
    ).content.decode()


def places(text: str) -> list[str]:
    """Return where the appointments of a page lie, each with its time."""
    found = re.findall(r'<li class="visit (h\d+ m\d+ dh\d+ dm\d+)[^"]*".*?<time>(.*?)</time>', text)
    return [f"{place} {clock}" for place, clock in found]


def around_the_clock(**fields: object) -> tuple[Business, Resource]:
    """Return a business in Berlin that never closes, and somebody who works there."""
    business = make.business(hours="00:00-00:00", zone="Europe/Berlin", **fields)
    return business, make.staff(business)


def book(of: Business, by: Resource, starts_at: datetime, minutes: int) -> Booking:
    service = make.service(
        of, by=[by], duration=timedelta(minutes=minutes), interval=timedelta(minutes=15)
    )
    return make.booking(service, starts_at=starts_at)


def test_every_minute_and_lane_has_its_place_in_the_style_sheet():
    told = set(
        re.findall(r"\.(\w+) \{", (settings.BASE_DIR / "static/css/minutes.css").read_text())
    )

    wanted = {f"{name}{number}" for name in ("h", "from") for number in range(24)}
    wanted |= {f"{name}{number}" for name in ("m", "dm") for number in range(60)}
    wanted |= {f"dh{number}" for number in range(25)} | {f"to{number}" for number in range(1, 25)}
    wanted |= {f"l{number}" for number in range(8)} | {f"of{number}" for number in range(2, 9)}
    assert told == wanted


def test_in_spring_an_appointment_spans_the_hour_that_the_clock_skips():
    business, ann = around_the_clock()
    book(business, ann, datetime(2031, 3, 30, 0, 30, tzinfo=UTC), 60)

    assert places(shown(business, "2031-03-30")) == ["h1 m30 dh2 dm0 01:30 – 03:30"]


def test_in_autumn_the_repeated_hour_is_two_lanes_with_their_offsets():
    business, ann = around_the_clock(maximum_advance=timedelta(days=365))
    book(business, ann, datetime(2031, 10, 26, 0, 15, tzinfo=UTC), 30)
    book(business, ann, datetime(2031, 10, 26, 1, 15, tzinfo=UTC), 30)

    text = shown(business, "2031-10-26")

    assert places(text) == [
        "h2 m15 dh0 dm30 02:15 – 02:45 (UTC+2)",
        "h2 m15 dh0 dm30 02:15 – 02:45 (UTC+1)",
    ]
    assert "l0 of2" in text
    assert "l1 of2" in text


def test_an_appointment_past_midnight_is_on_both_days():
    business, ann = around_the_clock()
    book(business, ann, datetime(2031, 3, 4, 22, 30, tzinfo=UTC), 60)

    evening, morning = shown(business, "2031-03-04"), shown(business, "2031-03-05")

    assert places(evening) == ["h23 m30 dh0 dm30 23:30 – 24:00"]
    assert "cut-end" in evening
    assert places(morning) == ["h0 m0 dh0 dm30 00:00 – 00:30"]
    assert "cut-start" in morning
    assert "data-moves" not in morning


def test_hours_of_somebody_elsewhere_lie_by_the_clock_of_the_business():
    business = make.business(zone="Europe/Berlin")
    ann = make.staff(business, zone="Europe/London")
    make.open_daily(ann, "09:00-12:00")

    text = shown(business, "2031-03-04")

    assert '<i class="open h10 m0 dh3 dm0"></i>' in text
    assert "10:00 – 13:00" in text


def test_a_closed_day_says_so_and_shows_the_usual_hours():
    business = make.business()
    make.staff(business)
    HoursException.objects.create(business=business, day=date(2031, 3, 4))

    text = shown(business, "2031-03-04")

    assert "Not open" in text
    assert "from9 to17" in text
    assert '<i class="open' not in text


def test_time_off_and_closures_are_shown_with_their_titles():
    business = make.business()
    ann = make.staff(business)
    make.staff(business)
    for resources, title in (([ann], "Dentist"), ([], "Staff meeting")):
        commands.take_time_off(
            business=business,
            resources=resources,
            starts_at=at("12:00"),
            ends_at=at("13:30"),
            title=title,
            now=make.NOW,
            actor=commands.Actor("staff", "Ann"),
        )

    text = shown(business, "2031-03-04")

    assert text.count("Dentist") == 1
    assert text.count("Staff meeting") == 2
    assert "off h12 m0 dh1 dm30" in text


def test_a_held_time_is_shown_as_being_booked_until_it_ends(monkeypatch):
    business = make.business()
    service = make.service(business)
    commands.hold(service=service, starts_at=at("10:00"), now=make.NOW)

    assert "Being booked" in shown(business, "2031-03-04")
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW + timedelta(minutes=5))
    assert "Being booked" not in shown(business, "2031-03-04")


def test_a_group_shows_its_seats_and_everybody_in_it():
    business = make.business()
    group = make.service(business, name="Yoga", capacity=3)
    for name in ("Nora", "Tomasz"):
        make.booking(group, starts_at=at("10:00"), contact=make.contact(name=name))

    text = shown(business, "2031-03-04")

    assert "2/3" in text
    assert "Nora, Tomasz" in text
    make.booking(group, starts_at=at("10:00"))
    assert re.search(r'class="visit [^"]*full', shown(business, "2031-03-04"))


def test_a_business_without_anybody_says_what_comes_here():
    business = make.business()

    assert "Nobody to show yet" in shown(business, "2031-03-04")
    assert "Nobody to show yet" in shown(business, "2031-03-04", "week")
    assert "Nothing here" in shown(business, "2031-03-04", "list")


@pytest.mark.parametrize("name", ["day", "week", "month", "list"])
@pytest.mark.parametrize(
    "day", ["", "x", "2031-02-30", "0001-01-01", "9999-12-31", "8999-12-31", "1971-01-01", "\x00"]
)
def test_a_day_that_makes_no_sense_is_harmless(name: str, day: str):
    business = make.business()
    make.staff(business)
    client = signed_in(make.member(business))

    answer = client.get(
        reverse(f"desk:{name}", args=[business.slug]),
        {"day": day, "resource": day, "service": "\x00", "from": day, "until": day, "text": day}
        | {"page": "99999999", "state": "held", "colours": "x"},
    )

    assert answer.status_code == 200
