"""The calendar of the desk: what each day shows, and to whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from bookings.models import Booking, Business
from tests import make
from tests.faces.desk.desking import signed_in
from tests.make import at

pytestmark = pytest.mark.django_db


def page(user, business: Business, name: str = "day", **fields: str) -> str:
    """Return the text of a page of the calendar; tomorrow's unless told otherwise."""
    client = signed_in(user)
    answer = client.get(
        reverse(f"desk:{name}", args=[business.slug]), {"day": "2031-03-04", **fields}
    )
    assert answer.status_code == 200
    return answer.content.decode()


def booked(
    business: Business, by, customer: str, clock: str = "10:00", **fields: object
) -> Booking:
    """Return a booking of a new service by one person, under a customer's name."""
    service = make.service(business, by=[by], **fields)
    return make.booking(service, starts_at=at(clock), contact=make.contact(name=customer))


def test_a_day_shows_everybody_with_their_hours_and_appointments():
    business = make.business()
    ann = make.staff(business, name="Ann Archer")
    make.room(business, name="Red room")
    booking = booked(business, ann, "Nora Lindqvist", name="Cut")

    shown = page(make.member(business), business)

    assert "Tuesday 4 March 2031" in shown
    assert "Ann Archer" in shown
    assert "Red room" in shown
    assert "09:00 – 17:00" in shown
    assert "Nora Lindqvist" in shown
    assert "h10 m0 dh0 dm30" in shown
    assert f"/appointments/{booking.appointment.public_id}/" in shown


def test_a_team_member_learns_nothing_of_others_but_that_they_are_busy():
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    user = make.member(business, "team_member")
    ann.user = user
    ann.save(update_fields=["user"])
    booked(business, ann, "Own Customer", name="Own service")
    other = booked(business, bob, "Canary Customer", "11:00", name="Canary service")

    shown = page(user, business)

    assert "Own Customer" in shown
    assert "busy" in shown
    assert "Canary Customer" not in shown
    assert str(other.appointment.public_id) not in shown
    assert shown.count("Canary service") == 1  # the filter names every service


@pytest.mark.parametrize("name", ["day", "week", "month", "list"])
def test_every_page_shows_the_appointment(name: str):
    business = make.business()
    ann = make.staff(business, name="Ann Archer")
    booked(business, ann, "Nora Lindqvist", name="Cut")

    assert "Nora Lindqvist" in page(make.member(business), business, name)
