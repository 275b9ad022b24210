"""The page of calendar feeds, and the calendar file of an appointment."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
from django.test import Client

from bookings import commands
from bookings.models import Business, Feed, Resource, Service
from tests import make
from tests.faces.desk.desking import Answer, as_, signed_in, text, to
from tests.make import NOW

pytestmark = pytest.mark.django_db


def ask(client: Client, of: Business, whose: str) -> Answer:
    return client.post(to("feeds", of), {"whose": whose})


def test_a_team_member_makes_a_feed_of_their_own_appointments_and_of_no_others() -> None:
    business = make.business()
    user = make.member(business, "team_member")
    anna, ben = make.staff(business, name="Anna", user=user), make.staff(business, name="Ben")
    client = signed_in(user)

    page = text(client.get(to("feeds", business)))
    assert "Anna" in page
    assert "Ben" not in page
    assert "Everybody" not in page
    for foreign in (str(ben.public_id), "everybody", "nonsense"):
        assert ask(client, business, foreign).status_code == 404
    assert ask(client, business, "").status_code == 422
    assert ask(client, business, str(anna.public_id)).status_code == 303

    feed = Feed.objects.get()
    assert (feed.user, feed.resource) == (user, anna)
    assert f"/feeds/{commands.feed_token(feed)}.ics" in text(client.get(to("feeds", business)))


@pytest.mark.parametrize("role", ["viewer", "scheduler", "admin"])
def test_whoever_sees_all_bookings_may_subscribe_to_all_and_to_rooms(role: str) -> None:
    business = make.business()
    room = make.room(business, name="Quiet room")
    client = as_(role, business)

    for whose in ("everybody", str(room.public_id)):
        assert ask(client, business, whose).status_code == 303

    assert [feed.resource for feed in Feed.objects.order_by("pk")] == [None, room]


def test_an_address_is_renewed_and_ended_by_its_maker() -> None:
    business = make.business()
    client = as_("viewer", business)
    ask(client, business, "everybody")
    feed = Feed.objects.get()
    old = commands.feed_token(feed)

    client.post(to("renew_feed", business, feed.public_id))
    page = text(client.get(to("feeds", business)))
    assert old not in page
    new = Feed.objects.get(revoked_at=None)
    assert commands.feed_token(new) in page

    client.post(to("revoke_feed", business, new.public_id))
    assert not Feed.objects.filter(revoked_at=None).exists()


def test_admins_end_the_feeds_of_others_but_never_read_their_addresses() -> None:
    business = make.business()
    client = as_("viewer", business)
    ask(client, business, "everybody")
    feed = Feed.objects.get()
    boss = as_("admin", business)

    page = text(boss.get(to("feeds", business)))
    assert "The viewer" in page
    assert commands.feed_token(feed) not in page
    assert boss.post(to("renew_feed", business, feed.public_id)).status_code == 404
    assert (
        as_("scheduler", business).post(to("revoke_feed", business, feed.public_id)).status_code
        == 404
    )
    assert boss.post(to("revoke_feed", business, feed.public_id)).status_code == 303
    assert not Feed.objects.filter(revoked_at=None).exists()


def test_a_customers_feed_is_not_the_houses_to_see_or_end() -> None:
    booking = make.booking()
    assert booking.customer is not None
    feed = commands.feed_for(customer=booking.customer, now=NOW)
    client = as_("admin", booking.business)

    assert booking.customer.name not in text(client.get(to("feeds", booking.business)))
    answer = client.post(to("revoke_feed", booking.business, feed.public_id))
    assert answer.status_code == 404


def test_an_appointment_leaves_as_a_file_without_internal_notes() -> None:
    booking = make.booking(
        contact=make.contact(name="Jo"),
        staff_notes="Owes us money",
        actor=commands.Actor("staff", "Boss"),
    )
    client = as_("admin", booking.business)
    file = to("appointment_file", booking.appointment)
    assert file in text(client.get(to("appointment", booking.appointment)))

    answer = client.get(file)
    (entry,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")

    assert str(entry["UID"]) == str(booking.appointment.public_id)
    assert str(entry["SUMMARY"]).endswith("– Jo")
    assert b"Owes us money" not in answer.content


def test_a_request_has_no_file() -> None:
    business = make.business()
    service: Service = make.service(business, needs_approval=True)
    booking = make.booking(service)
    client = as_("admin", business)

    assert ".ics" not in text(client.get(to("appointment", booking.appointment)))
    assert client.get(to("appointment_file", booking.appointment)).status_code == 404


def test_who_is_nobody_of_the_staff_is_told_so() -> None:
    business = make.business()
    assert not Resource.objects.exists()

    page = text(as_("team_member", business).get(to("feeds", business)))

    assert "You are not in the list of staff" in page


def test_a_feed_is_as_old_as_the_clock_of_the_business_says() -> None:
    business = make.business(zone="Europe/Berlin")
    mine, other = make.member(business, "admin"), make.member(business, "viewer")
    for user in (mine, other):
        commands.make_feed(
            business=business,
            user=user,
            resource=None,
            now=datetime(2031, 3, 2, 23, 30, tzinfo=UTC),
            actor=commands.Actor.of(user),
        )

    assert text(signed_in(mine).get(to("feeds", business))).count("since 3 March 2031") == 2
