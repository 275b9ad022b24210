"""The page at the foot of reminders: one button, one click of a mail program, and back again."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bookings import commands
from bookings.commands import Actor
from bookings.models import Appointment, Booking, Customer, Event
from tests import make
from tests.make import NOW, at
from tests.meanwhile import aside

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
DESK = Actor("staff", "Mei")


def page_of(booking: Booking) -> str:
    return reverse("site:reminders", args=[commands.opt_out_token(booking=booking)])


def strict() -> Client:
    """Return a browser, or mail program, with which the protection against forgery is on."""
    return Client(enforce_csrf_checks=True)


def is_out() -> bool:
    return Customer.objects.get().opted_out_at is not None


def test_opening_the_link_changes_nothing_and_sets_no_cookie():
    page = page_of(make.booking())
    browser = strict()

    answer = browser.get(page)

    assert "No more reminders?" in answer.content.decode()
    assert (is_out(), browser.cookies.output()) == (False, "")
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]


def test_the_button_ends_reminders_and_the_next_one_begins_them_again():
    page = page_of(make.booking())
    browser = strict()

    ended = browser.post(page, follow=True)
    out = is_out()
    begun = browser.post(page, {"reminders": "on"}, follow=True)

    assert "You get no more reminders" in ended.content.decode()
    assert "No more reminders?" in begun.content.decode()
    assert (out, is_out()) == (True, False)
    kinds = Event.objects.filter(kind__startswith="customer.opted").order_by("pk")
    assert list(kinds.values_list("kind", "actor")) == [
        ("customer.opted_out", "customer"),
        ("customer.opted_in", "customer"),
    ]


@pytest.mark.parametrize("multipart", [False, True])
def test_one_click_of_a_mail_program_ends_them_at_once_and_as_often_as_it_likes(multipart: bool):
    page = page_of(make.booking())
    kind = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}
    body = ONE_CLICK if multipart else "List-Unsubscribe=One-Click"

    statuses = [strict().post(page, body, **kind).status_code for _ in range(2)]

    assert statuses == [200, 200]
    assert is_out()
    assert Event.objects.filter(kind="customer.opted_out").count() == 1


@pytest.mark.parametrize("token", ["nonsense", "a.b", "é"])
def test_a_link_that_nobody_signed_is_not_there(token: str):
    booking = make.booking()
    number, _, seal = commands.opt_out_token(booking=booking).partition(".")
    other = f"{make.booking().public_id.hex}.{seal}"
    manage = commands.manage_token(booking=booking, now=NOW)

    for forged in (token, number, other, manage):
        assert strict().post(f"/u/{forged}/").status_code == 404


def test_the_link_of_a_duplicate_still_works_after_a_merge_and_the_stricter_wish_stays():
    service = make.service()
    keep, duplicate = make.booking(service), make.booking(service, starts_at=at("11:00"))
    commands.opt_out(customer=duplicate.customer, now=NOW)

    merged = commands.merge_customers(
        keep=keep.customer, duplicate=duplicate.customer, now=NOW, actor=DESK
    )
    since = merged.opted_out_at
    strict().post(page_of(duplicate), {"reminders": "on"})

    assert (since, is_out()) == (NOW, False)


def test_nothing_is_left_behind_the_link_of_somebody_who_was_erased():
    booking = make.booking()
    page = page_of(booking)
    commands.cancel_booking(booking=booking, now=NOW)
    commands.erase_customer(customer=booking.customer, now=NOW, actor=DESK)

    assert strict().get(page).status_code == 404
    assert strict().post(page, ONE_CLICK).status_code == 404


def test_who_opted_out_is_told_on_the_page_of_their_booking_and_can_opt_in_there():
    service = make.service()
    now = make.today()
    booked = commands.book(
        service=service,
        starts_at=make.next_start(service, now),
        contact=make.contact(),
        answers={},
        now=now,
    )
    page = f"/m/{booked.token}/"
    before = Client().get(page).content.decode()
    commands.opt_out(customer=booked.booking.customer, now=now)

    after = Client().get(page).content.decode()
    strict().post(urlsplit(page_of(booked.booking)).path, {"reminders": "on"})

    assert "You get no reminders." not in before
    assert "You get no reminders." in after
    assert page_of(booked.booking) in after
    assert not is_out()


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_somebody_holds_the_customer_is_asked_to_come_back():
    booking = make.booking()
    page = page_of(booking)
    texts = reverse("site:end_texts", args=[commands.manage_token(booking=booking, now=NOW)])
    Booking.objects.update(sms_number="+491701234567")

    with transaction.atomic():
        list(Customer.objects.select_for_update())
        list(Appointment.objects.select_for_update())
        ended = aside(lambda: Client().post(page, ONE_CLICK))
        taken_back = aside(lambda: Client().post(texts))

    assert isinstance(ended, HttpResponse)
    assert isinstance(taken_back, HttpResponse)
    assert (ended.status_code, int(ended["Retry-After"])) == (503, 10)
    assert taken_back.status_code == 503
    assert "Reference" in taken_back.content.decode()
    assert not is_out()
