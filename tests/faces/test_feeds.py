"""Calendar feeds over HTTP, read by the libraries that calendars are made with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
import vobject
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import sessions
from accounts.models import User
from bookings import commands
from bookings.commands import CUSTOMER
from bookings.composing import feeds as composing
from bookings.models import (
    Appointment,
    Booking,
    Business,
    Customer,
    Event,
    Feed,
    Membership,
    Resource,
    Service,
)
from bookings.queries.feeds import feed_by_token
from tests import make
from tests.crowded import crowd
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

BOSS = commands.Actor("staff", "Boss")


def fed(feed: Feed, **headers: str) -> Any:
    """Return what a calendar gets that fetches a feed."""
    return Client().get(f"/feeds/{commands.feed_token(feed)}.ics", headers=headers)


def made(of: Business, user: User, resource: Resource | None = None) -> Feed:
    return commands.make_feed(business=of, user=user, resource=resource, now=NOW, actor=BOSS)


def own(booking: Booking) -> Feed:
    """Return the feed of whoever made a booking."""
    assert booking.customer is not None
    return commands.feed_for(customer=booking.customer, now=NOW)


def entries(response: HttpResponse) -> list[icalendar.Event]:
    assert response.status_code == 200
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def titles(response: HttpResponse) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(response)]


def salon(**fields: Any) -> tuple[Service, Resource]:
    business = make.business(name="Salon", **fields)
    anna = make.staff(business, name="Anna")
    return make.service(business, by=[anna], name="Cut", place="Harbour 1"), anna


def test_staff_see_who_comes_when_and_where_and_no_internal_notes() -> None:
    service, anna = salon()
    booking = make.booking(
        service,
        contact=make.contact(name="Jo Smith", email="jo@smith.example", phone="+49 30 1234567"),
        staff_notes="Owes us money",
        actor=BOSS,
    )
    feed = made(service.business, make.member(service.business), anna)

    response = fed(feed)
    (entry,) = entries(response)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(entry["UID"]) == str(booking.appointment.public_id)
    assert str(entry["SUMMARY"]) == "Cut – Jo Smith"
    assert str(entry["LOCATION"]) == "Harbour 1"
    assert "Jo Smith, +49 30 1234567" in entry["DESCRIPTION"]
    assert f"/desk/{service.business.slug}/appointments/" in entry["DESCRIPTION"]
    assert entry["DTSTART"].dt == at("10:00")
    for word in ("Owes us money", "jo@smith.example"):
        assert word not in response.content.decode()
    assert "METHOD" not in icalendar.Calendar.from_ical(response.content)


def test_everybodys_feed_says_whose_appointment_it_is() -> None:
    service, _ = salon()
    make.booking(service, contact=make.contact(name="Jo"))

    response = fed(made(service.business, make.member(service.business)))

    assert titles(response) == ["Cut – Jo · Anna"]
    assert b"X-WR-CALNAME:Salon\r\n" in response.content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in response.content


def test_a_customer_sees_their_own_bookings_and_nobody_elses() -> None:
    service, anna = salon()
    group = make.service(service.business, by=[anna], name="Class", capacity=5)
    mine = make.booking(group, contact=make.contact(name="Jo", email="jo@example.org"), seats=2)
    make.booking(group, contact=make.contact(name="Zoe", phone="+49 30 7654321"))
    make.booking(service, starts_at=at("14:00"), contact=make.contact(name="Max"))

    response = fed(own(mine))
    (entry,) = entries(response)

    assert str(entry["UID"]) == str(mine.public_id)
    assert str(entry["SUMMARY"]) == "Class – Salon"
    assert "With: Anna" in entry["DESCRIPTION"]
    assert "Places: 2" in entry["DESCRIPTION"]
    token = commands.manage_token(booking=mine, now=NOW)
    assert str(entry["URL"]) == f"{settings.PUBLIC_URL}/m/{token}/"
    for word in ("Zoe", "Max", "7654321", "/desk/", "2/5", "3/5"):
        assert word not in response.content.decode()


def test_a_neighbour_in_a_group_changes_nothing_in_a_customers_feed() -> None:
    service, anna = salon()
    group = make.service(service.business, by=[anna], name="Class", capacity=5)
    feed = own(make.booking(group))
    before = fed(feed)

    other = make.booking(group, now=NOW + timedelta(hours=1))
    commands.cancel_booking(booking=other, now=NOW + timedelta(hours=2), actor=CUSTOMER)

    assert fed(feed).content == before.content
    assert fed(feed)["ETag"] == before["ETag"]


def test_what_has_not_changed_is_the_same_byte_for_byte_and_answered_in_short() -> None:
    service, anna = salon(zone="Europe/Berlin")
    booking = make.booking(service)
    feed = made(service.business, make.member(service.business), anna)
    first = fed(feed)

    assert fed(feed).content == first.content
    assert first["ETag"].startswith('"')
    assert first["Cache-Control"] == "private, no-cache"
    again = fed(feed, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    head = Client().head(f"/feeds/{commands.feed_token(feed)}.ics")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])

    later = NOW + timedelta(hours=1)
    commands.reschedule(booking=booking, starts_at=at("12:00"), now=later, actor=CUSTOMER)

    changed = fed(feed, if_none_match=first["ETag"])
    (old,), (new,) = entries(first), entries(changed)
    assert (new["UID"], new["SEQUENCE"] > old["SEQUENCE"]) == (old["UID"], True)
    assert (old["DTSTAMP"].dt, new["DTSTAMP"].dt, new["LAST-MODIFIED"].dt) == (NOW, later, later)


@pytest.mark.parametrize("of", ["resource", "business", "customer"])
def test_a_feed_takes_two_queries_with_no_appointment_one_or_three_hundred(of: str) -> None:
    business = make.business()
    boss, customer = make.member(business), Customer.objects.create(business=business, name="Jo")
    (anna,) = crowd(business, columns=1, appointments=0, opens_at=at("00:00"))
    feed = commands.feed_for(customer=customer, now=NOW)
    if of != "customer":
        feed = made(business, boss, anna if of == "resource" else None)

    counts = {}
    for more in (0, 1, 299):
        crowd(business, columns=1, appointments=more, opens_at=at("00:00", days=1 + more))
        Appointment.resources.through.objects.update(resource=anna)
        Booking.objects.update(customer=customer)
        with CaptureQueriesContext(connection) as queries:
            shown = len(entries(fed(feed)))
        counts[shown] = len(queries)

    assert counts == {0: 2, 1: 2, 300: 2}


def test_a_cancelled_appointment_is_struck_for_thirty_days_and_then_gone() -> None:
    service, anna = salon()
    far = make.booking(service, starts_at=at("10:00", days=50), contact=make.contact(name="Jo"))
    feeds = [made(service.business, make.member(service.business), anna), own(far)]
    commands.cancel_booking(booking=far, reason="Ill", now=NOW, actor=CUSTOMER)

    for feed in feeds:
        (entry,) = entries(fed(feed))
        assert (entry["STATUS"], entry["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
        assert "Jo" not in entry["SUMMARY"]
        assert "Ill" not in str(entry.get("DESCRIPTION"))
        opened = feed_by_token(commands.feed_token(feed))
        later = composing.calendar_of(opened, now=NOW + timedelta(days=31))
        assert b"VEVENT" not in later


def test_the_past_is_there_for_thirty_days() -> None:
    service, anna = salon()
    make.booking(service)
    opened = feed_by_token(
        commands.feed_token(made(service.business, make.member(service.business), anna))
    )

    assert b"VEVENT" in composing.calendar_of(opened, now=at("10:00", days=30))
    assert b"VEVENT" not in composing.calendar_of(opened, now=at("11:00", days=31))


def test_a_request_is_in_no_feed_before_it_is_approved() -> None:
    service, anna = salon()
    Service.objects.filter(pk=service.pk).update(needs_approval=True)
    service.refresh_from_db()
    booking = make.booking(service)
    feeds = [made(service.business, make.member(service.business), anna), own(booking)]
    assert [titles(fed(feed)) for feed in feeds] == [[], []]

    commands.approve(booking=booking, now=NOW, actor=BOSS)
    assert [len(titles(fed(feed))) for feed in feeds] == [1, 1]


def test_a_declined_request_is_struck_out_of_nothing() -> None:
    service, anna = salon()
    Service.objects.filter(pk=service.pk).update(needs_approval=True)
    service.refresh_from_db()
    booking = make.booking(service)
    feeds = [made(service.business, make.member(service.business), anna), own(booking)]

    commands.decline(booking=booking, now=NOW, actor=BOSS)

    assert [titles(fed(feed)) for feed in feeds] == [[], []]


def test_the_clocks_go_back_and_nine_stays_nine_for_every_reader() -> None:
    service, anna = salon(zone="Europe/Berlin", maximum_advance=timedelta(days=300))
    summer, winter = datetime(2031, 10, 24, 7, tzinfo=UTC), datetime(2031, 10, 27, 8, tzinfo=UTC)
    for starts_at in (summer, winter):
        make.booking(service, starts_at=starts_at)

    file = fed(made(service.business, make.member(service.business), anna)).content

    assert file.count(b"BEGIN:VTIMEZONE") == 1
    found = list(recurring_ical_events.of(icalendar.Calendar.from_ical(file)).all())
    assert [each["DTSTART"].dt.astimezone(UTC) for each in found] == [summer, winter]
    assert {each["DTSTART"].dt.hour for each in found} == {9}
    for zone in ("Europe/Berlin",):
        vobject.icalendar.registerTzid(zone, None)
    read = vobject.readOne(file.decode())
    assert [each.dtstart.value.astimezone(UTC) for each in read.vevent_list] == [summer, winter]


@pytest.mark.parametrize(
    ("role", "of", "sees"),
    [
        ("admin", "business", True),
        ("scheduler", "business", True),
        ("viewer", "business", True),
        ("team_member", "business", False),
        ("guest", "business", False),
        ("viewer", "resource", True),
        ("team_member", "resource", False),
        ("team_member", "self", True),
        ("guest", "self", False),
    ],
)
def test_a_feed_shows_what_its_maker_may_see_by_their_role_of_today(
    role: str, of: str, *, sees: bool
) -> None:
    service, anna = salon()
    make.booking(service)
    user = make.member(service.business, "admin")
    feed = made(service.business, user, None if of == "business" else anna)
    if of == "self":
        Resource.objects.filter(pk=anna.pk).update(user=user)
    assert titles(fed(feed))

    Membership.objects.filter(user=user).update(role=role)

    assert bool(titles(fed(feed))) is sees


def test_who_is_switched_off_or_has_left_leaves_an_empty_calendar_behind() -> None:
    service, anna = salon()
    make.booking(service)
    gone, left = make.member(service.business), make.member(service.business)
    feeds = [made(service.business, user, anna) for user in (gone, left)]
    assert all(titles(fed(feed)) for feed in feeds)

    sessions.disable(gone, now=NOW)
    commands.remove_member(
        membership=Membership.objects.get(user=left),
        by=make.member(service.business),
        now=NOW,
        actor=BOSS,
    )

    for feed in feeds:
        response = fed(feed)
        assert titles(response) == []
        assert b"Anna" not in response.content


def test_unknown_and_revoked_addresses_look_alike_and_a_renewed_one_is_another() -> None:
    service, anna = salon()
    feed = made(service.business, make.member(service.business), anna)

    again = commands.renew_feed(feed=feed, now=NOW, actor=BOSS)
    assert (fed(feed).status_code, fed(again).status_code) == (404, 200)
    commands.revoke_feed(feed=again, now=NOW, actor=BOSS)

    unknown = Client().get("/feeds/nothing-here.ics")
    assert fed(again).status_code == unknown.status_code == 404
    assert fed(again).content == unknown.content
    kinds = Event.objects.filter(kind__startswith="feed.").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        *("feed.made", "feed.revoked", "feed.made", "feed.revoked")
    ]


def test_opening_a_feed_writes_nothing_and_only_its_digest_is_stored() -> None:
    service, anna = salon()
    make.booking(service)
    feed = made(service.business, make.member(service.business), anna)
    token = commands.feed_token(feed)
    with CaptureQueriesContext(connection) as queries:
        fed(feed)

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)
    assert len(token) == 43
    assert token not in str(list(Feed.objects.values()) + list(Event.objects.values()))


def test_the_same_feed_is_made_once() -> None:
    service, anna = salon()
    user = make.member(service.business)

    assert made(service.business, user, anna) == made(service.business, user, anna)
    assert made(service.business, user) != made(service.business, make.member(service.business))


def test_after_a_change_of_the_secret_key_the_old_address_works_and_a_new_one_is_told(
    settings: Settings,
) -> None:
    service, anna = salon()
    booking = make.booking(service)
    user = make.member(service.business)
    feeds = [made(service.business, user, anna), own(booking)]
    old = [commands.feed_token(feed) for feed in feeds]

    settings.SECRET_KEY = "another key, at least as random as the one before"

    assert [commands.feed_token(feed) for feed in feeds] == ["", ""]
    anew = [made(service.business, user, anna), own(booking)]
    for token in [*old, *map(commands.feed_token, anew)]:
        assert len(entries(Client().get(f"/feeds/{token}.ics"))) == 1


def test_merged_customers_keep_their_feeds_and_an_erased_one_has_none() -> None:
    service, _ = salon()
    kept, duplicate = make.booking(service), make.booking(service, starts_at=at("12:00"))
    feeds = [own(kept), own(duplicate)]
    keep, other = kept.customer, duplicate.customer
    assert keep is not None
    assert other is not None

    commands.merge_customers(keep=keep, duplicate=other, now=NOW, actor=BOSS)
    assert [len(entries(fed(feed))) for feed in feeds] == [2, 2]

    for booking in (kept, duplicate):
        commands.cancel_booking(booking=booking, now=NOW, actor=CUSTOMER)
    commands.erase_customer(customer=keep, now=NOW, actor=BOSS)
    assert [fed(feed).status_code for feed in feeds] == [404, 404]
