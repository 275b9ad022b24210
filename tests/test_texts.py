"""Text messages from the decision to the phone: what they say, and when they may not leave."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
from django.core import mail
from pytest_django import Settings

from bookings import commands, outbox, sender
from bookings.commands import Actor, Contact
from bookings.composing import short
from bookings.models import Booking, Business, Message, Service, StoppedNumber
from bookings.outlets import sms
from bookings.outlets.sms import segments
from tests import make
from tests.conftest import Clock
from tests.make import NOW, at
from tests.outlets.twilio_stand_in import Twilio

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "twilio")]

ANN, MIA = "+491701234567", Actor("staff", "Mia")


def salon(**fields: object) -> Business:
    values: dict[str, object] = {"name": "Salon Möwe", "zone": "Europe/Berlin", "country": "DE"}
    return make.business(**values | fields)


def haircut(of: Business | None = None, **fields: object) -> Service:
    values: dict[str, object] = {"name": "Haircut", "sends_sms": True}
    return make.service(of or salon(), **values | fields)


def ann(**differs: str) -> Contact:
    values = {"name": "Ann", "email": "ann@example.org", "phone": ANN, "zone": "Europe/Berlin"}
    return Contact(**values | {"sms_consent": "Yes, please."} | differs)


def booked(service: Service | None = None, **differs: object) -> Booking:
    return make.booking(service or haircut(), **{"contact": ann()} | differs)


def left(twilio: Twilio) -> list[str]:
    """Send what is due, and return the words of the texts that have left so far."""
    sender.send_due()
    return [words for _, words in twilio.texts]


def told(twilio: Twilio) -> str:
    """Send what is due, and return the words of the last text."""
    return left(twilio)[-1]


def text_row() -> Message:
    return Message.objects.filter(outlet="sms").latest("pk")


def test_a_confirmation_is_one_part_with_the_manage_link(twilio: Twilio) -> None:
    booking = booked()

    words = told(twilio)

    token = commands.manage_token(booking=booking, now=NOW)
    assert words == (
        "Salon Möwe: Haircut on Tue 4 Mar 2031, 11:00 is confirmed. STOP ends texts. "
        f"https://book.example/m/{token}/"
    )
    assert segments(words) == 1
    row = text_row()
    assert (row.state, row.remote_id, row.segments) == ("sent", next(iter(twilio.messages)), 1)


def test_times_are_on_the_clock_of_the_customer_which_is_named(
    twilio: Twilio,
) -> None:
    booked(contact=ann(zone="America/New_York"))

    assert "Tue 4 Mar 2031, 05:00 (America/New York)" in told(twilio)


def test_texts_are_in_the_language_of_the_customer(twilio: Twilio) -> None:
    booked(contact=ann(language="de-AT"))

    words = told(twilio)
    assert "bestätigt" in words
    assert "https://book.example/m/" in words
    assert segments(words) == 1


def test_the_first_text_always_says_how_to_end_them(twilio: Twilio) -> None:
    of = salon()
    for length in range(5, 41, 7):
        booked(haircut(of, name="x" * length), contact=ann(language="de"))

    for words in left(twilio):
        assert "STOP" in words
        assert segments(words) == 1


def test_a_change_says_what_it_was(twilio: Twilio) -> None:
    booking = booked()
    commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)

    assert told(twilio).startswith(
        "Salon Möwe: Haircut is now on Tue 4 Mar 2031, 12:00, no longer on Tue 4 Mar 2031, 11:00."
    )


def test_other_people_at_the_same_time_are_named(twilio: Twilio) -> None:
    of = salon()
    ada, bea = make.staff(of, name="Ada"), make.staff(of, name="Bea")
    booking = booked(haircut(of, by=[ada, bea]), staff=ada)
    commands.reassign(appointment=booking.appointment, staff=bea, now=NOW, actor=MIA)

    assert "Haircut on Tue 4 Mar 2031, 11:00 is now with Bea." in told(twilio)


def test_a_cancellation_says_why_and_has_no_link(twilio: Twilio) -> None:
    booking = booked()
    commands.cancel_booking(booking=booking, reason="Ada is\nill", now=NOW, actor=MIA)

    assert left(twilio) == [
        "Salon Möwe: Haircut on Tue 4 Mar 2031, 11:00 is cancelled. Reason: Ada is ill"
    ]
    # The confirmation was not true any more when it was due.
    states = Message.objects.filter(outlet="sms").order_by("pk")
    assert [row.state for row in states] == ["dropped", "sent"]


def test_a_declined_request_is_called_one(twilio: Twilio) -> None:
    asked = booked(haircut(needs_approval=True))
    commands.decline(booking=asked, now=NOW, actor=MIA)

    assert told(twilio) == (
        "Salon Möwe: your request for Haircut on Tue 4 Mar 2031, 11:00 is declined."
    )


def test_what_does_not_fit_into_one_part_goes_without_the_link(
    twilio: Twilio, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://appointments.of-a-rather-long-name.example"

    booked(haircut(name="Colouring, cutting and a wash for long hair"))
    words = told(twilio)

    assert "http" not in words
    assert segments(words) == 1


def test_who_has_no_e_mail_gets_the_link_whatever_it_takes(
    twilio: Twilio,
) -> None:
    booked(haircut(name="Środa"), contact=ann(email=""), actor=MIA)

    assert "https://book.example/m/" in told(twilio)


def test_hostile_names_stay_one_line_of_words(twilio: Twilio) -> None:
    booked(haircut(salon(name="Salon\r\n\u202eMöwe\x07")))

    assert told(twilio).startswith("Salon Möwe: Haircut on")


def test_who_took_the_consent_back_gets_nothing_that_was_queued(
    twilio: Twilio,
) -> None:
    commands.end_texts(booking=booked(), now=NOW)

    assert left(twilio) == []
    row = text_row()
    assert (row.state, row.error) == (
        "dropped",
        "The customer wants no more text messages about this booking.",
    )


def test_who_said_stop_gets_nothing(twilio: Twilio) -> None:
    StoppedNumber.objects.create(number=ANN, stopped_at=NOW)
    booked()

    assert left(twilio) == []
    assert text_row().error == "The owner of this number has answered STOP."


def test_a_service_that_sends_no_more_texts_keeps_what_was_queued(
    twilio: Twilio,
) -> None:
    service = haircut()
    booked(service)
    Service.objects.update(sends_sms=False)

    assert left(twilio) == []
    assert text_row().state == "dropped"


def test_a_country_that_is_allowed_no_more_gets_nothing(twilio: Twilio, settings: Settings) -> None:
    booked()
    settings.SMS_COUNTRIES = frozenset({"AT"})

    assert left(twilio) == []
    row = text_row()
    assert (row.state, row.error) == (
        "failed",
        "Not sent: text messages do not go to this country.",
    )


def test_an_appointment_that_has_begun_is_not_confirmed_any_more(
    twilio: Twilio, clock: Clock
) -> None:
    booked()
    clock.now = at("10:00")

    assert left(twilio) == []


NIGHT = {"quiet_from": time(21), "quiet_until": time(8)}
AT_NIGHT = NOW + timedelta(hours=15)  # 23:00 in Berlin


def test_what_staff_decide_at_night_is_told_when_the_quiet_hours_are_over(
    twilio: Twilio, clock: Clock
) -> None:
    clock.now = AT_NIGHT
    booking = booked(haircut(salon(**NIGHT)), starts_at=at("14:00"), actor=MIA, now=AT_NIGHT)
    commands.cancel_booking(booking=booking, now=AT_NIGHT, actor=MIA)

    assert left(twilio) == []
    row = text_row()
    assert (row.state, row.attempts) == ("waiting", 0)
    clock.now = at("07:00") - timedelta(minutes=1)
    assert left(twilio) == []
    clock.now = at("07:00")
    assert "is cancelled" in told(twilio)
    assert len(twilio.texts) == 1


def test_what_customers_do_at_night_is_confirmed_at_once(twilio: Twilio, clock: Clock) -> None:
    clock.now = AT_NIGHT
    booked(haircut(salon(**NIGHT)), starts_at=at("14:00"), now=AT_NIGHT)

    assert "is confirmed" in told(twilio)


def test_quiet_hours_are_those_of_the_customers_clock(twilio: Twilio, clock: Clock) -> None:
    clock.now = AT_NIGHT
    booked(
        haircut(salon(**NIGHT)),
        contact=ann(zone="America/New_York"),
        starts_at=at("14:00"),
        actor=MIA,
        now=AT_NIGHT,
    )

    assert len(left(twilio)) == 1


def test_who_would_come_in_vain_in_the_morning_is_woken(twilio: Twilio, clock: Clock) -> None:
    booking = booked(haircut(salon(**NIGHT)), starts_at=at("09:00"))
    left(twilio)
    clock.now = at("06:30")  # 07:30 in Berlin
    commands.cancel_booking(
        booking=booking,
        now=clock.now,
        actor=MIA,
        overrides=frozenset(),
    )
    assert len(left(twilio)) == 1

    clock.now = at("07:00")
    assert "is cancelled" in told(twilio)


def test_the_budget_of_a_number_ends_with_a_reason_and_one_notice(
    twilio: Twilio, settings: Settings
) -> None:
    settings.SMS_PER_NUMBER = 2
    of = haircut(capacity=9)
    for _ in range(4):
        booked(of)

    assert len(left(twilio)) == 2
    row = text_row()
    assert (row.state, row.error) == (
        "failed",
        "Not sent: too many text messages to this number in 24 hours.",
    )
    subjects = [each.subject for each in mail.outbox if each.to == [of.business.mailbox]]
    assert subjects.count("Text messages are not sent: Salon Möwe") == 1


def test_the_budget_in_all_counts_parts_and_is_free_again_a_day_later(
    twilio: Twilio, settings: Settings, clock: Clock
) -> None:
    settings.SMS_BUDGET = 4
    of = haircut(name="Środa", capacity=9)
    booked(of, contact=ann(email=""), actor=MIA)
    booked(of, contact=ann(phone="+491707654321", email=""), actor=MIA)

    left(twilio)
    assert sum(segments(words) for _, words in twilio.texts) == 3
    assert text_row().error == "Not sent: the budget for text messages of 24 hours is spent."

    clock.now = NOW + timedelta(hours=24)
    outbox.replay(Message.objects.filter(pk=text_row().pk), now=clock.now)
    assert len(left(twilio)) == 2


def test_what_was_refused_is_not_counted(twilio: Twilio, settings: Settings) -> None:
    settings.SMS_BUDGET = 1
    twilio.landlines = {ANN}
    of = haircut(capacity=9)
    booked(of)
    booked(of, contact=ann(phone="+491707654321"))

    assert len(left(twilio)) == 1


def test_a_gateway_that_is_busy_gets_the_text_later(twilio: Twilio, clock: Clock) -> None:
    twilio.busy, twilio.retry_after = 1, "600"
    booked()

    assert left(twilio) == []
    row = text_row()
    assert (row.state, row.error) == ("retrying", "20429 Too Many Requests")
    assert row.due_at >= NOW + timedelta(minutes=10)
    clock.now = row.due_at
    assert len(left(twilio)) == 1
    assert Message.objects.get(pk=row.pk).segments == 1


def test_without_a_gateway_texts_are_files(settings: Settings, tmp_path: Path) -> None:
    settings.SMS, settings.SMS_DIR = None, tmp_path / "sms"
    booked()

    sender.send_due()

    (file,) = settings.SMS_DIR.iterdir()
    assert "Salon Möwe: Haircut" in file.read_text()
    assert sms.gateway().name == "file"


def test_a_text_waits_for_the_one_before_it(twilio: Twilio, clock: Clock) -> None:
    twilio.busy = 1
    booking = booked()
    left(twilio)
    commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)

    assert left(twilio) == []
    clock.now = NOW + timedelta(minutes=5)
    assert ["confirmed" in words for words in left(twilio)] == [True, False]


def test_the_words_of_a_rule_have_their_blanks_filled() -> None:
    booking = make.booking(contact=make.contact(name="{{ staff }} Jo"))
    rule = make.reminder(booking.appointment.service, text="Ahoy {{ name }}, {{ time }}! {{ x }}")
    message = Message(
        business=booking.business, booking=booking, reminder=rule, topic="reminder", outlet="sms"
    )

    words = short.worded(message, booking, link="")

    assert "Ahoy {{ staff }} Jo, 10:00! {{ x }}" in words
