"""A business is set up on one page, looked over on the next, and made once."""

from __future__ import annotations

import doctest
from datetime import time
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import User
from bookings.admin import opening
from bookings.admin.opening import in_words, read
from bookings.models import Business, Membership
from tests import make
from tests.admin.browse import Form

PAGE, CHECK = "/admin/setup/", "/admin/setup/check/"


def boss() -> User:
    return User.objects.get(email="boss@business.example")


def fill_in(office: Client, **changes: object) -> Any:
    """Open the page, fill its form in and send it, leaving out what is None."""
    values = Form(office.get(PAGE).content.decode()).values
    typed = {"name": "Salon Zoë", "service_name": "Cut", "zone": "Europe/Berlin"} | changes
    sent = {name: value for name, value in (values | typed).items() if value is not None}
    return office.post(PAGE, sent, follow=True)


def press(office: Client, button: str) -> Any:
    """Press a button of the page that shows what will be made."""
    values = Form(office.get(CHECK).content.decode()).values
    return office.post(CHECK, values | {button: "1"}, follow=True)


def wrong(page: Any) -> list[str]:
    assert page.status_code == 422
    return list(page.context["form"].errors)


def test_a_business_is_filled_in_looked_over_and_published(office: Client) -> None:
    looked = fill_in(office, service_price="48.50", service_place="Upstairs")

    assert looked.redirect_chain == [(CHECK, 303)]
    said = looked.content.decode()
    for each in ("Salon Zoë", "/b/salon-zoe/", "09:00–17:00", "Cut, 30 min", "€48.50", "Upstairs"):
        assert each in said
    assert not Business.objects.exists()

    done = press(office, "publish")

    business = Business.objects.get()
    assert done.redirect_chain == [(f"{PAGE}{business.public_id}/", 303)]
    assert (business.slug, business.zone, business.is_published) == (
        "salon-zoe",
        "Europe/Berlin",
        True,
    )
    assert f"{settings.PUBLIC_URL}/b/salon-zoe/" in done.content.decode()
    assert "/b/salon-zoe/cut/" in done.content.decode()
    assert office.get("/b/salon-zoe/cut/").status_code == 200
    assert Membership.objects.get().user == boss()


def test_it_may_be_saved_and_published_later(office: Client) -> None:
    fill_in(office)

    done = press(office, "save")

    assert not Business.objects.get().is_published
    assert "Customers cannot see the page before it is published." in done.content.decode()
    assert "/b/salon-zoe/" in done.content.decode()


def test_the_page_proposes_a_working_week_and_oneself(office: Client) -> None:
    form = Form(office.get(PAGE).content.decode())

    week = [form.values[f"week-{day}"] for day in range(7)]
    assert week == ["09:00–17:00"] * 5 + ["", ""]
    assert form.values["mailbox"] == "boss@business.example"
    assert form.values["person_name"] == "The boss"


def test_that_s_me_links_the_account_that_is_signed_in_and_no_other(office: Client) -> None:
    other = make.user()
    fill_in(office, is_themselves="on", person_name="", person_email="", user=other.pk)
    press(office, "publish")

    person = Business.objects.get().resources.get()
    assert (person.user, person.name, person.email) == (boss(), "The boss", boss().email)


def test_somebody_else_has_a_name_and_no_account(office: Client) -> None:
    assert wrong(fill_in(office, is_themselves=None, person_name="")) == ["person_name"]
    fill_in(office, is_themselves=None, person_name="Ann", person_email="ann@salon.example")
    press(office, "publish")

    person = Business.objects.get().resources.get()
    assert (person.user, person.name) == (None, "Ann")


def test_going_back_shows_what_was_typed(office: Client) -> None:
    fill_in(office, name="Half done", **{"week-6": "10-14"})

    page = office.get(PAGE).content.decode()

    assert 'value="Half done"' in page
    assert 'value="10-14"' in page
    assert 'value="Half done"' not in office.get(f"{PAGE}?new", follow=True).content.decode()


def test_what_was_refused_is_kept_as_typed(office: Client) -> None:
    page = fill_in(office, name="As typed", **{"week-0": "9 to noon"})

    assert wrong(page) == ["week-0"]
    assert 'value="As typed"' in page.content.decode()
    assert 'value="9 to noon"' in page.content.decode()
    assert "“9 to noon” is not understood." in page.content.decode()


def test_pressed_twice_or_loaded_again_it_is_one_business(office: Client) -> None:
    fill_in(office)
    values = Form(office.get(CHECK).content.decode()).values | {"publish": "1"}

    first = office.post(CHECK, values, follow=True)
    again = office.post(CHECK, values, follow=True)
    office.get(first.redirect_chain[-1][0])

    assert Business.objects.count() == 1
    assert again.redirect_chain == first.redirect_chain
    assert office.get(CHECK, follow=True).redirect_chain == [(PAGE, 303)]


def test_a_summary_that_another_tab_has_overtaken_makes_nothing(office: Client) -> None:
    fill_in(office)
    old = Form(office.get(CHECK).content.decode()).values
    office.get(f"{PAGE}?new")
    fill_in(office, name="Another")

    page = office.post(CHECK, old | {"publish": "1"})

    assert page.status_code == 200
    assert "Another" in page.content.decode()
    assert not Business.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "東京"}, "slug"),
        ({"slug": "no slug"}, "slug"),
        ({"mailbox": "nowhere"}, "mailbox"),
        ({"zone": ""}, "zone"),
        ({"currency": ""}, "currency"),
        ({"service_name": ""}, "service_name"),
        ({"service_duration": "soon"}, "service_duration"),
        ({"service_duration": "30 s"}, "service_duration"),
        ({"service_price": "-1"}, "service_price"),
        ({"service_price": "NaN"}, "service_price"),
        ({"service_location_kind": "moon"}, "service_location_kind"),
        ({"person_email": "nowhere"}, "person_email"),
        ({"public_id": "x"}, "public_id"),
        ({"week-0": "9-25"}, "week-0"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    office: Client, changes: dict[str, str], field: str
) -> None:
    page = fill_in(office, **changes)

    assert wrong(page) == [field]
    assert page.redirect_chain == [(PAGE, 303)]
    assert wrong(office.post(CHECK, {"publish": "1"}, follow=True)) == [field]
    assert not Business.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zone": "Mars/Crater"}, "zone"),
        ({"currency": "12%"}, "currency"),
        ({"service_duration": "0"}, "__all__"),
        ({f"week-{day}": "" for day in range(7)}, "week-0"),
        ({"week-1": "9-12, 11-15"}, "week-1"),
        ({"slug": "taken"}, "slug"),
    ],
)
def test_what_the_rules_refuse_is_said_beside_its_field(
    office: Client, changes: dict[str, str], field: str
) -> None:
    make.business(slug="taken")

    assert wrong(fill_in(office, **changes)) == [field]


def test_an_address_made_from_a_name_is_none_that_the_desk_keeps_for_itself(
    office: Client,
) -> None:
    looked = fill_in(office, name="Resume")

    assert "/b/resume-2/" in looked.content.decode()
    assert wrong(fill_in(office, slug="resume")) == ["slug"]


def test_an_address_that_was_taken_meanwhile_is_refused(office: Client) -> None:
    fill_in(office)
    values = Form(office.get(CHECK).content.decode()).values | {"publish": "1"}
    make.business(slug="salon-zoe")
    page = office.post(CHECK, values | {"slug": "salon-zoe"}, follow=True)

    assert page.status_code == 200
    assert Business.objects.filter(slug="salon-zoe-2").exists()


def test_an_address_that_is_taken_gets_a_number(office: Client) -> None:
    for slug in ("salon-zoe", "salon-zoe-2"):
        make.business(slug=slug)

    fill_in(office)
    press(office, "publish")

    assert Business.objects.order_by("pk").last().slug == "salon-zoe-3"  # type: ignore[union-attr]


def test_a_name_like_that_of_another_business_is_refused_beside_it(office: Client) -> None:
    make.business(name="Salon Zoe")

    assert wrong(fill_in(office)) == ["name"]


def test_adding_a_business_leads_to_the_page(office: Client) -> None:
    page = office.get("/admin/bookings/business/add/", follow=True)

    assert page.redirect_chain == [(PAGE, 302)]
    assert PAGE in office.get("/admin/").content.decode()


@pytest.mark.parametrize("role", ["admin", "scheduler"])
def test_only_superusers_set_a_business_up(client: Client, db: None, role: str) -> None:
    business = make.business()
    client.force_login(make.member(business, role))
    status = 403 if role == "admin" else 302

    for address in (PAGE, CHECK, f"{PAGE}{business.public_id}/"):
        assert client.get(address).status_code == status
        assert client.post(address, {"publish": "1"}).status_code == status

    assert Business.objects.count() == 1


def test_the_examples_of_hours_hold() -> None:
    assert doctest.testmod(opening).failed == 0


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", []),
        ("9-17", [(time(9), time(17))]),
        ("9:00–12:30, 13:30–18:00", [(time(9), time(12, 30)), (time(13, 30), time(18))]),
        ("22h - 2h", [(time(22), time(2))]),
        ("0-24", [(time(0), time(0))]),
    ],
)
def test_hours_are_understood_as_people_write_them(
    text: str, hours: list[tuple[time, time]]
) -> None:
    assert read(text) == hours
    assert read(in_words(hours)) == hours


@pytest.mark.parametrize("text", ["9", "9-", "25-26", "9:60-10", "nine to five", "9-17-19", "٩-١٧"])
def test_other_hours_are_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(ValidationError, match="is not understood"):
        read(text)
