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


def test_a_long_list_of_businesses_costs_as_much_as_a_short_one(business):
    program = Program(make.user(), business)

    def grow() -> None:
        Membership.objects.create(
            user=program.user, business=make.business(), role="admin", created_at=make.NOW
        )

    assert costs_the_same(program, "/api/v1/businesses/", grow)
