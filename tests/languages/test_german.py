"""A customer with a German browser, from the page to the letters, while the staff read English."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from bookings import commands, sender
from bookings.commands import Actor
from bookings.models import Booking, Question, Service
from bookings.outlets.sms import segments
from tests import make
from tests.faces.site import visiting
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

ANNA, BOX, MEI = "anna@example.org", "salon@example.org", Actor("staff", "Mei")
GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.4"}


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def client() -> Client:
    """Return a browser in Berlin that wants German."""
    browser = Client(headers=GERMAN)
    browser.cookies["zone"] = "Europe/Berlin"
    return browser


@pytest.fixture
def service() -> Service:
    """Return a cut at a salon in London, with a question."""
    salon = make.business(
        name="Salon", slug="salon", mailbox=BOX, zone="Europe/London", country="DE"
    )
    cut = make.service(
        salon,
        by=[make.staff(salon, name="Ada", email="ada@example.org")],
        name="Schnitt",
        slug="cut",
        price_kind="fixed",
        price=Decimal(48),
    )
    make.question(cut, text="Zum ersten Mal?", kind="yes_no")
    return cut


def plain(words: object) -> str:
    """Return words with ordinary blanks, white space evened out."""
    return " ".join(str(words).split())


def text(answer: visiting.Answer) -> str:
    return plain(answer.content.decode())


def delivered() -> dict[str, EmailMultiAlternatives]:
    """Send what is due and return the mails by address."""
    mail.outbox.clear()
    sender.send_due()
    return {letter.to[0]: letter for letter in mail.outbox}


def page_of(letter: EmailMultiAlternatives) -> str:
    (page,) = [part for part, kind in letter.alternatives if kind == "text/html"]
    return str(page)


def entry_of(letter: EmailMultiAlternatives) -> icalendar.Event:
    (file,) = [part for part, kind in letter.alternatives if kind.startswith("text/calendar")]
    return icalendar.Calendar.from_ical(file).walk("VEVENT")[0]


def path_of(address: re.Match[str] | None) -> str:
    assert address is not None
    return urlsplit(address[0])._replace(scheme="", netloc="").geturl()


def booked(client: Client, service: Service, **fields: Any) -> str:
    answer = {str(question.public_id): "yes" for question in Question.objects.all()}
    return visiting.booked(client, service, at("10:00"), **answer | fields)


def test_every_step_is_in_german(client: Client, service: Service) -> None:
    business = text(client.get("/b/salon/"))
    assert "Was möchten Sie buchen?" in business
    assert "Dauer: </span>30 Min." in business
    assert "Preis: </span>48 €" in business

    times = text(client.get("/b/salon/cut/?day=2031-03-04"))
    assert '<span aria-hidden="true">Di</span><span class="vh">Dienstag</span>' in times
    assert "Dienstag, 4. März" in times
    assert "Angezeigt: Ortszeit Berlin (UTC+1)" in times
    assert "Vormittag" in times

    address = visiting.held(client, service, at("10:00"))
    details = text(client.get(address))
    assert "Dienstag, 4. März, 11:00 Uhr buchen" in details
    assert "Diese Zeit ist bis 08:05 Uhr für Sie reserviert." in details
    assert "<span>Ja</span>" in details

    wrong = visiting.book(client, address, name="", email="anna")
    assert wrong.status_code == 422
    assert "Bitte geben Sie einen Namen an." in text(wrong)
    assert "Das sieht nicht nach einer E-Mail-Adresse aus." in text(wrong)

    manage = str(visiting.book(client, address)["Location"])
    ticket = text(client.get(manage))
    assert "Ihr Termin ist gebucht, Anna Berg" in ticket
    assert "Dienstag, 4. März 2031" in ticket
    assert "Verschieben oder absagen können Sie den Termin hier bis Dienstag, 4. März" in ticket


def test_the_customers_letter_is_german_and_the_staffs_english(
    client: Client, service: Service
) -> None:
    booked(client, service)

    letters = delivered()

    assert Booking.objects.get().language == "de"
    customers, staffs = letters[ANNA], letters["ada@example.org"]
    assert plain(customers.subject) == "Bestätigt: Schnitt, Di., 4. März 2031, 11:00"
    body = plain(customers.body)
    assert body.startswith("Guten Tag Anna Berg! Vielen Dank für Ihre Buchung bei Salon.")
    assert "Wann: Dienstag, 4. März 2031, 11:00–11:30 (Europe/Berlin)" in body
    assert "Preis: 48 €" in body
    assert "Zum ersten Mal? Ja" in body
    assert '<html lang="de" dir="ltr">' in page_of(customers)
    assert "Ansehen, verschieben oder absagen: " in entry_of(customers)["DESCRIPTION"]

    assert plain(staffs.subject) == "New booking: Schnitt, Tue 4 Mar 2031, 10:00 – Anna Berg"
    assert "When: Tuesday 4 March 2031, 10:00–10:30 (Europe/London)" in plain(staffs.body)
    assert "Zum ersten Mal? Yes" in plain(staffs.body)
    assert '<html lang="en" dir="ltr">' in page_of(staffs)


def test_a_booking_keeps_its_language_whoever_changes_it(client: Client, service: Service) -> None:
    booked(client, service)
    delivered()
    booking = Booking.objects.get()

    commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW, actor=MEI)
    moved = delivered()[ANNA]
    commands.cancel_booking(booking=booking, reason="Ada is ill", now=NOW, actor=MEI)
    cancelled = delivered()[ANNA]

    assert plain(moved.subject) == "Geändert: Schnitt, Di., 4. März 2031, 13:00"
    assert "vorher: Dienstag, 4. März 2031, 11:00–11:30 (Europe/Berlin)" in plain(moved.body)
    assert plain(cancelled.subject) == "Abgesagt: Schnitt, Di., 4. März 2031, 13:00"
    assert "Grund: Ada is ill" in plain(cancelled.body)


def test_the_letter_with_ones_bookings_is_in_the_language_of_the_last_one(
    client: Client, service: Service
) -> None:
    booked(client, service)
    delivered()
    client.post("/b/salon/my/bookings/", {"email": ANNA})

    letter = delivered()[ANNA]

    assert letter.subject == "Ihre Buchungen bei Salon"
    assert "Dienstag, 4. März 2031, 11:00–11:30" in plain(letter.body)


def test_who_has_nothing_booked_any_more_reads_so_in_their_language(
    client: Client, service: Service
) -> None:
    booked(client, service)
    commands.cancel_booking(booking=Booking.objects.get(), now=NOW)
    delivered()
    client.post("/b/salon/my/bookings/", {"email": ANNA})

    letter = delivered()[ANNA]

    assert "Für diese E-Mail-Adresse gibt es keine bevorstehenden" in plain(letter.body)


def test_reminders_and_the_pages_behind_their_links_are_in_german(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.reminder(service, kind="reconfirmation")
    booked(client, service)
    delivered()
    monkeypatch.setattr(timezone, "now", lambda: at("10:00", days=0))

    letter = delivered()[ANNA]
    asked, opt_out = (
        path_of(re.search(pattern, str(letter.body)))
        for pattern in (r"http\S+/a/\S+choose=come", r"http\S+/u/\S+")
    )

    assert plain(letter.subject) == "Kommen Sie? Schnitt, Di., 4. März 2031, 11:00"
    assert "Ja, ich komme: http" in plain(letter.body)
    assert "<h1>Kommen Sie?</h1>" in text(client.get(asked))
    assert "<h1>Keine Erinnerungen mehr?</h1>" in text(client.get(opt_out))


def test_a_lost_race_is_told_in_german(client: Client, service: Service) -> None:
    address = f"{visiting.service_url(service)}?day=2031-03-04"
    client.get(address)
    make.booking(service, starts_at=at("10:00"))

    lost = visiting.hold(client, service, at("10:00"))

    assert lost.status_code == 409
    assert "Diese Zeit hat gerade jemand anderes gebucht." in text(lost)
    assert "Di., 4. März, 11:30<small>30 Min. später</small>" in text(lost)


def test_a_form_without_its_cookie_is_refused_in_german(service: Service) -> None:
    strict = Client(headers=GERMAN, enforce_csrf_checks=True)

    refused = strict.post("/b/salon/my/bookings/", {"email": ANNA})

    assert (refused.status_code, refused["Content-Language"]) == (403, "de")
    assert "Dieses Formular ist veraltet" in text(refused)


def test_texts_and_what_was_agreed_to_are_in_german(
    client: Client, service: Service, settings: Settings, tmp_path: Path
) -> None:
    settings.SMS, settings.SMS_GATEWAY, settings.SMS_DIR = None, "", tmp_path
    service.sends_sms = True
    service.save(update_fields=["sends_sms"])
    booked(client, service, phone="0170 1234567", texts="on")

    sender.send_due()

    (file,) = tmp_path.iterdir()
    words = file.read_text().partition("\n\n")[2].strip()
    assert words.startswith(
        "Salon: Schnitt am Di., 4. März 2031, 11:00 (Europe/Berlin) ist bestätigt."
    )
    assert segments(words) == 1
    assert Booking.objects.get().sms_consent.endswith(
        "Ich kann sie jederzeit beenden, indem ich mit STOP antworte."
    )


@pytest.mark.parametrize("language", ["ar", "he", "fr", "xx", ""])
def test_whose_language_is_not_installed_gets_english_letters(
    service: Service, language: str
) -> None:
    make.booking(service, contact=make.contact(name="Anna", email=ANNA, language=language))

    letter = delivered()[ANNA]

    assert letter.subject == "Confirmed: Schnitt, Tue 4 Mar 2031, 10:00"
    assert '<html lang="en" dir="ltr">' in page_of(letter)
    assert "Price: €48" in plain(letter.body)
