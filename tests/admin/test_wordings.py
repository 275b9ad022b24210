"""A business's own words in the admin: written, looked at, tried on oneself."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from accounts.addresses import vouch
from accounts.models import User
from bookings import sender
from bookings.composing.own_wording import WORDED
from bookings.models import Business, Message, OwnWording
from tests import make
from tests.admin.browse import change, errors, send, told

pytestmark = pytest.mark.django_db

ADD = "/admin/bookings/ownwording/add/"


def wording(of: Business, **fields: str) -> OwnWording:
    values = {"topic": "confirmed", "language": "en", "subject": "", "text": "Ahoy {{ name }}!"}
    return OwnWording.objects.create(business=of, **values | fields)


def boss_of(business: Business) -> tuple[Client, User]:
    """Return the browser of an admin whose address is proved, and who they are."""
    user = make.member(business, "admin")
    vouch(user)
    client = Client()
    client.force_login(user)
    return client, user


def test_words_are_written_once_for_each_news_and_language(office: Client) -> None:
    business = make.business(name="Salon")
    typed = {"topic": "cancelled", "subject": "Sorry, {{ name }}", "text": "We are ill."}

    send(office, ADD, **typed)
    again = send(office, ADD, **typed)

    own = OwnWording.objects.get()
    assert (own.business, own.topic, own.language) == (business, "cancelled", "en")
    assert errors(again) == ["This news has words of your own in this language."]


def test_a_wording_says_something_and_not_too_much(office: Client) -> None:
    make.business()

    assert errors(send(office, ADD)) == ["Write a subject, an opening, or both."]
    assert "at most 5000 characters" in errors(send(office, ADD, text="x" * 5001))[0]
    assert "at most 150 characters" in errors(send(office, ADD, subject="x" * 151))[0]
    assert not OwnWording.objects.exists()


def test_what_is_no_blank_is_named_and_shown_as_it_stands(office: Client) -> None:
    own = wording(make.business())

    page = send(office, change(own), text="Hi {{ nmae }}, {{ settings }} {x.__class__} {% now %}")

    assert told(page)[0] == (
        "{{ nmae }}, {{ settings }} will be read as it stands: there is no such blank."
    )
    html = office.get(f"/admin/bookings/ownwording/{own.pk}/html/").content.decode()
    assert "Hi {{ nmae }}, {{ settings }} {x.__class__} {% now %}" in html


def test_the_page_shows_the_letter_with_all_facts_and_framed(office: Client) -> None:
    service = make.service(make.business(name="Salon", zone="Europe/Berlin"), name="Cut")
    own = wording(
        service.business,
        subject="Yes, {{ service }}!",
        text="<b>Dear</b> {{ name }},\nsee you at {{ time }}.",
    )

    page = office.get(change(own)).content.decode()
    framed = office.get(f"/admin/bookings/ownwording/{own.pk}/html/")
    html = framed.content.decode()

    assert "Test: Yes, Cut!" in page
    assert "&lt;b&gt;Dear&lt;/b&gt; Kim Example,<br>see you at 10:00." in html
    for fact in ("Cut", "Reference", "See, move or cancel", "(Europe/Berlin)"):
        assert fact in html
    assert "sandbox" in framed["Content-Security-Policy"]
    assert "{{ manage_link }}" in page


def test_a_test_goes_to_ones_own_proved_address_past_the_outbox(
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    own = wording(make.business(name="Salon"), subject="Yes!")
    client, user = boss_of(own.business)
    before = list(Message.objects.values())

    page = client.post(f"/admin/bookings/ownwording/{own.pk}/test/", follow=True)

    assert told(page) == [f"The test is on its way to {user.email}."]
    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == ([user.email], "Test: Yes!")
    assert "This is a test with an invented customer." in letter.body
    assert "Ahoy Kim Example!" in letter.body
    assert letter.extra_headers["Message-ID"]
    assert list(Message.objects.values()) == before
    assert not letter.attachments


def test_a_test_goes_to_nobody_whose_address_is_not_proved_and_not_too_often(
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    own = wording(make.business())
    client, user = boss_of(own.business)
    address = f"/admin/bookings/ownwording/{own.pk}/test/"

    for _number in range(7):
        page = client.post(address, follow=True)
    assert told(page)[-1] == "Please wait a few minutes before the next test."
    assert len(mailoutbox) == 5

    EmailAddress.objects.filter(user=user).update(verified=False)
    assert told(client.post(address, follow=True))[-1] == "Confirm your own e-mail address first."
    client.get(address)
    assert len(mailoutbox) == 5


def test_a_test_that_cannot_leave_says_why(settings: Settings) -> None:
    own = wording(make.business())
    client, _ = boss_of(own.business)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    page = client.post(f"/admin/bookings/ownwording/{own.pk}/test/", follow=True)

    assert told(page)[0].startswith("The test has not left: ")


def test_a_customer_reads_the_business_s_own_words_in_their_language(
    mailoutbox: list[EmailMultiAlternatives],
) -> None:
    now = make.today()
    service = make.service(make.business(name="Salon", sender_name="The seagull"), name="Cut")
    wording(service.business, subject="See you, {{ name }}", text="Ahoy {{ name }}! {{ settings }}")
    wording(service.business, topic="cancelled", text="Farewell {{ name }}")
    wording(service.business, language="de", subject="Bis bald")
    wording(make.business(), subject="Of another house")
    make.booking(
        service,
        starts_at=make.next_start(service, now),
        now=now,
        contact=make.contact(name="{{ day }}", email="jo@example.org"),
    )

    while sender.send_due():
        pass

    (letter,) = [each for each in mailoutbox if each.to == ["jo@example.org"]]
    assert letter.subject == "See you, {{ day }}"
    assert str(letter.from_email).startswith("The seagull <")
    assert "Ahoy {{ day }}! {{ settings }}" in letter.body
    assert "Hello" not in letter.body
    assert re.search(r"/m/[\w-]{43}/", str(letter.body))
    others = [each for each in mailoutbox if each.to != ["jo@example.org"]]
    assert others
    assert not [each for each in others if "Ahoy" in str(each.body)]


@pytest.mark.parametrize("topic", WORDED)
def test_every_piece_of_news_can_be_worded_and_looked_at(office: Client, topic: str) -> None:
    own = wording(make.service().business, topic=topic, subject="Own {{ service }}")

    html = office.get(f"/admin/bookings/ownwording/{own.pk}/html/").content.decode()

    assert "Ahoy Kim Example!" in html
    assert "<title>Test: Own Service" in html
