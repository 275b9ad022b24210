"""How a customer comes to a calendar of all their bookings, and gets rid of it."""

from __future__ import annotations

import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from bookings import commands, sender
from bookings.commands import Actor
from bookings.models import Booking, Customer, Feed
from tests import make
from tests.faces.site.visiting import text
from tests.make import NOW

pytestmark = pytest.mark.django_db


def page_of(booking: Booking) -> str:
    """Return the address of the page of the feed of whoever made a booking."""
    assert booking.customer is not None
    feed = commands.feed_for(customer=booking.customer, now=NOW)
    return f"/feeds/{commands.feed_token(feed)}/"


def test_the_letter_with_my_bookings_leads_to_the_calendar_of_all_of_them(
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    now = make.today()
    service = make.service()
    starts_at = make.next_start(service, now)
    booking = make.booking(
        service, starts_at=starts_at, now=now, contact=make.contact(email="jo@example.org")
    )
    commands.send_my_bookings(business=booking.business, email="JO@example.org", now=now)
    while sender.send_due():
        pass
    letter = next(each for each in mailoutbox if "/feeds/" in str(each.body))

    (address,) = re.findall(r"/feeds/[\w-]{43}/", str(letter.body))
    assert address in str(letter.alternatives[0][0])
    page = text(Client().get(address))
    assert f"{address[:-1]}.ics" in page
    assert "webcal:" in page
    file = Client().get(f"{address[:-1]}.ics")
    assert str(booking.public_id) in file.content.decode()


def test_the_manage_page_never_tells_the_address_for_anybody_may_type_somebodys_mail() -> None:
    now = make.today()
    service = make.service()
    booking = make.booking(service, starts_at=make.next_start(service, now), now=now)
    link = commands.manage_token(booking=booking, now=now)

    page = text(Client().get(f"/m/{link}/"))

    assert "/feeds/" not in page
    assert f"/b/{booking.business.slug}/my/bookings/" in page
    assert not Feed.objects.exists()


def test_a_new_address_ends_the_old_one_and_the_end_is_an_end() -> None:
    old = page_of(make.booking())
    client = Client()

    assert client.get(old).status_code == 200
    answer = client.post(old, {"do": "renew"})
    new = answer["Location"].partition("?")[0]
    assert "the old one no longer works" in text(client.get(answer["Location"]))
    assert [client.get(each).status_code for each in (old, f"{old[:-1]}.ics")] == [404, 404]

    assert "no longer works" in text(client.post(new, {"do": "end"}))
    assert [client.get(each).status_code for each in (new, f"{new[:-1]}.ics")] == [404, 404]


def test_opening_the_page_changes_nothing_and_it_is_kept_nowhere() -> None:
    page = page_of(make.booking())
    before = list(Feed.objects.values())

    answer = Client().get(page)

    assert list(Feed.objects.values()) == before
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_a_feed_of_the_house_has_no_page_here() -> None:
    business = make.business()
    feed = commands.make_feed(
        business=business,
        user=make.member(business),
        resource=None,
        now=NOW,
        actor=Actor("staff", "Boss"),
    )

    assert Client().get(f"/feeds/{commands.feed_token(feed)}/").status_code == 404


def test_another_mailbox_ends_the_feed_that_was_told_to_the_first() -> None:
    booking = make.booking(contact=make.contact(email="jo@example.org"))
    page = page_of(booking)
    customer = Customer.objects.get(pk=booking.customer_id)

    commands.change_customer(
        customer=customer,
        typed={"email": "joe@example.org"},
        seen={"email": "jo@example.org"},
        now=NOW,
        actor=Actor("staff", "Boss"),
    )

    assert Client().get(page).status_code == 404
