"""The list of bookings: filters, pages, and the ways between the pages of the calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings import commands
from bookings.models import Business, Resource
from tests import make
from tests.crowded import crowd
from tests.faces.desk.desking import signed_in
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

ANN = commands.Actor("staff", "Ann")


@pytest.fixture
def business() -> Business:
    return make.business(maximum_advance=timedelta(days=60))


def names(business: Business, **fields: str) -> list[str]:
    """Return which of the customers are in the list."""
    client = signed_in(make.member(business))
    text = client.get(reverse("desk:list", args=[business.slug]), fields).content.decode()
    return [name for name in ("Nora", "Tomasz", "Fatma", "Grace") if name in text]


@pytest.fixture
def four(business: Business) -> dict[str, Resource]:
    """Return who serves whom; four customers, one a day, one of whom has cancelled."""
    people = {}
    for days, name in enumerate(("Nora", "Tomasz", "Fatma", "Grace"), start=1):
        people[name] = make.staff(business)
        booking = make.booking(
            make.service(business, by=[people[name]]),
            starts_at=at("10:00", days=days),
            contact=make.contact(name=name, phone="+49 30 5550 12" + f"{days:02}"),
        )
        if name == "Tomasz":
            commands.check_in(booking=booking, now=NOW, actor=ANN)
        if name == "Grace":
            commands.cancel_booking(booking=booking, now=NOW)
    return people


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, ["Nora", "Tomasz", "Fatma"]),
        ({"from": "2031-03-05"}, ["Tomasz", "Fatma"]),
        ({"from": "", "until": "2031-03-05"}, ["Nora", "Tomasz"]),
        ({"from": "2031-03-05", "until": "2031-03-05"}, ["Tomasz"]),
        ({"state": "here"}, ["Tomasz"]),
        ({"state": "confirmed"}, ["Nora", "Fatma"]),
        ({"state": "cancelled"}, ["Grace"]),
        ({"state": "no_show"}, []),
        ({"text": "fatMA"}, ["Fatma"]),
        ({"text": "5550 1201"}, ["Nora"]),
        ({"text": "%"}, []),
        ({"text": "'; --"}, []),
    ],
)
def test_the_list_shows_what_is_asked_for(business, four, fields, found):
    assert names(business, **fields) == [*found, *({"fatma"} & {fields.get("text")})]


def test_the_list_of_one_person(business: Business, four: dict[str, Resource]):
    assert names(business, resource=str(four["Fatma"].public_id)) == ["Fatma"]


def test_a_team_member_finds_only_their_own(business: Business, four: dict[str, Resource]):
    user = make.member(business, "team_member")
    four["Nora"].user = user
    four["Nora"].save(update_fields=["user"])
    client = signed_in(user)
    page = reverse("desk:list", args=[business.slug])

    everything = client.get(page).content.decode()
    other = client.get(page, {"text": "Fatma", "resource": str(four["Fatma"].public_id)})

    assert "Nora" in everything
    assert "Tomasz" not in everything
    assert "5550 1203" not in other.content.decode()


def test_long_lists_have_pages_that_keep_what_was_asked_for(business: Business):
    crowd(business, columns=20, appointments=60, opens_at=at("09:00"))
    client = signed_in(make.member(business))
    page = reverse("desk:list", args=[business.slug])

    first = client.get(page, {"text": "Nora", "from": "2031-03-04"}).content.decode()
    many = client.get(page, {"from": "2031-03-04"}).content.decode()
    second = client.get(page, {"from": "2031-03-04", "page": "2"}).content.decode()

    assert "Later bookings" not in first
    assert "?from=2031-03-04&amp;page=2" in many
    assert second.count('scope="row"') == 10
    assert "?from=2031-03-04&amp;page=1" in second


def test_the_ways_between_day_week_month_and_list_keep_what_is_chosen(business: Business):
    ann = make.staff(business)
    client = signed_in(make.member(business))
    chosen = {"day": "2031-03-04", "resource": str(ann.public_id)}

    text = client.get(reverse("desk:day", args=[business.slug]), chosen).content.decode()

    for name in ("week", "month", "list"):
        kept = f"{reverse(f'desk:{name}', args=[business.slug])}?day=2031-03-04&amp;resource="
        assert kept + str(ann.public_id) in text


def test_the_meaning_of_colours_is_remembered(business: Business):
    make.staff(business)
    client = signed_in(make.member(business))
    page = reverse("desk:day", args=[business.slug])

    assert "by-service" in client.get(page).content.decode()
    assert "by-state" in client.get(page, {"colours": "state"}).content.decode()
    assert "by-state" in client.get(page).content.decode()


def test_who_works_for_one_business_is_led_to_its_day(business: Business):
    user = make.member(business)
    client = signed_in(user)

    assert client.get(reverse("desk:home")).headers["Location"] == f"/desk/{business.slug}/"


def test_a_viewer_sees_names_but_no_way_to_change_anything(business: Business):
    ann = make.staff(business)
    make.booking(make.service(business, by=[ann]), contact=make.contact(name="Nora Lindqvist"))
    client = signed_in(make.member(business, "viewer"))

    text = client.get(f"/desk/{business.slug}/?day=2031-03-04").content.decode()

    assert "Nora Lindqvist" in text
    assert "data-moves" not in text
    assert "/new/" not in text


def test_a_guest_is_refused(business: Business):
    client = signed_in(make.member(business, "guest"))

    for name in ("day", "week", "month", "list"):
        assert client.get(reverse(f"desk:{name}", args=[business.slug])).status_code == 403
