"""What reminders and follow-ups say, when they leave, and when they no longer do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from bookings import commands
from bookings.commands import Actor
from bookings.models import Booking, Customer, Message, Reminder, Service
from bookings.tasks import deliver
from tests import make
from tests.conftest import Clock
from tests.make import NOW, at
from tests.test_letters import calendar, everything, opening

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
JO, ANN, BOX = "jo@example.org", "ann@example.org", "salon@example.org"
START = at("10:00", days=3)


def cut(**fields: object) -> Service:
    """Return a service of a salon that Ann offers."""
    business = make.business(name="Salon", slug="salon", mailbox=BOX)
    ann = make.staff(business, name="Ann", email=ANN)
    values = {"name": "Cut", "cancellation_notice": timedelta(0)}
    return make.service(business, by=[ann], **values | fields)


def booked(of: Service, **fields: object) -> Booking:
    """Return Jo's booking in three days at ten."""
    values = {"starts_at": START, "contact": make.contact(name="Jo", email=JO)}
    return make.booking(of, **values | fields)


def left(clock: Clock, now: datetime) -> dict[str, EmailMultiAlternatives]:
    """Send what is due at a moment and return the mails by address."""
    clock.now = now
    mail.outbox.clear()
    deliver()
    return {letter.to[0]: letter for letter in mail.outbox}


def test_a_reminder_leaves_in_its_minute_once_and_says_what_is_booked(clock):
    service = cut(confirmation_note="Bring a towel.")
    rule = make.reminder(service, text="See you!\nThe door is green.")
    booking = booked(service)
    left(clock, NOW)

    early, due = left(clock, START - DAY - MINUTE), left(clock, START - DAY)
    again = left(clock, START - DAY + MINUTE)

    assert (set(early), set(due), set(again)) == (set(), {JO}, set())
    letter = due[JO]
    assert letter.subject == "Reminder: Cut, Thu 6 Mar 2031, 10:00"
    assert opening(letter) == (
        "This is a reminder of your appointment with Salon. We look forward to seeing you."
    )
    assert rule.text in letter.body
    assert "Bring a towel." in letter.body
    assert booking.reference in letter.body
    assert f"{settings.PUBLIC_URL}/m/" in letter.body
    assert calendar(letter) is None
    assert "See you!<br>The door is green." in str(letter.alternatives[0][0])


def test_staff_are_reminded_of_everybody_who_comes(clock):
    service = cut(capacity=3)
    make.reminder(service, recipients="staff", offset=HOUR)
    booked(service)
    kim = booked(service, contact=make.contact(name="Kim", email="kim@example.org"))
    commands.write_notes(appointment=kim.appointment, text="Blue chair", now=NOW, actor=DESK)
    left(clock, NOW)

    letters = left(clock, START - HOUR)

    assert set(letters) == {ANN}
    assert opening(letters[ANN]) == "Jo, Kim will be here for Cut."
    assert "Blue chair" in letters[ANN].body
    assert "/m/" not in letters[ANN].body
    assert "/u/" not in letters[ANN].body


def test_a_follow_up_thanks_who_came_and_offers_the_next_time(clock):
    service = cut(location_kind="online", join_link="https://meet.example/x")
    make.reminder(service, kind="follow_up", offset=2 * HOUR, recipients="all", text="How was it?")
    booked(service)
    left(clock, NOW)

    letters = left(clock, START + 2 * HOUR + 30 * MINUTE)

    assert set(letters) == {JO, ANN}
    assert letters[JO].subject == "Thank you for coming: Cut, Thu 6 Mar 2031, 10:00"
    assert "How was it?" in letters[JO].body
    assert "Book again:\nhttp" in letters[JO].body
    assert "meet.example" not in everything(letters[JO])
    assert opening(letters[ANN]) == "Jo was here for Cut."


def test_who_did_not_come_is_not_thanked(clock):
    service = cut()
    make.reminder(service, kind="follow_up", offset=HOUR)
    booking = booked(service)
    commands.mark_no_show(booking=booking, now=START + MINUTE, actor=DESK)
    left(clock, NOW)

    assert left(clock, START + 2 * HOUR) == {}


def test_a_reconfirmation_asks_with_a_button_for_each_answer(clock):
    service = cut()
    make.reminder(service, kind="reconfirmation", offset=2 * DAY)
    booked(service)
    left(clock, NOW)

    letter = left(clock, START - 2 * DAY)[JO]

    assert letter.subject == "Will you come? Cut, Thu 6 Mar 2031, 10:00"
    assert letter.body.count(f"{settings.PUBLIC_URL}/a/") == 2
    assert "Yes, I will come:" in letter.body


def test_who_has_said_they_will_come_is_not_asked(clock):
    service = cut()
    make.reminder(service, kind="reconfirmation", offset=DAY)
    booking = booked(service)
    commands.reconfirm(booking=booking, now=NOW)
    left(clock, NOW)

    assert left(clock, START - DAY) == {}


def test_a_sender_that_was_down_sends_the_reminder_while_it_is_still_of_use(clock):
    service = cut()
    make.reminder(service)
    booked(service)
    left(clock, NOW)

    assert set(left(clock, START - MINUTE)) == {JO}


def test_a_reminder_that_comes_up_after_the_start_is_dropped(clock):
    service = cut()
    make.reminder(service)
    booked(service)
    left(clock, NOW)

    assert left(clock, START) == {}
    assert Message.objects.get(topic="reminder").state == "dropped"


def hold_in_a_sender() -> Message:
    """Return the reminder as a sender holds it that has claimed it just now."""
    reminder = Message.objects.get(topic="reminder")
    Message.objects.filter(pk=reminder.pk).update(leased_until=START, attempts=1)
    return reminder


def let_go(reminder: Message) -> None:
    Message.objects.filter(pk=reminder.pk).update(leased_until=None, dropped_at=None)


@pytest.mark.parametrize("what", ["cancelled", "moved", "rule gone", "rule later", "opted out"])
def test_a_reminder_that_a_sender_holds_already_is_judged_again(clock, what: str):
    service = cut()
    rule = make.reminder(service)
    booking = booked(service)
    left(clock, NOW)
    reminder = hold_in_a_sender()
    now = START - DAY

    if what == "cancelled":
        commands.cancel_booking(booking=booking, now=now)
    elif what == "moved":
        commands.reschedule(booking=booking, starts_at=START + 2 * DAY, now=now)
    elif what == "rule gone":
        rule.delete()
    elif what == "rule later":
        Reminder.objects.update(offset=HOUR)
    else:
        commands.opt_out(customer=booking.customer, now=now)
    let_go(reminder)
    letters = left(clock, now)

    assert [each for each in letters.values() if each.subject.startswith("Reminder")] == []
    reminder.refresh_from_db()
    assert reminder.state == "dropped"


def test_staff_who_no_longer_serve_or_want_no_mail_are_not_reminded(clock):
    service = cut()
    make.reminder(service, recipients="staff")
    booked(service)
    left(clock, NOW)

    service.resources.update(is_notified=False)

    assert left(clock, START - DAY) == {}


def test_a_reminder_is_on_the_customers_own_clock(clock):
    service = cut()
    make.reminder(service)
    booked(service, contact=make.contact(name="Jo", email=JO, zone="Pacific/Auckland"))
    left(clock, NOW)

    letter = left(clock, START - DAY)[JO]

    assert letter.subject == "Reminder: Cut, Thu 6 Mar 2031, 23:00"
    assert "Thursday 6 March 2031, 23:00–23:30 (Pacific/Auckland)" in letter.body


def test_customers_of_a_group_never_read_of_each_other(clock):
    service = cut(capacity=5)
    for kind in ("reminder", "reconfirmation", "follow_up"):
        make.reminder(service, kind=kind, offset=HOUR)
    bookings = {
        name: booked(
            service,
            contact=make.contact(
                name=f"{name}canary",
                email=f"{name}@{name}canary.example",
                phone="",
                notes=f"note of {name}canary",
            ),
        )
        for name in ("one", "two", "three")
    }
    appointment = bookings["one"].appointment
    letters = _all(clock, NOW)
    commands.reschedule_appointment(
        appointment=appointment, starts_at=START + DAY, now=NOW, actor=DESK
    )
    letters += _all(clock, NOW)
    commands.cancel_booking(booking=bookings["one"], now=NOW, actor=DESK)
    letters += _all(clock, NOW)
    letters += _all(clock, START + DAY - HOUR)
    letters += _all(clock, START + DAY + 2 * HOUR)
    commands.cancel_booking(booking=bookings["two"], now=NOW)
    commands.cancel_appointment(appointment=appointment, now=NOW, actor=DESK)
    letters += _all(clock, START + DAY + 2 * HOUR)

    to_customers = [letter for letter in letters if "canary" in letter.to[0]]
    topics = Message.objects.filter(audience="customer", sent_at__isnull=False)
    assert set(topics.values_list("topic", flat=True)) == {
        *("confirmed", "changed", "removed", "reminder", "reconfirmation", "follow_up", "cancelled")
    }
    for letter in to_customers:
        own = letter.to[0].partition("@")[0]
        said = letter.subject + everything(letter)
        assert f"{own}canary" in said
        assert [name for name in bookings if name != own and f"{name}canary" in said] == []


def _all(clock: Clock, now: datetime) -> list[EmailMultiAlternatives]:
    clock.now = now
    mail.outbox.clear()
    deliver()
    return list(mail.outbox)


def test_news_leave_also_to_who_wants_no_reminders(clock):
    service = cut()
    make.reminder(service)
    booking = booked(service)
    commands.opt_out(customer=booking.customer, now=NOW)

    confirmed = left(clock, NOW)
    reminded = left(clock, START - DAY)
    commands.cancel_booking(booking=booking, now=START - DAY)
    cancelled = left(clock, START - DAY)

    assert (JO in confirmed, reminded, JO in cancelled) == (True, {}, True)
    assert Message.objects.get(topic="reminder").error == (
        "The customer wants nothing but news of their bookings."
    )


def test_who_opts_in_again_is_reminded_again(clock):
    service = cut()
    make.reminder(service)
    booking = booked(service)
    commands.opt_out(customer=booking.customer, now=NOW)
    commands.opt_in(customer=Customer.objects.get(), now=NOW)
    left(clock, NOW)

    assert set(left(clock, START - DAY)) == {JO}


def test_letters_that_can_be_refused_say_how_by_one_click_and_news_do_not(clock, settings):
    settings.PUBLIC_URL = "https://book.example"
    service = cut()
    make.reminder(service)
    booked(service)

    confirmed, reminder = left(clock, NOW)[JO], left(clock, START - DAY)[JO]

    link = reminder.extra_headers["List-Unsubscribe"]
    assert link.startswith("<https://book.example/u/")
    assert link.endswith("/>")
    assert reminder.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.strip("<>") in reminder.body
    assert link.strip("<>") in str(reminder.alternatives[0][0])
    assert "List-Unsubscribe" not in confirmed.extra_headers
    assert "/u/" not in everything(confirmed)


def test_one_click_is_not_promised_without_https(clock, settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    service = cut()
    make.reminder(service)
    booked(service)
    left(clock, NOW)

    headers = left(clock, START - DAY)[JO].extra_headers

    assert "List-Unsubscribe" in headers
    assert "List-Unsubscribe-Post" not in headers


def test_who_is_taken_out_of_a_group_by_staff_is_told_so_and_the_mailbox_is_not(clock):
    service = cut(capacity=3)
    booking = booked(service)
    booked(service, contact=make.contact(name="Kim", email="kim@example.org"))
    left(clock, NOW)

    commands.cancel_booking(booking=booking, reason="Double", now=NOW, actor=DESK)
    letters = left(clock, NOW)

    assert set(letters) == {JO, ANN}
    assert letters[JO].subject == "Removed: Cut, Thu 6 Mar 2031, 10:00"
    assert opening(letters[JO]) == (
        "Salon has removed you from this appointment, which goes on with the others. We are sorry."
    )
    assert "  Reason: Double" in letters[JO].body.splitlines()
    assert "Book another time:" in letters[JO].body
    assert calendar(letters[JO])[0] == "CANCEL"
    assert opening(letters[ANN]) == (
        "Jo was removed from Cut. The appointment itself goes on with the others."
    )
    method, event = calendar(letters[ANN])
    assert (method, str(event["ATTENDEE"])) == ("REQUEST", "mailto:kim@example.org")


def test_the_last_one_of_a_group_and_who_leaves_of_their_own_are_cancelled_as_ever(clock):
    service = cut(capacity=3)
    first = booked(service)
    second = booked(service, contact=make.contact(name="Kim", email="kim@example.org"))
    left(clock, NOW)

    commands.cancel_booking(booking=first, now=NOW)
    own = left(clock, NOW)
    commands.cancel_booking(booking=second, now=NOW, actor=DESK)
    last = left(clock, NOW)

    assert set(own) == {JO, ANN, BOX}
    assert {each.subject.split(":")[0] for each in (*own.values(), *last.values())} == {"Cancelled"}


def test_a_reminder_sent_again_by_hand_says_it_again_unless_the_time_has_changed(clock):
    service = cut()
    make.reminder(service)
    booking = booked(service)
    left(clock, NOW)
    now = START - DAY
    left(clock, now)
    reminder = Message.objects.get(topic="reminder")

    commands.resend(message=reminder, now=now, actor=DESK)
    again = left(clock, now)
    commands.reschedule(booking=booking, starts_at=START + 2 * DAY, now=now)
    left(clock, now)
    commands.resend(message=reminder, now=now, actor=DESK)

    assert set(again) == {JO}
    assert left(clock, now) == {}


def test_the_queue_is_served_in_time_while_thousands_wait_for_later_days(clock):
    service = cut()
    make.reminder(service)
    booking = booked(service)
    Message.objects.bulk_create(
        Message(
            key=f"later-{number}",
            business=service.business,
            appointment=booking.appointment,
            audience="customer",
            address=f"c{number}@example.org",
            topic="reminder",
            due_at=datetime(2032, 1, 1, tzinfo=UTC),
        )
        for number in range(3000)
    )
    left(clock, NOW)

    assert set(left(clock, START - DAY)) == {JO}
    assert Message.objects.filter(sent_at=None, dropped_at=None).count() == 3000
