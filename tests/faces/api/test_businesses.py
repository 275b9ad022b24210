"""Businesses: read, and set as their admins want them."""

from __future__ import annotations

import pytest

from bookings.models import Membership
from tests import make
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same

pytestmark = pytest.mark.django_db


def test_a_program_lists_the_businesses_of_its_owner_with_their_role_in_each(program, business):
    other = make.business(name="A")
    Membership.objects.create(user=program.user, business=other, role="viewer", created_at=make.NOW)
    make.business()

    shown = program.get("/api/v1/businesses/").json()["results"]

    assert [(each["id"], each["role"]) for each in shown] == [
        (str(other.public_id), "viewer"),
        (str(business.public_id), "admin"),
    ]


def test_a_business_is_shown_with_its_whole_policy(program, business):
    shown = program.get("").json()

    assert shown["page"] == f"http://localhost:8000/b/{business.slug}/"
    assert (shown["time_zone"], shown["quiet_from"], shown["country"]) == ("UTC", None, None)
    assert shown["policy"] == {
        "interval": "PT15M",
        "minimum_lead": "PT0S",
        "maximum_advance": "P60D",
        "cancellation_notice": "PT2H",
        "allow_staff_selection": True,
        "notify_business": True,
        "strategy": "balanced",
        "grid": "hours",
        "service_daily_limit": None,
        "resource_daily_limit": None,
        "resource_weekly_limit": None,
        "customer_open_limit": None,
    }


def test_a_guest_sees_no_settings(business):
    program = Program(make.member(business, "guest"), business)

    assert program.get("").status_code == 403
    assert program.get("/api/v1/businesses/").json()["results"] == []


@pytest.mark.parametrize("path", ["", "services/", "/api/v1/businesses/"])
def test_an_admin_without_the_factor_that_is_required_sees_nothing(program, settings, path):
    settings.REQUIRE_MFA_FOR_ADMINS = True
    refused = program.get(path)

    assert (refused.status_code, refused.json()["code"]) == (403, "factor_required")


def test_a_factor_is_required_of_admins_alone(business, settings):
    settings.REQUIRE_MFA_FOR_ADMINS = True
    program = Program(make.member(business, "viewer"), business)
    (shown,) = program.get("/api/v1/businesses/").json()["results"]

    assert (shown["id"], shown["role"]) == (str(business.public_id), "viewer")


def test_a_long_list_of_businesses_costs_as_much_as_a_short_one(business):
    program = Program(make.user(), business)

    def grow() -> None:
        Membership.objects.create(
            user=program.user, business=make.business(), role="admin", created_at=make.NOW
        )

    assert costs_the_same(program, "/api/v1/businesses/", grow)


def test_only_what_is_sent_is_changed_and_the_change_is_on_record(program, business, clock):
    sent = {
        "time_zone": "Europe/Berlin",
        "country": "DE",
        "quiet_from": "21:00",
        "quiet_until": "07:30",
        "policy": {"interval": "PT20M", "customer_open_limit": 3},
    }
    answer = program.patch("", sent)

    assert answer.status_code == 200, answer.content
    assert answer.content == program.get("").content
    shown = answer.json()
    assert (shown["time_zone"], shown["country"], shown["quiet_until"]) == (
        "Europe/Berlin",
        "DE",
        "07:30",
    )
    assert (shown["policy"]["interval"], shown["policy"]["cancellation_notice"]) == (
        "PT20M",
        "PT2H",
    )
    event = business.events.get(kind="business.changed")
    assert event.actor.startswith("program:Sync")
    assert event.data["before"] == {
        "zone": "UTC",
        "country": "",
        "quiet_from": None,
        "quiet_until": None,
        "interval": "P0DT00H15M00S",
        "customer_open_limit": None,
    }


def test_null_clears_what_may_be_empty_and_what_is_as_it_was_is_no_event(program, business):
    cleared = {"country": None, "policy": {"customer_open_limit": None}}
    program.patch("", {"country": "DE", "policy": {"customer_open_limit": 3}})

    answer = program.patch("", cleared)
    again = program.patch("", cleared)

    assert (answer.json()["country"], answer.json()["policy"]["customer_open_limit"]) == (
        None,
        None,
    )
    assert again["ETag"] == answer["ETag"]
    assert business.events.filter(kind="business.changed").count() == 2


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"currency": "euro"}, "/currency"),
        ({"brand": "blue"}, "/brand"),
        ({"mailbox": "nobody"}, "/mailbox"),
        ({"name": " "}, "/name"),
        ({"name": "PayPal"}, "/name"),
        ({"name": "Salon M0ewe"}, "/name"),
        ({"slug": "taken"}, "/slug"),
        ({"slug": "resume"}, "/slug"),
        ({"slug": "no slug"}, "/slug"),
        ({"quiet_from": "21:00"}, "/quiet_until"),
        ({"website": "not a site"}, "/website"),
        ({"policy": {"interval": "PT0S"}}, "/policy/interval"),
        ({"policy": {"interval": "PT90S"}}, "/policy/interval"),
        ({"policy": {"minimum_lead": "-PT1H"}}, "/policy/minimum_lead"),
        ({"policy": {"maximum_advance": "P9999D"}}, "/policy/maximum_advance"),
        ({"policy": {"maximum_advance": "PT0S"}}, "/policy/maximum_advance"),
        ({"policy": {"service_daily_limit": -1}}, "/policy/service_daily_limit"),
        ({"policy": {"service_daily_limit": 10**30}}, "/policy/service_daily_limit"),
    ],
)
def test_what_a_business_cannot_be_is_refused_where_it_stands(program, business, sent, pointer):
    make.business(slug="taken", name="Salon Moewe")
    before = program.get("").content
    answer = program.patch("", sent)

    assert answer.status_code == 422, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert program.get("").content == before


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": None}, "/name"),
        ({"policy": None}, "/policy"),
        ({"policy": {"interval": None}}, "/policy/interval"),
        ({"policy": {"strategy": "best"}}, "/policy/strategy"),
        ({"policy": {"colour": "red"}}, "/policy/colour"),
        ({"quiet_from": "25:00"}, "/quiet_from"),
        ({"role": "viewer"}, "/role"),
    ],
)
def test_what_cannot_be_read_is_named(program, sent, pointer):
    answer = program.patch("", sent)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_only_who_may_edit_settings_changes_a_business(business):
    for role in ("team_member", "scheduler", "viewer"):
        program = Program(make.member(business, role), business)
        assert program.patch("", {"about": "Ours now"}).status_code == 403


def test_a_business_that_has_changed_since_it_was_seen_is_left_alone(program):
    tag = program.get("")["ETag"]
    first = program.patch("", {"about": "First"}, If_Match=tag)
    second = program.patch("", {"about": "Second"}, If_Match=tag)

    assert (first.status_code, second.status_code) == (200, 412)
    assert second["ETag"] == first["ETag"]
    assert program.get("").json()["about"] == "First"
