"""What a business may call itself, wherever its name is typed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from bookings.models import Business
from tests import make
from tests.admin.browse import change, errors, send
from tests.admin.conftest import office as office

pytestmark = pytest.mark.django_db

ALIKE = "This looks too much like the name of another business here."
RESERVED = "This name is reserved. Please choose another one."
ADDRESS = "A name has no e-mail or web address in it."


def refused(business: Business, **typed: str) -> dict[str, list[str]]:
    """Return what is said against another name of a business."""
    for name, value in typed.items():
        setattr(business, name, value)
    try:
        business.full_clean()
    except ValidationError as refusal:
        return refusal.message_dict
    return {}


@pytest.mark.parametrize("field", ["name", "sender_name"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Sаlon M0we", ALIKE),
        ("The seagu1l", ALIKE),
        ("PayPal Support", RESERVED),
        ("p o s t m a s t e r", RESERVED),
        ("Salon www.evil.example", ADDRESS),
        ("boss@salon.example", ADDRESS),
    ],
)
def test_a_name_that_passes_for_another_is_refused_in_one_sentence(
    field: str, typed: str, said: str
) -> None:
    make.business(name="Salon Möwe", sender_name="The Seagull")

    assert refused(make.business(name="Hair"), **{field: typed}) == {field: [said]}


def test_ones_own_name_is_no_other_and_a_name_that_is_there_stays() -> None:
    old = make.business(name="Security", slug="security")
    make.business(name="5ecurity")

    assert refused(old) == {}
    assert refused(make.business(name="Salon Möwe"), sender_name="Salon Mowe") == {}
    assert refused(old, name="Security ") != {}


def test_the_host_of_the_installation_is_reserved_and_the_list_can_be_another(
    settings: Settings,
) -> None:
    settings.PUBLIC_URL, settings.RESERVED_NAMES = "https://booking-house", ["acme*"]
    business = make.business(name="Hair")

    assert refused(business, name="Booking House") == {"name": [RESERVED]}
    assert refused(business, name="The ACME shop") == {"name": [RESERVED]}
    assert refused(business, name="Support") == {}


def test_the_admin_says_so_beside_the_field(office: Client) -> None:
    make.business(name="Salon Möwe")
    business = make.business(name="Hair")

    page = send(office, change(business), sender_name="Salon Mowe")

    assert errors(page) == [ALIKE]
    business.refresh_from_db()
    assert business.sender_name == ""
