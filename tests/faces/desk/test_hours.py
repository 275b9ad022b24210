"""The hours pages: a week, the days that differ, and what is booked outside them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import Business, Event, HoursException, HoursRule, Resource
from tests import make
from tests.faces.desk.test_people import signed_in
from tests.faces.site.visiting import Answer, text
from tests.make import at
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, SUNDAY = "0", "1", "6"
Rows = dict[str, list[tuple[str, ...]]]


def page_of(of: Business | Resource) -> str:
    if isinstance(of, Resource):
        return f"/desk/{of.business.slug}/hours/{of.public_id}/"
    return f"/desk/{of.slug}/hours/"


def sheet(client: Client, of: Business | Resource) -> dict[str, Any]:
    """Return what the page would send as it stands."""
    answer = client.get(page_of(of))
    assert answer.status_code == 200, text(answer)
    page = re.sub(r"<template>.*?</template>", "", answer.content.decode(), flags=re.DOTALL)
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or ("checkbox" in tag and "checked" not in tag):
            continue
        sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


def typed(rows: Rows) -> dict[str, list[str]]:
    """Return the fields of rows: a weekday's (from, until), the dates' (day, from, until)."""
    sent: dict[str, list[str]] = {}
    for where, spans in rows.items():
        sent[f"opens-{where}"] = [span[-2] for span in spans]
        sent[f"closes-{where}"] = [span[-1] for span in spans]
        if where == "dates":
            sent["day"] = [span[0] for span in spans]
    return sent


def save(client: Client, of: Business | Resource, rows: Rows, **more: object) -> Answer:
    seen = sheet(client, of)["seen"]
    return client.post(page_of(of), {"seen": seen, "save": "1", **typed(rows), **more})


def week_of(of: Business | Resource) -> list[tuple[int, str]]:
    rules = of.hours.filter(service=None, range=None).order_by("weekday", "opens")
    if isinstance(of, Business):
        rules = rules.filter(resource=None)
    return [(rule.weekday, f"{rule.opens:%H:%M}-{rule.closes:%H:%M}") for rule in rules]


def boss(of: Business) -> Client:
    return signed_in(make.member(of))


def own(of: Business) -> tuple[Resource, Client]:
    user = make.member(of, "team_member", name="Ann")
    return make.staff(of, user=user, name="Ann"), signed_in(user)


def test_a_day_can_have_several_times_and_one_past_midnight() -> None:
    business = make.business()
    person, client = own(business)

    answer = save(
        client,
        person,
        {MONDAY: [("9", "12:30"), ("13:15", "18:00")], SUNDAY: [("22:00", "02:00")]},
    )

    assert (answer.status_code, answer["Location"]) == (303, page_of(person))
    assert week_of(person) == [(0, "09:00-12:30"), (0, "13:15-18:00"), (6, "22:00-02:00")]
    page = text(client.get(page_of(person)))
    assert page.count("data-turns>") == 1
    assert week_of(business) == [(day, "09:00-17:00") for day in range(7)]
    make.booking(make.service(business, by=[person]), starts_at=at("13:15", days=7))


def test_what_the_page_shows_is_what_saving_it_writes() -> None:
    business = make.business(hours="")
    make.open_daily(business, "09:10-17:00")
    HoursException.objects.create(business=business, day=date(2031, 12, 24))
    HoursException.objects.create(
        business=business, day=date(2031, 12, 31), opens=time(9), closes=time(12)
    )
    client = boss(business)
    before = list(HoursRule.objects.values()), list(HoursException.objects.values())

    client.post(page_of(business), sheet(client, business))

    assert (list(HoursRule.objects.values()), list(HoursException.objects.values())) == before
    assert not Event.objects.exists()


def test_whoever_keeps_the_hours_of_the_business_has_none_of_their_own() -> None:
    business = make.business()
    person, client = own(business)
    save(client, person, {MONDAY: [("09:00", "12:00")]})
    assert "keeps" not in sheet(client, person)

    save(client, person, {MONDAY: [("09:00", "12:00")]}, keeps="1")

    assert week_of(person) == []
    shown = sheet(client, person)
    assert shown["keeps"] == ["1"]
    assert shown["opens-3"] == ["09:00"], "to begin with, when they write their own"


def test_own_hours_without_any_are_refused() -> None:
    person, client = own(make.business())

    refused = save(client, person, {})

    assert refused.status_code == 422
    assert "Give at least one time, or keep the hours of the business." in text(refused)


def test_days_that_differ_are_closed_or_open_differently_and_earlier_ones_stay() -> None:
    business = make.business()
    person, client = own(business)
    HoursException.objects.create(business=business, resource=person, day=date(2031, 3, 2))
    HoursException.objects.create(business=business, resource=person, day=date(2031, 5, 1))

    save(
        client,
        person,
        {"dates": [("2031-03-05", "", ""), ("2031-03-06", "10:00", "11:00"), ("", "", "")]},
        keeps="1",
    )

    days = HoursException.objects.order_by("day").values_list("day", "opens")
    assert list(days) == [
        (date(2031, 3, 2), None),
        (date(2031, 3, 5), None),
        (date(2031, 3, 6), time(10)),
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({MONDAY: [("09:00", "12:00"), ("11:00", "13:00")]}, "Two times overlap here."),
        ({SUNDAY: [("22:00", "10:00")], MONDAY: [("09:00", "12:00")]}, "Two times overlap here."),
        ({MONDAY: [("09:00", "")]}, "Please give both times, such as 09:00 and 17:30."),
        ({MONDAY: [("nine", "25:00")]}, "Please give both times, such as 09:00 and 17:30."),
        (
            {MONDAY: [("9", "12")], "dates": [("2031-12-24", "9", "")]},
            "2031-12-24: Please give both times, or none for a closed day.",
        ),
        (
            {MONDAY: [("9", "12")], "dates": [("2031-12-24", "9", "12"), ("2031-12-24", "", "")]},
            "2031-12-24: This day appears twice, and is closed.",
        ),
        (
            {
                MONDAY: [("9", "12")],
                "dates": [("2031-12-24", "9", "12"), ("2031-12-24", "11", "13")],
            },
            "2031-12-24: Two times of this day overlap.",
        ),
        ({MONDAY: [("9", "12")], "dates": [("31.2.", "9", "12")]}, "Please give the date"),
        (
            {
                MONDAY: [("9", "12")],
                "dates": [(f"2032-{1 + n // 28:02}-{1 + n % 28:02}", "", "") for n in range(201)],
            },
            "200 at most",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(rows: Rows, sentence: str) -> None:
    person, client = own(make.business())

    refused = save(client, person, rows)

    assert refused.status_code == 422
    assert sentence in text(refused)
    for values in typed(rows).values():
        for value in values:
            assert f'value="{value}"' in text(refused)
    assert (HoursRule.objects.filter(resource=person).count(), HoursException.objects.count()) == (
        0,
        0,
    )


def test_rows_are_added_and_taken_away_without_a_script_and_nothing_is_saved() -> None:
    person, client = own(make.business())
    rows: Rows = {
        MONDAY: [("08:05", "9:00"), ("10:00", "11:00")],
        "dates": [("2031-12-24", "", "")],
    }
    sent = {"seen": "x", **typed(rows)}

    more = client.post(page_of(person), {**sent, "add": MONDAY}).context["sheet"]
    dates = client.post(page_of(person), {**sent, "add": "dates"}).context["sheet"]
    less = client.post(page_of(person), {**sent, "drop": "0-0"}).context["sheet"]
    odd = client.post(page_of(person), {**sent, "drop": "9-x", "add": ""}).context["sheet"]

    assert [(row.opens, row.closes) for row in more.week[0]] == [*rows[MONDAY], ("", "")]
    assert [row.day for row in dates.dates] == ["2031-12-24", ""]
    assert [row.opens for row in less.week[0]] == ["10:00"]
    assert [row.opens for row in odd.week[0]] == ["08:05", "10:00"]
    assert not HoursRule.objects.filter(resource=person).exists()


def test_two_tabs_do_not_overwrite_each_other() -> None:
    business = make.business()
    person, client = own(business)
    office = signed_in(make.member(business, name="Bo Berg"))
    stale = sheet(client, person)["seen"]
    save(office, person, {TUESDAY: [("09:00", "12:00")]})

    lost = client.post(page_of(person), {"seen": stale, **typed({MONDAY: [("08:05", "09:05")]})})

    assert lost.status_code == 409
    assert "This has been changed meanwhile by Bo Berg." in text(lost)
    assert 'value="08:05"' in text(lost)
    assert week_of(person) == [(1, "09:00-12:00")]


def test_of_a_change_past_the_desk_nobody_is_named() -> None:
    business = make.business()
    person, client = own(business)
    save(client, person, {TUESDAY: [("09:00", "12:00")]})
    seen = sheet(client, person)["seen"]
    HoursRule.objects.filter(resource=person).update(closes=time(13))

    lost = client.post(page_of(person), {"seen": seen, **typed({MONDAY: [("9", "10")]})})

    assert "This has been changed meanwhile by somebody else." in text(lost)


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_at_the_same_moment_loses_politely() -> None:
    business = make.business()
    person, client = own(business)
    office = signed_in(make.member(business, name="Bo Berg"))
    seen = sheet(client, person)["seen"]

    def other() -> None:
        save(office, person, {TUESDAY: [("09:00", "12:00")]})

    with meanwhile(other, before="FOR NO KEY UPDATE"):
        lost = client.post(page_of(person), {"seen": seen, **typed({MONDAY: [("08:00", "9:00")]})})

    assert lost.status_code == 409
    assert week_of(person) == [(1, "09:00-12:00")]


def test_what_is_booked_outside_the_new_hours_is_kept_and_listed() -> None:
    business = make.business(zone="Europe/Berlin")
    person, client = own(business)
    service = make.service(business, by=[person], name="Cut")
    kept = make.booking(service, starts_at=at("14:00", days=7), contact=make.contact(name="Jo Doe"))
    make.booking(service, starts_at=at("09:00", days=7), contact=make.contact(name="In Time"))
    make.booking(make.service(business, by=[make.staff(business)], name="Else"))

    save(client, person, {MONDAY: [("09:00", "12:00")]})

    page = text(client.get(page_of(person)))
    assert "Booked outside these hours" in page
    assert "Mon 10 Mar, 15:00 – 15:30" in page
    assert "Jo Doe" in page
    assert f"/appointments/{kept.appointment.public_id}/move/" in page
    assert "In Time" not in page
    assert "Else" not in page
    kept.refresh_from_db()
    assert kept.state == "confirmed"


def test_the_business_lists_what_lies_outside_for_those_who_keep_its_hours() -> None:
    business = make.business()
    keeps, differs = make.staff(business), make.staff(business)
    make.open_daily(differs, "09:00-17:00")
    make.booking(make.service(business, by=[keeps], name="Kept hours"), starts_at=at("15:00"))
    make.booking(make.service(business, by=[differs], name="Own hours"), starts_at=at("15:00"))
    client = boss(business)

    save(client, business, {str(day): [("09:00", "12:00")] for day in range(7)})

    page = text(client.get(page_of(business)))
    assert "Kept hours" in page
    assert "Own hours" not in page


def test_times_are_those_of_the_persons_own_zone() -> None:
    business = make.business(zone="Europe/Berlin")
    person = make.staff(business, zone="America/New_York")

    page = text(boss(business).get(page_of(person)))

    assert "All times are New York time (UTC-5)." in page


def test_a_team_member_has_their_own_hours_and_nobody_elses() -> None:
    business = make.business()
    person, client = own(business)
    other, elsewhere = make.staff(business), make.staff(make.business())

    led = client.get(page_of(business))
    assert (led.status_code, led["Location"]) == (303, page_of(person))
    assert client.post(page_of(business), {"seen": "x"}).status_code == 404
    for of in (other, elsewhere):
        assert client.get(page_of(of)).status_code == 404
        assert client.post(page_of(of), typed({MONDAY: [("9", "10")]})).status_code == 404
    assert "Whose hours" not in text(client.get(page_of(person)))
    assert not HoursRule.objects.filter(resource__isnull=False).exists()
    unlinked = signed_in(make.member(business, "team_member"))
    assert "Ask an admin to link you" in text(unlinked.get(page_of(business)))


@pytest.mark.parametrize("role", ["scheduler", "viewer", "guest"])
def test_others_have_no_hours_to_edit(role: str) -> None:
    business = make.business()
    user = make.member(business, role)
    person, client = make.staff(business, user=user), signed_in(user)

    for of in (business, person):
        assert client.get(page_of(of)).status_code == 403
        assert client.post(page_of(of), typed({MONDAY: [("9", "10")]})).status_code == 403
    assert week_of(business) == [(day, "09:00-17:00") for day in range(7)]


def test_an_admin_has_everybodys_but_not_those_of_another_business() -> None:
    business = make.business()
    person, client = make.staff(business, name="Mei"), boss(business)
    stranger = make.staff(make.business())

    assert "Mei" in text(client.get(page_of(business)))
    assert save(client, person, {MONDAY: [("9", "10")]}).status_code == 303
    assert client.get(page_of(stranger)).status_code == 404
    crossed = f"/desk/{business.slug}/hours/{stranger.public_id}/"
    assert client.post(crossed, typed({MONDAY: [("9", "10")]})).status_code == 404
    assert week_of(stranger) == []


@pytest.mark.parametrize("many", [1, 4])
def test_the_page_costs_a_constant_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    business = make.business()
    person, client = own(business)
    service = make.service(business, by=[person])
    for number in range(many):
        make.booking(service, starts_at=at(f"{13 + number // 2}:{30 * (number % 2):02}"))
        make.staff(business)
    save(client, person, {MONDAY: [("09:00", "12:00")]})
    client.get(page_of(person))

    with django_assert_num_queries(16):
        client.get(page_of(person))
