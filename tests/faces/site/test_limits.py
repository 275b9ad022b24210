"""The pages and the API without a token are under the same limits, and count together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bookings.models import Booking, Claim, Service
from tests import make
from tests.faces.api.strangers import Stranger
from tests.faces.site.test_waiting import join, yoga
from tests.faces.site.visiting import book, booked, held, hold, text, value

__all__ = ["yoga"]

pytestmark = pytest.mark.django_db

REFUSED = "This was tried too often. Please try again later."


@pytest.fixture
def service() -> Service:
    return make.service()


def test_a_business_takes_so_many_holds_from_its_pages(
    client: Client, service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_CHANGES_PER_HOUR = 2
    stranger = Stranger(service.business)
    assert stranger.hold(service, make.at("09:00")).status_code == 201
    assert hold(Client(), service, make.at("10:00")).status_code == 303
    refused = hold(client, service, make.at("11:00"))

    assert refused.status_code == 429
    assert REFUSED in text(refused)
    assert Claim.objects.count() == 2
    elsewhere = make.service()
    assert hold(client, elsewhere, make.at("11:00")).status_code == 303
    monkeypatch.setattr(timezone, "now", lambda: make.NOW + timedelta(hours=1))
    assert hold(client, service, make.at("11:00")).status_code == 303


def test_what_was_typed_stays_where_a_mailbox_gets_no_more_letters(
    client: Client, service: Service, settings: Settings
) -> None:
    settings.LETTERS_PER_DAY = 1
    stranger = Stranger(service.business)
    stranger.booked(service, make.at("09:00"), email="an.na+1@example.org")
    details = held(client, service, make.at("10:00"))
    refused = book(client, details, notes="Short, please")

    assert refused.status_code == 429
    page = text(refused)
    assert REFUSED in page
    assert all(typed in page for typed in ("Anna Berg", "anna@example.org", "Short, please"))
    assert Booking.objects.filter(state="confirmed").count() == 1
    assert book(client, details, email="ben@example.org").status_code == 303


def test_moving_to_and_fro_sends_no_letters_without_end(
    client: Client, service: Service, settings: Settings
) -> None:
    settings.LETTERS_PER_DAY = 2
    manage = booked(client, service, make.at("10:00"))
    moved = [
        client.post(f"{manage}move/", {"start": value(make.at(f"{hour}:00"))}) for hour in (11, 12)
    ]

    assert [each.status_code for each in moved] == [303, 429]
    assert REFUSED in text(moved[1])
    assert Booking.objects.get().appointment.starts_at == make.at("11:00")


def test_nobody_waits_in_every_line_at_once(
    client: Client, yoga: Service, settings: Settings
) -> None:
    settings.LETTERS_PER_DAY = 0
    refused = join(client, yoga)

    assert refused.status_code == 429
    assert REFUSED in text(refused)
    assert "Anna Berg" in text(refused)
    assert not Booking.objects.filter(state="waitlisted").exists()


def test_nobody_is_kept_from_giving_time_back(
    client: Client, service: Service, settings: Settings
) -> None:
    manage = booked(client, service, make.at("10:00"))
    token = Stranger(service.business).booked(service, make.at("11:00"), email="ben@example.org")
    settings.PUBLIC_CHANGES_PER_HOUR = settings.LETTERS_PER_DAY = 0

    assert client.post(f"{manage}cancel/").status_code == 303
    stranger = Stranger(service.business)
    assert stranger.post(f"bookings/{token}/cancel/").status_code == 200
    assert not Claim.objects.exists()
