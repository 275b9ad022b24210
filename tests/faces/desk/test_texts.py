"""Taking a consent to text messages down at the desk."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import Booking, Service
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

SAID = (
    "The customer agrees to text messages about this booking from Salon Möwe, and knows that "
    "answering STOP ends them."
)


@pytest.fixture
def service() -> Service:
    return make.texting_service()


@pytest.fixture
def desk(client: Client, service: Service) -> Client:
    client.force_login(make.member(service.business))
    return client


def new(service: Service) -> str:
    return reverse("desk:new", args=[service.business.slug])


def filled_in(service: Service, **fields: str) -> dict[str, str]:
    known = {"service": str(service.public_id), "staff": "", "day": "2031-03-04", "time": "10:00"}
    return known | {"name": "Ann", "phone": "0170 1234567"} | fields


def test_staff_tick_the_box_for_who_agrees(desk: Client, service: Service) -> None:
    answer = desk.post(new(service), filled_in(service, texts="on"))

    assert answer.status_code == 303, answer.content.decode()
    booking = Booking.objects.get()
    assert (booking.sms_number, booking.sms_consent) == ("+491701234567", SAID)


def test_the_box_is_there_for_services_that_send_texts_and_open(
    desk: Client, service: Service
) -> None:
    plain = make.service(service.business)

    page = desk.get(new(service), {"service": str(service.public_id)}).content.decode()
    other = desk.get(new(service), {"service": str(plain.public_id)}).content.decode()

    found = re.search(r'<input type="checkbox" name="texts"[^>]*>', page)
    assert found is not None
    assert "checked" not in found[0]
    assert 'name="texts"' not in other


def test_a_number_that_no_text_can_reach_is_refused_with_the_form(
    desk: Client, service: Service
) -> None:
    answer = desk.post(new(service), filled_in(service, phone="040 1234567", texts="on"))

    assert answer.status_code == 422
    assert "Text messages need the number of a mobile phone." in answer.content.decode()
    assert not Booking.objects.exists()


def test_who_joins_a_group_may_agree_too(desk: Client) -> None:
    group = make.texting_service(capacity=4)
    desk.force_login(make.member(group.business))
    appointment = make.booking(group).appointment
    address = reverse("desk:add_attendee", args=[group.business.slug, appointment.public_id])

    answer = desk.post(
        address, {"name": "Ann", "phone": "0170 1234567", "seats": "1", "texts": "on"}
    )

    assert answer.status_code == 303, answer.content.decode()
    assert Booking.objects.get(name="Ann").sms_consent == SAID


def test_the_desk_shows_who_is_texted_and_ends_it_for_who_asks(
    desk: Client, service: Service
) -> None:
    desk.post(new(service), filled_in(service, texts="on"))
    booking = Booking.objects.get()
    slug = service.business.slug
    page = reverse("desk:appointment", args=[slug, booking.appointment.public_id])
    button = reverse("desk:end_texts", args=[slug, booking.public_id])

    before = desk.get(page).content.decode()
    done = desk.post(button)
    after = desk.get(page).content.decode()

    booking.refresh_from_db()
    assert "Agreed to text messages to +49\u00a0170\u00a01234567" in before
    assert button in before
    assert done.status_code == 303
    assert booking.sms_number == ""
    assert "wants no more text messages" in after
    assert "Agreed to text messages" not in after
    assert button not in after


def test_the_desk_shows_whether_a_text_has_arrived(desk: Client, service: Service) -> None:
    desk.post(new(service), filled_in(service, texts="on"))
    booking = Booking.objects.get()
    page = reverse("desk:appointment", args=[service.business.slug, booking.appointment.public_id])
    seen = {}
    for delivery in ("", "sent", "delivered", "undelivered"):
        booking.messages.filter(outlet="sms").update(sent_at=NOW, delivery=delivery)
        listed = desk.get(page).content.decode().split("+49\u00a0170\u00a01234567 ·")[0]
        seen[delivery] = re.findall(r'class="badge ?(\w*)">([^<]+)<', listed)[-1]

    assert seen == {
        "": ("ok", "sent"),
        "sent": ("ok", "sent"),
        "delivered": ("ok", "arrived"),
        "undelivered": ("bad", "did not arrive"),
    }
