"""Asking for a time that the business has to approve."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings import commands
from bookings.commands import Actor
from bookings.models import Appointment, Booking, Service
from tests import make
from tests.faces.site.visiting import book, booked, held, service_url, text, value

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
LINK = "https://meet.example/room"


@pytest.fixture
def service() -> Service:
    studio = make.business(name="Salon")
    return make.service(
        studio,
        needs_approval=True,
        location_kind="online",
        join_link=LINK,
        confirmation_note="Bring your own towel.",
    )


def test_a_service_says_before_and_while_one_asks_that_it_is_a_request(
    client: Client, service: Service
) -> None:
    asked = "You ask for a time, and we write to you whether it suits us."

    assert "On request" in text(client.get(f"/b/{service.business.slug}/"))
    assert asked in text(client.get(service_url(service)))
    address = held(client, service, make.at("10:00"))
    details = text(client.get(address))

    assert "Ask for this time</button>" in details
    assert "Your request" in details
    assert "The time is kept for you until we have answered it." in details
    other = make.service(service.business)
    assert "On request" not in text(client.get(service_url(other)))
    assert asked not in text(client.get(service_url(other)))


def test_who_has_asked_reads_what_happens_next(client: Client, service: Service) -> None:
    address = held(client, service, make.at("10:00"))

    page = text(client.get(book(client, address)["Location"]))

    assert "Your request is on its way" in page
    assert "Salon will write to anna@example.org. The time is kept for you until then." in page
    assert "You have asked for this already" in text(client.get(address))


def test_a_request_is_in_no_calendar_and_opens_no_meeting_until_it_is_approved(
    client: Client, service: Service
) -> None:
    manage = booked(client, service, make.at("10:00"))
    secrets = ("Add it to your calendar", LINK, "Bring your own towel.")

    waiting = text(client.get(manage))
    assert "Your request awaits approval" in waiting
    assert not any(each in waiting for each in secrets)
    assert client.get(f"{manage}appointment.ics").status_code == 404

    commands.approve(booking=Booking.objects.get(), now=make.NOW, actor=DESK)
    confirmed = text(client.get(manage))
    assert all(each in confirmed for each in secrets)
    assert client.get(f"{manage}appointment.ics").status_code == 200


def test_a_declined_request_says_so_and_why(client: Client, service: Service) -> None:
    manage = booked(client, service, make.at("10:00"))
    commands.decline(booking=Booking.objects.get(), reason="We paint", now=make.NOW, actor=DESK)

    page = text(client.get(manage))

    assert "Your request is declined" in page
    assert "Reason: We paint" in page
    assert "Book again" in page
    assert client.get(f"{manage}appointment.ics").status_code == 404
    assert client.post(f"{manage}cancel/", {"reason": ""}).status_code == 422


def test_a_request_is_moved_and_withdrawn_online_however_late(client: Client) -> None:
    service = make.service(
        needs_approval=True, minimum_lead=timedelta(0), cancellation_notice=timedelta(days=9)
    )
    manage = booked(client, service, make.at("10:00"))

    assert "You can move or withdraw your request here until it starts." in text(client.get(manage))
    moved = client.post(f"{manage}move/", {"start": value(make.at("12:00"))})
    assert "Your request is moved" in text(client.get(moved["Location"]))
    assert Booking.objects.get().state == "pending"

    assert "Withdraw this request?" in text(client.get(f"{manage}cancel/"))
    gone = client.post(f"{manage}cancel/", {"reason": "A cold"})
    page = text(client.get(gone["Location"]))
    assert "Your request is cancelled" in page
    assert "Reason: A cold" in page
    assert client.get(f"{manage}appointment.ics").status_code == 404


def test_an_appointment_that_was_approved_is_cancelled_as_one(
    client: Client, service: Service
) -> None:
    manage = booked(client, service, make.at("10:00"))
    commands.approve(booking=Booking.objects.get(), now=make.NOW, actor=DESK)

    client.post(f"{manage}cancel/", {"reason": ""})

    assert "Your appointment is cancelled" in text(client.get(manage))


def test_a_request_that_nobody_answered_is_over(client: Client, service: Service) -> None:
    manage = booked(client, service, make.at("10:00"))
    Appointment.objects.update(
        starts_at=make.at("07:00", days=-1), ends_at=make.at("07:30", days=-1)
    )

    page = text(client.get(manage))

    assert "Your request is over" in page
    assert "Salon has not answered it in time." in page
    assert "Withdraw the request" not in page


@pytest.mark.parametrize("page", ["", "move/", "cancel/", "appointment.ics"])
def test_no_page_of_the_customer_shows_internal_notes(
    client: Client, service: Service, page: str
) -> None:
    manage = booked(client, service, make.at("10:00"))
    appointment = Appointment.objects.get()
    commands.write_notes(appointment=appointment, text="Canary-7", now=make.NOW, actor=DESK)
    commands.approve(booking=Booking.objects.get(), now=make.NOW, actor=DESK)

    answer = client.get(f"{manage}{page}")

    assert answer.status_code == 200
    assert "Canary-7" not in text(answer)
