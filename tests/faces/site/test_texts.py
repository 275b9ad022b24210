"""Agreeing to text messages on the booking page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bookings.models import Booking, Service
from tests import make
from tests.faces.site import visiting
from tests.faces.site.visiting import text
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

SAID = (
    "Send me text messages about this booking: confirmation, changes and reminders from "
    "Salon Möwe. I can end them at any time by answering STOP."
)


@pytest.fixture
def service() -> Service:
    return make.texting_service()


def box(page: str) -> str | None:
    """Return the box for text messages, None where the page has none."""
    found = re.search(r'<input type="checkbox" name="texts"[^>]*>', page)
    return found[0] if found else None


def test_only_services_that_send_texts_ask_and_no_box_is_ticked_beforehand(
    client: Client, service: Service
) -> None:
    page = text(client.get(visiting.held(client, service, at("10:00"))))
    plain = make.service()

    asked = box(page)
    assert asked is not None
    assert "checked" not in asked
    assert SAID in page
    assert box(text(client.get(visiting.held(client, plain, at("10:00"))))) is None


def test_who_ticks_the_box_agrees_to_the_words_beside_it(client: Client, service: Service) -> None:
    visiting.booked(client, service, at("10:00"), phone="0170 1234567", texts="on")

    booking = Booking.objects.get()
    assert (booking.sms_number, booking.sms_consent) == ("+491701234567", SAID)
    assert booking.sms_consented_at == NOW


def test_who_leaves_the_box_open_agrees_to_nothing(client: Client, service: Service) -> None:
    visiting.booked(client, service, at("10:00"), phone="0170 1234567")

    booking = Booking.objects.get()
    assert (booking.sms_number, booking.sms_consent) == ("", "")


def test_a_box_that_was_not_shown_means_nothing(client: Client) -> None:
    visiting.booked(client, make.service(), at("10:00"), phone="0170 1234567", texts="on")

    assert Booking.objects.get().sms_consent == ""


def test_a_number_that_no_text_can_reach_is_said_and_the_tick_stays(
    client: Client, service: Service
) -> None:
    address = visiting.held(client, service, at("10:00"))

    answer = visiting.book(client, address, phone="040 1234567", texts="on")

    page = text(answer)
    assert answer.status_code == 422
    assert "Text messages need the number of a mobile phone." in page
    assert "checked" in (box(page) or "")
    assert 'value="040 1234567"' in page


def test_a_booking_page_ends_its_texts(client: Client, service: Service) -> None:
    manage = visiting.booked(client, service, at("10:00"), phone="0170 1234567", texts="on")
    page = text(client.get(manage))
    assert "+49 170 1234567" in page

    answer = client.post(f"{manage}texts/")

    assert answer.status_code == 303
    page = text(client.get(str(answer["Location"])))
    assert "You get no more text messages about this booking." in page
    assert "+49 170 1234567" not in page
    assert Booking.objects.get().sms_number == ""
    assert client.get(f"{manage}texts/").status_code == 405
