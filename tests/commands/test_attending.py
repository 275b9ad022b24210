"""The day itself: here, not here, done."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Decision, decisions_about
from bookings.errors import NotYet, WrongState
from bookings.models import Booking, Event
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "desk@example.org")
THEN = at("10:10")
MINUTE = timedelta(minutes=1)


def marks(booking: Booking) -> tuple[bool, bool, bool]:
    booking = Booking.objects.get(pk=booking.pk)
    return (
        booking.checked_in_at is not None,
        booking.completed_at is not None,
        booking.no_show_at is not None,
    )


def test_a_customer_comes_and_is_served():
    booking = make.booking()

    commands.check_in(booking=booking, now=THEN, actor=DESK)
    commands.complete(booking=booking, now=THEN + timedelta(minutes=20), actor=DESK)

    assert marks(booking) == (True, True, False)
    kinds = Event.objects.order_by("version").values_list("kind", "actor")
    assert list(kinds) == [
        ("booking.confirmed", "customer"),
        ("booking.checked_in", "staff:desk@example.org"),
        ("booking.completed", "staff:desk@example.org"),
    ]


def test_a_no_show_can_be_taken_back_and_a_late_arrival_undoes_it():
    booking = make.booking()

    commands.mark_no_show(booking=booking, now=THEN, actor=DESK)
    assert marks(booking) == (False, False, True)
    commands.clear_no_show(booking=booking, now=THEN, actor=DESK)
    assert marks(booking) == (False, False, False)
    commands.mark_no_show(booking=booking, now=THEN, actor=DESK)
    commands.check_in(booking=booking, now=THEN, actor=DESK)
    assert marks(booking) == (True, False, False)


def test_nothing_is_done_before_it_has_started():
    booking = make.booking()

    with pytest.raises(NotYet):
        commands.complete(booking=booking, now=booking.appointment.starts_at - MINUTE, actor=DESK)

    assert marks(booking) == (False, False, False)
    commands.complete(booking=booking, now=booking.appointment.starts_at, actor=DESK)
    assert marks(booking) == (False, True, False)


def test_what_was_noted_by_mistake_is_taken_back_step_by_step():
    booking = make.booking()

    commands.check_in(booking=booking, now=THEN, actor=DESK)
    commands.complete(booking=booking, now=THEN, actor=DESK)
    with pytest.raises(WrongState):
        commands.clear_check_in(booking=booking, now=THEN, actor=DESK)
    commands.clear_completion(booking=booking, now=THEN, actor=DESK)
    assert marks(booking) == (True, False, False)
    commands.clear_check_in(booking=booking, now=THEN, actor=DESK)
    assert marks(booking) == (False, False, False)

    for act in (commands.clear_check_in, commands.clear_completion, commands.clear_no_show):
        with pytest.raises(WrongState):
            act(booking=booking, now=THEN, actor=DESK)


def test_who_was_served_did_come():
    booking = make.booking()
    commands.complete(booking=booking, now=THEN, actor=DESK)

    with pytest.raises(WrongState):
        commands.mark_no_show(booking=booking, now=THEN, actor=DESK)


@pytest.mark.parametrize("act", [commands.check_in, commands.complete, commands.mark_no_show])
def test_a_repeated_click_says_nothing_new(act):
    booking = make.booking()
    first = act(booking=booking, now=THEN, actor=DESK)

    again = act(booking=booking, now=THEN + timedelta(minutes=5), actor=DESK)

    assert (again.checked_in_at, again.completed_at, again.no_show_at) == (
        first.checked_in_at,
        first.completed_at,
        first.no_show_at,
    )
    assert Event.objects.count() == 2


def test_nobody_has_failed_to_come_before_the_start():
    with pytest.raises(NotYet):
        commands.mark_no_show(booking=make.booking(), now=at("09:59"), actor=DESK)


def test_what_is_not_so_cannot_be_taken_back():
    with pytest.raises(WrongState):
        commands.clear_no_show(booking=make.booking(), now=THEN, actor=DESK)


def test_an_older_look_at_the_booking_does_not_decide():
    booking = make.booking()
    stale = Booking.objects.select_related("appointment").get(pk=booking.pk)
    commands.check_in(booking=booking, now=THEN, actor=DESK)

    with pytest.raises(WrongState):
        commands.mark_no_show(booking=stale, now=THEN, actor=DESK)

    assert marks(booking) == (True, False, False)


def test_a_booking_that_has_moved_is_marked_where_it_is_now():
    service = make.service(capacity=4)
    make.booking(service)
    booking = make.booking(service)
    stale = Booking.objects.select_related("appointment").get(pk=booking.pk)
    moved = commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW)

    with pytest.raises(NotYet):
        commands.mark_no_show(booking=stale, now=THEN, actor=DESK)
    commands.check_in(booking=stale, now=THEN, actor=DESK)

    assert Event.objects.get(kind="booking.checked_in").appointment == moved.appointment


@pytest.mark.parametrize("act", [commands.check_in, commands.complete, commands.mark_no_show])
def test_a_cancelled_booking_takes_no_mark(act):
    booking = make.booking()
    commands.cancel_booking(booking=booking, now=NOW)

    with pytest.raises(WrongState):
        act(booking=booking, now=THEN, actor=DESK)

    assert marks(booking) == (False, False, False)


@pytest.mark.parametrize("now", [at("09:59"), at("10:00")])
@pytest.mark.parametrize(
    "marked",
    [
        [],
        [commands.check_in],
        [commands.complete],
        [commands.check_in, commands.complete],
        [commands.mark_no_show],
    ],
)
def test_no_mark_that_is_offered_is_refused(marked, now: datetime):
    booking = make.booking()
    for act in marked:
        booking = act(booking=booking, now=THEN, actor=DESK)

    offered = decisions_about(booking, starts_at=booking.appointment.starts_at, now=now)

    assert Decision.CANCEL in offered
    for decision in offered - {Decision.CANCEL}:
        with transaction.atomic():
            getattr(commands, decision.value)(booking=booking, now=now, actor=DESK)
            transaction.set_rollback(True)


def test_a_request_is_answered_or_cancelled_and_what_is_over_offers_nothing():
    booking = make.booking(make.service(needs_approval=True))
    times = {"starts_at": booking.appointment.starts_at, "now": NOW}

    assert decisions_about(booking, **times) == {"cancel", "approve", "decline"}
    declined = commands.decline(booking=booking, now=NOW, actor=DESK)
    assert decisions_about(declined, **times) == set()
