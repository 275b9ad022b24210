"""Consent to text messages: given with a booking, for a number that they can reach."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from bookings import commands
from bookings.commands import Actor, Contact
from bookings.errors import Invalid
from bookings.models import Booking, Message, Service
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

SAID = "Send me text messages about this booking."
MIA = Actor("staff", "Mia")


def texting(*, country: str = "DE", **fields: object) -> Service:
    """Return a service that sends texts."""
    return make.service(make.business(country=country), sends_sms=True, **fields)


def ann(phone: str = "0170 1234567", said: str = SAID) -> Contact:
    return Contact("Ann", "ann@example.org", phone, sms_consent=said)


def texts() -> list[tuple[str, str]]:
    """Return the topic and the number of each text, in order."""
    return list(Message.objects.filter(outlet="sms").order_by("pk").values_list("topic", "address"))


def refused(service: Service, phone: str) -> str:
    with pytest.raises(Invalid) as caught:
        make.booking(service, contact=ann(phone))
    assert set(caught.value.fields) == {"phone"}
    assert not Booking.objects.exists()
    return caught.value.fields["phone"]


def test_who_agrees_is_texted_and_words_and_time_of_the_consent_are_kept() -> None:
    booking = make.booking(texting(), contact=ann())

    assert booking.sms_number == "+491701234567"
    assert (booking.sms_consent, booking.sms_consented_at) == (SAID, NOW)
    assert booking.phone == "0170 1234567"
    assert texts() == [("confirmed", "+491701234567")]


def test_who_does_not_agree_is_not_texted() -> None:
    booking = make.booking(texting(), contact=ann(said=""))

    assert (booking.sms_number, booking.sms_consent, booking.sms_consented_at) == ("", "", None)
    assert texts() == []


def test_no_text_is_sent_where_the_service_sends_none() -> None:
    booking = make.booking(make.service(make.business(country="DE")), contact=ann("0170"))

    assert booking.sms_number == ""
    assert texts() == []


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("+49 (0)170 / 123 45 67", "+491701234567"),
        ("0043 664 1234567", "+436641234567"),
        ("+43 664 1234567", "+436641234567"),
    ],
)
def test_numbers_are_understood_as_people_write_them(
    settings: Settings, phone: str, number: str
) -> None:
    settings.SMS_COUNTRIES = frozenset({"DE", "AT"})

    assert make.booking(texting(), contact=ann(phone)).sms_number == number


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [
        ("", "Please give the number that the text messages shall go to."),
        ("110", "No text message can reach this number."),
        ("0170 12", "No text message can reach this number."),
        ("040 1234567", "Text messages need the number of a mobile phone."),
        ("0900 1 234567", "Text messages need the number of a mobile phone."),
        ("+43 664 1234567", "Text messages cannot be sent to this country."),
    ],
)
def test_a_number_that_no_text_can_reach_is_refused_in_words(phone: str, sentence: str) -> None:
    assert refused(texting(), phone) == sentence


def test_without_a_country_a_number_needs_its_code(settings: Settings) -> None:
    settings.SMS_COUNTRIES = None
    service = texting(country="")

    assert refused(service, "0170 1234567") == (
        "Please begin the number with its country code, as in +49 170 1234567."
    )
    assert make.booking(service, contact=ann("+49 170 1234567")).sms_number == "+491701234567"


def test_a_business_in_no_country_sends_no_texts_unless_the_settings_name_some() -> None:
    assert make.booking(texting(country=""), contact=ann()).sms_number == ""


def test_every_news_of_the_booking_is_texted() -> None:
    booking = make.booking(texting(), contact=ann())
    commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)
    commands.cancel_booking(booking=booking, now=NOW)

    assert [topic for topic, _ in texts()] == ["confirmed", "changed", "cancelled"]


def test_a_request_is_texted_once_it_is_decided() -> None:
    service = texting(needs_approval=True)
    asked = make.booking(service, contact=ann())
    assert texts() == []

    commands.decline(booking=asked, now=NOW, actor=MIA)

    assert [topic for topic, _ in texts()] == ["declined"]


def test_everybody_who_agreed_is_texted_when_their_appointment_is_cancelled() -> None:
    service = texting(capacity=3)
    first = make.booking(service, contact=ann())
    make.booking(service, contact=Contact("Bob", "bob@example.org", "0170 7654321"))

    commands.cancel_appointment(appointment=first.appointment, now=NOW, actor=MIA)

    assert texts()[-1] == ("cancelled", "+491701234567")
    assert len(texts()) == 2


def test_consent_is_taken_back_for_good_and_stays_on_record() -> None:
    booking = make.booking(texting(), contact=ann())

    commands.end_texts(booking=booking, now=NOW)
    commands.end_texts(booking=booking, now=NOW)
    commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)

    booking.refresh_from_db()
    assert (booking.sms_number, booking.sms_consent) == ("", SAID)
    assert [topic for topic, _ in texts()] == ["confirmed"]
    kinds = booking.events.order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["booking.confirmed", "booking.texts_ended", "booking.rescheduled"]


def test_staff_may_take_a_consent_down() -> None:
    service = texting()
    booked = commands.book(
        service=service,
        starts_at=at("10:00"),
        contact=Contact("Ann", phone="0170 1234567", sms_consent="Agreed by telephone."),
        answers={},
        now=NOW,
        actor=MIA,
    ).booking

    assert (booked.sms_number, booked.sms_consent) == ("+491701234567", "Agreed by telephone.")
    assert texts() == [("confirmed", "+491701234567")]
