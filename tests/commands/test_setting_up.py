"""A new business begins whole, or not at all."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from bookings import commands
from bookings.commands import Beginning, FirstService, Person
from bookings.errors import Invalid
from bookings.models import Business, Event, HoursRule, Membership, Resource, Service
from bookings.queries import availability
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db

BEGINNING = Beginning(
    public_id=uuid.UUID("11111111-1111-4111-8111-111111111111"),
    name="Salon Zoë",
    slug="salon-zoe",
    mailbox="desk@salon.example",
    zone="Europe/Berlin",
    address="Lindenstraße 12",
)
CUT = FirstService("Cut", "cut", timedelta(minutes=45), Decimal("48.50"), place="Upstairs")
WEEK = [(day, time(9), time(17)) for day in range(5)]


def set_up(by: User, **changes: object) -> Business:
    """Set the business of these tests up."""
    values: dict[str, object] = {
        "business": BEGINNING,
        "week": WEEK,
        "service": CUT,
        "person": Person("Ann", "ann@salon.example"),
        "is_themselves": False,
        "publish": True,
        "now": make.NOW,
        "actor": commands.Actor("staff", "Ann"),
    }
    return commands.set_up_business(**values | {"by": by} | changes)


def nothing_was_written() -> bool:
    kinds = (Business, Service, Resource, HoursRule, Membership, Event)
    return not any(kind._default_manager.exists() for kind in kinds)


def test_a_business_can_be_booked_as_soon_as_it_is_set_up() -> None:
    by = make.user()

    business = set_up(by)

    service = business.services.get()
    assert (business.name, business.is_published) == ("Salon Zoë", True)
    assert (service.price_kind, service.price, service.place) == (
        "fixed",
        Decimal("48.50"),
        "Upstairs",
    )
    free = availability.starts(service, lo=make.NOW, hi=make.at("23:00"), now=make.NOW)
    assert free[0].at == make.at("09:00", days=0)
    assert business.memberships.get().role == "admin"
    assert business.memberships.get().user == by
    assert business.events.get().kind == "business.set_up"


def test_who_sets_it_up_may_be_the_person_who_gives_it() -> None:
    by = make.user()

    assert set_up(by, is_themselves=True).resources.get().user == by


def test_somebody_else_gives_it_without_an_account() -> None:
    assert set_up(make.user()).resources.get().user is None


@pytest.mark.parametrize(
    ("price", "kind"), [(None, "not_set"), (Decimal(0), "free"), (Decimal(5), "fixed")]
)
def test_a_price_of_nothing_is_free_and_no_price_is_not_shown(
    price: Decimal | None, kind: str
) -> None:
    business = set_up(make.user(), service=replace(CUT, price=price))

    assert business.services.get().price_kind == kind


def test_the_same_set_up_again_is_the_same_business() -> None:
    by = make.user()
    first = set_up(by)

    assert set_up(by, business=replace(BEGINNING, name="Other")) == first
    assert Business.objects.get().name == "Salon Zoë"
    assert (Service.objects.count(), Membership.objects.count()) == (1, 1)


def test_what_somebody_else_set_up_is_not_handed_out() -> None:
    set_up(make.user())

    with pytest.raises(Invalid) as refused:
        set_up(make.user())

    assert list(refused.value.fields) == ["name", "slug"]
    assert Membership.objects.count() == 1


def test_an_address_that_is_taken_is_refused_and_nothing_is_written() -> None:
    make.business(slug="salon-zoe")

    with pytest.raises(Invalid) as refused:
        set_up(make.user())

    assert refused.value.fields == {"slug": "Another page has this address already."}
    assert Business.objects.count() == 1
    assert not Service.objects.exists()


@pytest.mark.parametrize("slug", ["resume", "invitation"])
def test_an_address_that_the_desk_keeps_for_itself_is_refused(slug: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_up(make.user(), business=replace(BEGINNING, slug=slug))

    assert refused.value.fields == {"slug": "The portal needs this address itself."}
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"business": replace(BEGINNING, name=" \u202e ")}, "name"),
        ({"business": replace(BEGINNING, name="x" * 201)}, "name"),
        ({"business": replace(BEGINNING, slug="no slug")}, "slug"),
        ({"business": replace(BEGINNING, mailbox="nowhere")}, "mailbox"),
        ({"business": replace(BEGINNING, zone="Mars/Crater")}, "zone"),
        ({"business": replace(BEGINNING, currency="EURO")}, "currency"),
        ({"week": []}, "week"),
        ({"week": [*WEEK, (4, time(16), time(20))]}, "week-4"),
        ({"service": replace(CUT, name="")}, "service_name"),
        ({"service": replace(CUT, duration=timedelta(0))}, "service___all__"),
        ({"service": replace(CUT, price=Decimal(-1))}, "service___all__"),
        ({"service": replace(CUT, price=Decimal("1.234"))}, "service_price"),
        ({"service": replace(CUT, location_kind="moon")}, "service_location_kind"),
        ({"person": Person("")}, "person_name"),
        ({"person": Person("Ann", "nowhere")}, "person_email"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_up(make.user(), **changes)

    assert list(refused.value.fields) == [field]
    assert nothing_was_written()


@pytest.mark.django_db(transaction=True)
def test_pressed_many_times_at_once_it_is_one_business() -> None:
    by = make.user()

    made = set(at_once(*[lambda: set_up(by).pk] * 8))

    assert len(made) == 1
    assert (Business.objects.count(), Service.objects.count(), Membership.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_name_that_passes_for_another_is_refused_and_nothing_is_written() -> None:
    make.business(name="Salon Zoe")

    with pytest.raises(Invalid) as refusal:
        set_up(make.user(), business=replace(BEGINNING, name="Sаlon Z0ë"))

    said = "This looks too much like the name of another business here."
    assert refusal.value.fields == {"name": said}
    assert Business.objects.count() == 1
