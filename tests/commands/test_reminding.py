"""Reminders and follow-ups: planned with the appointment, moved with it, gone with it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings import commands
from bookings.commands import Actor, reminding
from bookings.models import Appointment, Booking, Message, Replanning, Service
from tests import make
from tests.at_once import outcomes_at_once
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JO, BOB = "jo@example.org", "bob@example.org"


def service(**fields: object) -> Service:
    """Return a service that Ann offers, and that reminds its customers the day before."""
    business = make.business()
    ann = make.staff(business, name="Ann", email="ann@business.example")
    made = make.service(business, by=[ann], **{"cancellation_notice": timedelta(0)} | fields)
    make.reminder(made)
    return made


def booked(of: Service, email: str = JO, **fields: object) -> Booking:
    """Return a booking three days from now at ten, unless told otherwise."""
    values = {"starts_at": at("10:00", days=3), "contact": make.contact(email=email)}
    return make.booking(of, **values | fields)


def waiting() -> list[tuple[str, str, datetime]]:
    """Return what is planned and not yet sent: topic, address and when, soonest first."""
    rows = Message.objects.filter(topic__in=reminding.TOPICS, sent_at=None, dropped_at=None)
    return list(rows.order_by("due_at", "address").values_list("topic", "address", "due_at"))


def sent(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(sent_at=NOW)


def test_a_booking_plans_its_reminders_and_follow_ups():
    made = service()
    make.reminder(made, kind="follow_up", offset=2 * DAY)
    make.reminder(made, offset=2 * HOUR, recipients="all")

    booking = booked(made)

    assert waiting() == [
        ("reminder", JO, at("10:00", days=2)),
        ("reminder", "ann@business.example", at("08:00", days=3)),
        ("reminder", JO, at("08:00", days=3)),
        ("follow_up", JO, at("10:30", days=5)),
    ]
    to_customer = Message.objects.filter(topic="reminder", address=JO)
    assert {message.booking for message in to_customer} == {booking}
    to_staff = Message.objects.get(topic="reminder", audience="staff")
    assert (to_staff.booking, to_staff.appointment) == (None, booking.appointment)


def test_what_should_have_left_by_now_is_not_planned():
    made = service()
    make.reminder(made, offset=2 * HOUR)

    booked(made, starts_at=at("12:00", days=0))

    assert waiting() == [("reminder", JO, at("10:00", days=0))]


def test_texts_are_planned_for_who_agreed_to_them():
    made = service(sends_sms=True)
    made.reminders.update(channel="both")
    booking = booked(made)
    Booking.objects.filter(pk=booking.pk).update(sms_number="+4915112345678")

    reminding.plan([booking.appointment], now=NOW)

    assert {address for _, address, _ in waiting()} == {JO, "+4915112345678"}
    assert Message.objects.get(address="+4915112345678").outlet == "sms"


def test_a_request_is_reminded_of_once_it_is_approved():
    booking = booked(service(needs_approval=True))
    before = waiting()

    commands.approve(booking=booking, now=NOW, actor=DESK)

    assert (before, waiting()) == ([], [("reminder", JO, at("10:00", days=2))])


def test_a_held_place_is_reminded_of_once_it_is_booked():
    made = service()
    held = commands.hold(service=made, starts_at=at("10:00", days=3), now=NOW)
    before = waiting()

    booked(made, hold=held.token)

    assert (before, waiting()) == ([], [("reminder", JO, at("10:00", days=2))])


def test_a_move_takes_the_reminder_along_and_back_again_without_a_second_one():
    booking = booked(service())

    commands.reschedule(booking=booking, starts_at=at("15:00", days=5), now=NOW)
    moved = waiting()
    commands.reschedule(booking=booking, starts_at=at("10:00", days=3), now=NOW)
    back = waiting()

    assert moved == [("reminder", JO, at("15:00", days=4))]
    assert back == [("reminder", JO, at("10:00", days=2))]
    assert Message.objects.filter(topic="reminder").count() == 2


def test_what_has_left_does_not_leave_again_after_a_move_away_and_back():
    made = service()
    booking = booked(made)
    sent(Message.objects.get(topic="reminder"))

    commands.reschedule(booking=booking, starts_at=at("15:00", days=5), now=NOW)
    commands.reschedule(booking=booking, starts_at=at("10:00", days=3), now=NOW)

    assert waiting() == []


def test_a_move_of_everybody_takes_all_reminders_along():
    made = service(capacity=3)
    make.reminder(made, offset=2 * HOUR, recipients="staff")
    booking = booked(made)
    booked(made, BOB)

    commands.reschedule_appointment(
        appointment=booking.appointment, starts_at=at("15:00", days=5), now=NOW, actor=DESK
    )

    assert waiting() == [
        ("reminder", BOB, at("15:00", days=4)),
        ("reminder", JO, at("15:00", days=4)),
        ("reminder", "ann@business.example", at("13:00", days=5)),
    ]


def test_who_leaves_a_group_takes_only_their_own_reminder_along():
    made = service(capacity=3)
    make.reminder(made, offset=2 * HOUR, recipients="staff")
    booking = booked(made)
    booked(made, BOB)

    commands.reschedule(booking=booking, starts_at=at("15:00", days=5), now=NOW)

    assert waiting() == [
        ("reminder", BOB, at("10:00", days=2)),
        ("reminder", "ann@business.example", at("08:00", days=3)),
        ("reminder", JO, at("15:00", days=4)),
        ("reminder", "ann@business.example", at("13:00", days=5)),
    ]


def test_another_person_is_reminded_when_the_appointment_is_theirs():
    made = service()
    make.reminder(made, offset=2 * HOUR, recipients="staff")
    cem = make.staff(made.business, email="cem@business.example")
    made.links.create(resource=cem, priority=2)
    ann = made.resources.get(name="Ann")
    booking = booked(made, staff=ann)

    def address_after(staff) -> str:
        commands.reassign(appointment=booking.appointment, staff=staff, now=NOW, actor=DESK)
        return waiting()[-1][1]

    assert [address_after(cem), address_after(ann)] == [cem.email, ann.email]
    assert len(waiting()) == 2


@pytest.mark.parametrize("whole", [False, True])
def test_a_cancellation_takes_the_reminders_away(whole: bool):
    made = service()
    make.reminder(made, offset=2 * HOUR, recipients="all")
    booking = booked(made)

    if whole:
        commands.cancel_appointment(appointment=booking.appointment, now=NOW, actor=DESK)
    else:
        commands.cancel_booking(booking=booking, now=NOW)

    assert waiting() == []


def test_the_last_customer_who_cancels_takes_the_reminder_of_staff_away_and_not_before():
    made = service(capacity=3)
    made.reminders.update(recipients="all")
    first, second = booked(made), booked(made, BOB)

    commands.cancel_booking(booking=first, now=NOW)
    left = {address for _, address, _ in waiting()}
    commands.cancel_booking(booking=second, now=NOW)

    assert (left, waiting()) == ({BOB, "ann@business.example"}, [])


def test_staff_who_want_no_mail_are_not_reminded():
    made = service()
    made.reminders.update(recipients="staff")
    made.resources.update(is_notified=False)

    booked(made)

    assert waiting() == []


def test_who_is_added_to_a_group_is_reminded_too():
    made = service(capacity=3)
    booking = booked(made)

    commands.add_attendee(
        appointment=booking.appointment, contact=make.contact(email=BOB), now=NOW, actor=DESK
    )

    assert {address for _, address, _ in waiting()} == {JO, BOB}


def test_a_decision_leaves_what_is_late_or_held_by_a_sender_alone():
    made = service(capacity=3)
    booked(made)
    reminder = Message.objects.get(topic="reminder")
    later = reminder.due_at + timedelta(minutes=1)
    reminder.leased_until = later + timedelta(seconds=80)
    reminder.attempts = 1
    reminder.save()

    booked(made, BOB, now=later)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.attempts) == ("retrying", 1)
    assert [address for _, address, _ in waiting()] == [JO]


def test_planning_costs_two_statements_whatever_there_is_to_plan():
    made = service(capacity=9)
    for offset in range(2, 6):
        make.reminder(made, offset=offset * HOUR, recipients="all")
    bookings = [booked(made, f"c{number}@example.org") for number in range(5)]

    with CaptureQueriesContext(connection) as captured:
        reminding.plan([bookings[0].appointment], now=NOW)

    assert len(captured) == 2
    assert len(waiting()) == 5 * 5 + 4


def test_where_there_is_nothing_to_plan_it_costs_one_query():
    quiet = service()
    quiet.reminders.all().delete()
    made = booked(quiet).appointment

    with CaptureQueriesContext(connection) as captured:
        reminding.plan([made], now=NOW)

    assert len(captured) == 1


def change_rules(of: Service, now: datetime = NOW, **fields: object) -> None:
    """Change the rules of a service as the admin does: what they are, after the announcement."""
    with transaction.atomic():
        commands.expect_new_rules(services=[of], now=now)
        of.reminders.update(**fields)


def test_new_rules_reach_the_appointments_that_are_booked_already():
    made = service()
    booked(made)
    booked(made, BOB, starts_at=at("11:00", days=3))

    change_rules(made, offset=2 * HOUR)
    count = commands.replan(now=NOW)

    assert count == 2
    assert waiting() == [
        ("reminder", JO, at("08:00", days=3)),
        ("reminder", BOB, at("09:00", days=3)),
    ]


def test_a_rule_that_is_gone_takes_its_messages_away():
    made = service()
    booked(made)

    with transaction.atomic():
        commands.expect_new_rules(services=[made], now=NOW)
        made.reminders.all().delete()
    commands.replan(now=NOW)

    assert waiting() == []


def test_a_rule_that_changes_after_its_message_has_left_says_nothing_again():
    made = service()
    booked(made)
    sent(Message.objects.get(topic="reminder"))

    change_rules(made, offset=2 * HOUR)
    commands.replan(now=NOW)

    assert waiting() == []


def test_new_rules_say_nothing_of_what_is_over():
    made = service()
    made.reminders.all().delete()
    booked(made, starts_at=at("10:00", days=0))
    later = at("12:00", days=0)

    with transaction.atomic():
        commands.expect_new_rules(services=[made], now=later)
        make.reminder(made, kind="follow_up", offset=DAY)
    count = commands.replan(now=later)

    assert (count, waiting()) == (0, [])


def test_changed_rules_are_planned_at_once_and_once_more_when_all_has_settled():
    made = service()
    booked(made)
    change_rules(made, offset=2 * HOUR)

    passes = [commands.replan(now=NOW + timedelta(seconds=after)) for after in (0, 10, 125, 130)]

    assert passes == [1, 0, 1, 0]
    assert not Replanning.objects.exists()


def test_the_second_pass_catches_what_was_booked_by_the_old_rules_or_dropped_on_the_way():
    made = service()
    booked(made)
    change_rules(made, offset=2 * HOUR)
    commands.replan(now=NOW)
    Message.objects.filter(topic="reminder").update(dropped_at=NOW)

    commands.replan(now=NOW + reminding.SETTLING)

    assert waiting() == [("reminder", JO, at("08:00", days=3))]


def test_a_change_amid_the_planning_starts_it_anew():
    made = service()
    booked(made)
    change_rules(made)
    commands.replan(now=NOW)
    later = NOW + timedelta(seconds=90)

    change_rules(made, now=later, offset=2 * HOUR)

    assert commands.replan(now=later) == 1
    assert commands.replan(now=NOW + reminding.SETTLING) == 0
    assert Replanning.objects.exists()


def test_many_appointments_are_planned_again_in_batches(monkeypatch):
    monkeypatch.setattr(reminding, "BATCH", 2)
    made = service()
    for number in range(5):
        booked(made, starts_at=at("10:00", days=3 + number))
    change_rules(made, offset=2 * HOUR)

    assert commands.replan(now=NOW) == 5
    assert {due.hour for _, _, due in waiting()} == {8}


@pytest.mark.django_db(transaction=True)
def test_decisions_and_changes_of_rules_at_the_same_moment_harm_nobody():
    made = service(capacity=30)
    appointment = booked(made).appointment

    def join(number: int) -> None:
        booked(made, f"c{number}@example.org")

    def change() -> None:
        with transaction.atomic():
            commands.expect_new_rules(services=[made], now=NOW)
            made.reminders.all().delete()
            make.reminder(made, offset=3 * HOUR)
        commands.replan(now=NOW)

    outcomes = outcomes_at_once(*(partial(join, number) for number in range(4)), change)
    commands.replan(now=NOW + reminding.SETTLING)

    assert outcomes == ["done"] * 5
    assert [due for _, _, due in waiting()] == [at("07:00", days=3)] * 5
    assert Appointment.objects.get(pk=appointment.pk).seats_taken == 5


def test_staff_with_a_new_address_are_reminded_there():
    made = service()
    made.reminders.update(recipients="staff")
    booked(made)
    ann = made.resources.get()

    commands.change_staff(
        resource=ann, fields={"email": "new@business.example"}, now=NOW, actor=DESK
    )
    commands.replan(now=NOW)

    assert waiting() == [("reminder", "new@business.example", at("10:00", days=2))]


def test_erasing_somebody_who_left_a_group_keeps_the_reminders_of_the_others():
    made = service(capacity=3)
    made.reminders.update(recipients="all")
    gone = booked(made)
    booked(made, BOB)
    commands.cancel_booking(booking=gone, now=NOW)
    before = Message.objects.get(topic="reminder", audience="staff").key

    commands.erase_customer(customer=gone.customer, now=NOW, actor=DESK)

    assert Message.objects.get(topic="reminder", audience="staff").key == before
    assert {address for _, address, _ in waiting()} == {BOB, "ann@business.example"}
    assert not Message.objects.filter(address=JO).exists()
