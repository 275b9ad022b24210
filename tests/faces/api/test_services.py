"""Services: read, added, changed and archived."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bookings.models import AvailabilityRange, HoursRule
from tests import make
from tests.faces.api.counting import costs_the_same

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business):
    return make.service(business)


def test_a_service_is_shown_with_all_that_belongs_to_it(program, business):
    anna, room = make.staff(business, name="Anna"), make.room(business, name="Blue")
    service = make.service(
        business,
        by=[anna, room],
        price_kind="fixed",
        price=Decimal("25"),
        minimum_lead=timedelta(hours=3),
        availability="weekly",
    )
    question = make.question(service, required=True, text="Allergies?")
    make.open_daily(service, "10:00-00:00")
    christmas = AvailabilityRange.objects.create(
        service=service,
        first_day=date(2031, 12, 24),
        last_day=date(2031, 12, 26),
        availability="weekly",
    )
    HoursRule.objects.create(
        business=business, range=christmas, weekday=2, opens=time(9), closes=time(12)
    )

    shown = program.get(f"services/{service.public_id}/").json()

    assert shown["price"] == {"amount": "25.00", "currency": "EUR"}
    assert shown["duration"] == "PT30M"
    assert shown["week"]["monday"] == [{"from": "10:00", "to": "00:00"}]
    assert [(each["name"], each["kind"], each["priority"]) for each in shown["resources"]] == [
        ("Anna", "staff", 1),
        ("Blue", "room", 2),
    ]
    assert shown["questions"] == [
        {
            "id": str(question.public_id),
            "text": "Allergies?",
            "kind": "short_text",
            "is_required": True,
        }
    ]
    (dates,) = shown["ranges"]
    assert (dates["first_day"], dates["week"]["wednesday"], dates["week"]["monday"]) == (
        "2031-12-24",
        [{"from": "09:00", "to": "12:00"}],
        [],
    )
    overridden = {name: each for name, each in shown["policy"].items() if each is not None}
    assert overridden == {"interval": "PT30M", "minimum_lead": "PT3H"}


def test_services_are_found_by_who_gives_them_and_how_they_are_booked(program, business):
    anna = make.staff(business)
    make.service(business)
    hers = make.service(business, by=[anna], is_hidden=True, availability="none")

    for query in (f"resource={anna.public_id}", "is_hidden=true", "availability=none"):
        (found,) = program.get(f"services/?{query}").json()["results"]
        assert found["id"] == str(hers.public_id)


def test_a_long_list_of_services_costs_as_much_as_a_short_one(program, business):
    def grow() -> None:
        service = make.service(business)
        make.question(service)
        make.open_daily(service, "09:00-12:00")
        AvailabilityRange.objects.create(
            service=service, first_day=make.MONDAY, last_day=make.MONDAY, availability="none"
        )

    assert costs_the_same(program, "services/", grow)
