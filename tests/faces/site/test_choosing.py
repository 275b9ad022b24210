"""Choosing a service and a time."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.engine.hours import is_zone
from bookings.models import Booking
from tests import make
from tests.faces.site.visiting import held, hold, service_url, text, value

pytestmark = pytest.mark.django_db


def times(page: str) -> list[str]:
    """Return the starts that the picker's buttons send, in order."""
    return re.findall(r'name="start" value="([^"]+)"', page)


def days(page: str) -> list[str]:
    """Return the days that can be chosen."""
    return re.findall(r'id="day-([0-9-]+)"', page)


def test_the_business_page_words_every_kind_of_price_and_place(client: Client) -> None:
    studio = make.business(name="Studio", address="1 High Street", currency="EUR")
    for position, (fields, words) in enumerate(
        [
            ({"price_kind": "fixed", "price": Decimal(48)}, ["€48", "1 High Street"]),
            ({"price_kind": "starting_at", "price": Decimal("9.50")}, ["from €9.50"]),
            ({"price_kind": "hourly", "price": Decimal(60)}, ["€60 per hour"]),
            ({"price_kind": "free", "location_kind": "online"}, ["Free", "Online"]),
            (
                {"price_kind": "varies", "location_kind": "telephone"},
                ["Price varies", "we call you"],
            ),
            ({"price_kind": "call_us", "location_kind": "offsite"}, ["Call us", "At your place"]),
            ({"capacity": 8, "place": "Hall"}, ["Up to 8 people", "Hall"]),
        ]
    ):
        make.service(studio, position=position, description=" ".join(words), **fields)
    make.service(studio, name="Hidden", is_hidden=True)

    page = text(client.get(f"/b/{studio.slug}/"))
    cards = page.split("<article")[1:]

    assert len(cards) == 7
    for card in cards:
        said = re.search(r'clamp">([^<]+)<', card)
        assert said
        facts = card.split("</p>", 1)[1]
        assert all(word in facts for word in said[1].split(" ")), card


def test_the_first_month_and_day_with_free_times_is_shown(client: Client) -> None:
    service = make.service(minimum_lead=timedelta(days=29))

    page = text(client.get(service_url(service)))

    assert "April 2031" in page
    assert days(page)[0] == "2031-04-01"
    assert times(page)[0] == value(make.at("09:00", days=29))


def test_days_without_free_times_are_no_links(client: Client) -> None:
    service = make.service(make.business(hours=""), availability="weekly")
    make.open_daily(service, "09:00-10:00")
    make.open_daily(service.resources.get(), "09:00-10:00")
    service.hours.exclude(weekday=2).delete()

    page = text(client.get(service_url(service)))

    assert days(page) == ["2031-03-05", "2031-03-12", "2031-03-19", "2031-03-26"]


def test_an_empty_month_says_so_and_leads_to_the_next_free_day(client: Client) -> None:
    service = make.service(minimum_lead=timedelta(days=29))

    page = text(client.get(service_url(service), {"month": "2031-03"}))

    assert "There are no free times in March 2031." in page
    assert "Next free day: Tuesday 1 April" in page
    assert "?day=2031-04-01" in page


def test_a_full_day_leads_to_the_next_free_one(client: Client) -> None:
    service = make.service(make.business(hours="09:00-09:30"))
    make.booking(service, starts_at=make.at("09:00"))

    page = text(client.get(service_url(service), {"day": "2031-03-04"}))

    assert "There are no free times on Tuesday 4 March." in page
    assert "?day=2031-03-05" in page


def test_nothing_bookable_at_all_shows_how_to_reach_the_business(client: Client) -> None:
    service = make.service(make.business(hours="", phone="+49 30 1"))

    page = text(client.get(service_url(service)))

    assert "There are no free times at the moment." in page
    assert times(page) == []
    assert 'href="tel:+49301"' in page


@pytest.mark.parametrize("field", ["month", "day", "staff", "party", "zone"])
@pytest.mark.parametrize(
    "nonsense", ["", "x", "9999-99", "-1", "1\x00", "٣", "2031-02-30", "0" * 999]
)
def test_nonsense_in_the_address_counts_as_not_chosen(
    client: Client, field: str, nonsense: str
) -> None:
    service = make.service()

    page = client.get(service_url(service), {field: nonsense})

    assert page.status_code == 200
    assert days(text(page))[0] == "2031-03-03"


def test_staff_can_be_chosen_where_the_policy_allows_it(client: Client) -> None:
    studio = make.business()
    mei, jonas = make.staff(studio, name="Mei Lin"), make.staff(studio, name="Jonas")
    service = make.service(studio, by=[mei, jonas])
    make.booking(service, starts_at=make.at("09:00"), staff=mei)
    address = service_url(service)

    anyone = text(client.get(address, {"day": "2031-03-04"}))
    only_mei = text(client.get(address, {"day": "2031-03-04", "staff": str(mei.public_id)}))

    assert "Anyone" in anyone
    assert times(anyone)[0] == value(make.at("09:00"))
    assert times(only_mei)[0] == value(make.at("09:30"))
    held(client, service, make.at("09:30"), staff=str(mei.public_id))
    assert list(Booking.objects.get(state="held").appointment.resources.all()) == [mei]


def test_nobody_can_be_chosen_where_the_policy_does_not_allow_it(client: Client) -> None:
    studio = make.business(allow_staff_selection=False)
    mei = make.staff(studio, name="Mei Lin")
    service = make.service(studio, by=[mei, make.staff(studio)])

    page = text(client.get(service_url(service)))
    refused = hold(client, service, make.at("09:00"), staff=str(mei.public_id))

    assert "With whom?" not in page
    assert refused.status_code == 422
    assert "This person does not offer this service." in text(refused)
    assert not Booking.objects.exists()


def test_everybody_who_comes_together_is_named(client: Client) -> None:
    studio = make.business()
    people = [make.staff(studio, name="Mei Lin"), make.staff(studio, name="Jonas")]
    service = make.service(studio, by=people, assignment="all")

    page = text(client.get(service_url(service)))

    assert "Who comes" in page
    assert "With whom?" not in page
    assert all(person.name in page for person in people)


def test_groups_show_the_places_left_and_only_times_with_room_for_the_party(
    client: Client,
) -> None:
    service = make.service(make.business(hours="09:00-10:00"), capacity=8)
    make.booking(service, starts_at=make.at("09:00"), seats=5)
    address = service_url(service)

    alone = text(client.get(address, {"day": "2031-03-04"}))
    four = text(client.get(address, {"day": "2031-03-04", "party": "4"}))

    assert "3 of 8 places left" in alone
    assert times(four) == [value(make.at("09:30"))]
    assert '<option value="4" selected>4 people</option>' in four


def test_times_are_shown_in_the_zone_that_the_browser_told(client: Client) -> None:
    service = make.service(make.business(zone="Europe/Berlin", hours="09:00-10:00"))
    client.cookies["zone"] = "America%2FNew_York"

    page = text(client.get(service_url(service), {"day": "2031-03-04"}))

    assert re.findall(r'value="2031-03-04T08:00Z">([^<]+)<', page) == ["03:00"]
    assert "Shown in New York time (UTC-5)" in page
    assert "Berlin time (UTC+1)" in page


def test_a_zone_chosen_by_hand_is_kept(client: Client) -> None:
    service = make.service(make.business(zone="Europe/Berlin"))
    client.cookies["zone"] = "America%2FNew_York"

    client.get(service_url(service), {"zone": "Asia/Tokyo"})

    assert "Shown in Tokyo time (UTC+9)" in text(client.get(service_url(service)))


def test_a_business_can_insist_on_its_own_zone(client: Client) -> None:
    service = make.service(make.business(zone="Europe/Berlin", shows_business_zone=True))
    client.cookies["zone"] = "America%2FNew_York"

    page = text(client.get(service_url(service), {"zone": "Asia/Tokyo"}))

    assert "Shown in Berlin time (UTC+1)" in page
    assert "Another time zone" not in page


def test_every_zone_offered_is_a_zone(client: Client) -> None:
    page = text(client.get(service_url(make.service())))
    zones = re.findall(r"<option[^>]*>([^<]+)</option>", page.split('id="zone"')[1])

    assert len(zones) > 300
    assert [zone for zone in zones if not is_zone(zone)] == []


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset(client: Client) -> None:
    studio = make.business(
        zone="Europe/Berlin", hours="01:00-05:00", maximum_advance=timedelta(days=300)
    )
    service = make.service(studio, duration=timedelta(hours=1), interval=timedelta(hours=1))

    page = text(client.get(service_url(service), {"day": "2031-10-26"}))
    labels = re.findall(r'name="start"[^>]*>([^<]+)<', page)

    assert labels == ["01:00", "02:00 (UTC+2)", "02:00 (UTC+1)", "03:00", "04:00"]


def test_weeks_that_are_past_and_months_out_of_reach_are_left_out(client: Client) -> None:
    service = make.service(maximum_advance=timedelta(days=40))

    march = text(client.get(service_url(service)))
    april = text(client.get(service_url(service), {"month": "2031-04"}))
    far = text(client.get(service_url(service), {"month": "2035-01"}))

    assert "Previous month" not in march
    assert "Next month" in march
    assert "Previous month" in april
    assert "Next month" not in april
    assert "April 2031" in far


@pytest.mark.parametrize("count", [1, 30])
def test_the_business_page_costs_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    studio = make.business()
    for _ in range(count):
        make.service(studio)

    with django_assert_num_queries(2):
        client.get(f"/b/{studio.slug}/")


@pytest.mark.parametrize("count", [1, 30])
def test_the_picker_costs_a_constant_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    studio = make.business()
    service = make.service(studio, by=[make.staff(studio) for _ in range(count)])
    for number in range(count):
        make.booking(service, starts_at=make.at("10:00", days=number))
    client.get(service_url(service))

    with django_assert_num_queries(2):
        client.get(service_url(service))


def test_a_year_without_free_times_costs_no_more_queries_than_a_month(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    service = make.service(make.business(hours="", maximum_advance=timedelta(days=365)))
    client.get(service_url(service))

    with django_assert_max_num_queries(4):
        client.get(service_url(service))


def test_the_root_leads_to_the_only_business_and_names_none_of_several(client: Client) -> None:
    only = make.business()
    make.business(is_published=False)
    alone = client.get("/")
    make.business()
    several = client.get("/")

    assert (alone.status_code, alone["Location"]) == (302, f"/b/{only.slug}/")
    assert several.status_code == 404
