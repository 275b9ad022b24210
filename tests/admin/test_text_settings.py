"""Text messages in the admin: a flag per service, and where and when a business may text."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests import make
from tests.admin import browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("boss@business.example", name="The boss"))
    return client


def test_a_service_sends_texts_where_its_business_says_in_which_country_it_is(
    office: Client,
) -> None:
    here, nowhere = make.service(make.business(country="DE")), make.service(make.business())

    browse.send(office, browse.change(here), sends_sms="on")
    refused = browse.send(office, browse.change(nowhere), sends_sms="on")

    here.refresh_from_db()
    nowhere.refresh_from_db()
    assert here.sends_sms is True
    assert nowhere.sends_sms is False
    assert "Say first in which country" in refused.content.decode()


def test_quiet_hours_have_a_beginning_and_an_end(office: Client) -> None:
    business = make.business()

    refused = browse.send(office, browse.change(business), quiet_from="21:00")
    assert "Quiet hours have a beginning and an end." in refused.content.decode()
    browse.send(office, browse.change(business), country="DE", quiet_from="21:00", quiet_until="8")
    business.refresh_from_db()
    assert business.quiet_from is None

    browse.send(
        office, browse.change(business), country="DE", quiet_from="21:00", quiet_until="08:00"
    )
    business.refresh_from_db()
    assert (str(business.quiet_from), business.country) == ("21:00:00", "DE")
