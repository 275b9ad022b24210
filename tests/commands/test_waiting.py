"""Waiting lists: who gets a place that has become free, for how long, and what comes after."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from bookings import commands
from bookings.commands import Actor, offering
from bookings.errors import (
    AlreadyWaiting,
    Full,
    HoldExpired,
    Invalid,
    NotBookable,
    PartyTooLarge,
    PlacesLeft,
    StillComing,
    TooManyOpen,
    TooSoon,
    WrongState,
)
from bookings.models import Appointment, Booking, Claim, Event, Message, Service
from bookings.queries import availability
from tests import make
from tests.at_once import at_once, outcomes_at_once
from tests.make import NOW, at
from tests.proofs import invariants

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
LATER = NOW + timedelta(hours=12)
"""When an offer made on Monday morning ends, for a session on Tuesday or later."""


def yoga(**fields: object) -> Service:
    values = {"capacity": 2, "has_waitlist": True, "name": "Yoga"}
    return make.service(**values | fields)


def full(service: Service | None = None, **fields: object) -> Appointment:
    """Return a session on Wednesday at ten in which all places are taken, each by one."""
    service = service or yoga(**fields)
    booked = [make.booking(service, starts_at=at("10:00", days=2)) for _ in range(service.capacity)]
    return booked[0].appointment


def wait(session: Appointment, name: str = "", **more: object) -> Booking:
    contact = make.contact(name=name, email=f"{name}@example.org") if name else make.contact()
    values = {"contact": contact, "answers": {}, "now": NOW}
    joined = commands.join_waitlist(appointment=session, **values | more)
    return joined.booking


def leave_a_place(session: Appointment, *, now: datetime = NOW) -> None:
    """Let one of those who are in the session cancel."""
    session = Appointment.objects.get(pk=session.pk)
    booking = session.bookings.filter(state="confirmed").earliest("pk")
    commands.cancel_booking(booking=booking, now=now, actor=DESK)


def states(session: Appointment) -> dict[str, str]:
    """Return the states of those who have waited, by name."""
    rows = Booking.objects.filter(appointment=session, events__kind="booking.waitlisted")
    return dict(rows.order_by("pk").values_list("name", "state"))


def seats(session: Appointment) -> int:
    return Appointment.objects.get(pk=session.pk).seats_taken


def kinds(booking: Booking) -> list[str]:
    return list(booking.events.order_by("version").values_list("kind", flat=True))


def letters(booking: Booking) -> list[str]:
    rows = Message.objects.filter(booking=booking, audience="customer").order_by("pk")
    return list(rows.values_list("topic", flat=True))


def test_who_joins_a_full_session_takes_no_place_and_is_told():
    session = full()

    ann = wait(session, "Ann")

    assert (ann.state, ann.waitlisted_at, seats(session)) == ("waitlisted", NOW, 2)
    assert (kinds(ann), letters(ann)) == (["booking.waitlisted"], ["waitlisted"])
    assert Message.objects.filter(booking=ann).count() == 1
    assert invariants.broken() == {}


def test_nobody_waits_where_there_are_places_or_no_list_or_twice():
    session = full()
    wait(session, "Ann")

    with pytest.raises(AlreadyWaiting):
        wait(session, "Ann")
    with pytest.raises(PartyTooLarge):
        wait(session, seats=3)
    with pytest.raises(Invalid) as refusal:
        wait(session, contact=make.contact(email=""), actor=DESK)
    assert set(refusal.value.fields) == {"email"}
    leave_a_place(session)
    commands.leave_waitlist(booking=Booking.objects.get(name="Ann"), now=NOW)
    with pytest.raises(PlacesLeft):
        wait(session)
    assert wait(session, seats=2).state == "waitlisted"
    with pytest.raises(NotBookable):
        wait(full(yoga(has_waitlist=False)))
    with pytest.raises(NotBookable):
        wait(make.booking(yoga(capacity=1)).appointment)


def test_nobody_waits_for_what_they_could_not_be_asked_about_in_time():
    session = full(minimum_lead=timedelta(hours=2))

    with pytest.raises(TooSoon):
        wait(session, now=at("07:31", days=2))
    assert wait(session, now=at("07:30", days=2)).state == "waitlisted"


@pytest.mark.parametrize("way", ["cancel", "decline", "move", "forget", "release"])
def test_a_place_that_becomes_free_is_kept_for_the_first_in_line(way: str):
    service = yoga(needs_approval=way == "decline")
    if way in ("forget", "release"):
        make.booking(service, starts_at=at("10:00", days=2))
        held = commands.hold(service=service, starts_at=at("10:00", days=2), now=NOW)
        session = held.booking.appointment
    else:
        session = full(service)
    ann, _ben = wait(session, "Ann"), wait(session, "Ben")
    first = session.bookings.earliest("pk")

    if way == "cancel":
        commands.cancel_booking(booking=first, now=NOW)
    elif way == "decline":
        commands.decline(booking=first, now=NOW, actor=DESK)
    elif way == "move":
        commands.reschedule(booking=first, starts_at=at("12:00", days=3), now=NOW)
    elif way == "forget":
        commands.sweep_expired(now=NOW + timedelta(minutes=6))
    else:
        commands.release(token=held.token, now=NOW)

    assert states(session) == {"Ann": "held", "Ben": "waitlisted"}
    ann.refresh_from_db()
    gap = timedelta(minutes=6) if way == "forget" else timedelta(0)
    assert (ann.is_offered, ann.expires_at) == (True, LATER + gap)
    assert (seats(session), letters(ann)) == (2, ["waitlisted", "offer"])
    event = ann.events.get(kind="booking.offered")
    assert (event.actor, event.data) == ("system", {"until": ann.expires_at.isoformat()})
    assert invariants.broken() == {}
    with pytest.raises(Full):
        make.booking(service, starts_at=at("10:00", days=2))


def test_the_first_whose_party_fits_is_asked():
    session = full()
    wait(session, "Ann", seats=2), wait(session, "Ben")

    leave_a_place(session)
    assert states(session) == {"Ann": "waitlisted", "Ben": "held"}

    leave_a_place(session)
    commands.leave_waitlist(booking=Booking.objects.get(name="Ben"), now=NOW)
    assert states(session) == {"Ann": "held", "Ben": "expired"}
    assert seats(session) == 2


def test_taking_the_place_is_a_booking_like_any_other():
    session = full()
    ann = wait(session, "Ann")
    leave_a_place(session)

    taken = commands.take_place(booking=ann, now=LATER - timedelta(seconds=1))
    again = commands.take_place(booking=ann, now=LATER)

    assert (taken.state, taken.expires_at, taken.waitlisted_at) == ("confirmed", None, None)
    assert again.state == "confirmed"
    assert kinds(ann)[1:] == ["booking.offered", "booking.confirmed"]
    told = Message.objects.filter(booking=ann, topic="confirmed")
    assert sorted(told.values_list("audience", flat=True)) == ["business", "customer", "staff"]
    assert (seats(session), set(Claim.objects.values_list("expires_at", flat=True))) == (2, {None})
    assert invariants.broken() == {}


def test_what_needs_approval_is_asked_for_when_it_is_taken_but_not_by_staff():
    session = full(needs_approval=True)
    ann, ben = wait(session, "Ann"), wait(session, "Ben")
    leave_requests(session)

    commands.take_place(booking=ann, now=NOW)
    commands.take_place(booking=ben, now=NOW, actor=DESK)

    assert states(session) == {"Ann": "pending", "Ben": "confirmed"}
    assert letters(ann)[-1] == "requested"


def leave_requests(session: Appointment) -> None:
    for booking in session.bookings.filter(state="pending"):
        commands.cancel_booking(booking=booking, now=NOW)


def test_an_offer_that_is_not_taken_in_time_goes_to_the_next():
    session = full()
    ann, _ben = wait(session, "Ann"), wait(session, "Ben")
    leave_a_place(session)

    assert commands.sweep_expired(now=LATER - timedelta(seconds=1)) == 0
    with pytest.raises(HoldExpired):
        commands.take_place(booking=ann, now=LATER)
    assert commands.sweep_expired(now=LATER) == 1

    assert states(session) == {"Ann": "expired", "Ben": "held"}
    assert (kinds(ann)[-1], letters(ann)[-1]) == ("booking.offer_expired", "waitlisted")
    assert seats(session) == 2
    with pytest.raises(HoldExpired):
        commands.take_place(booking=ann, now=LATER)
    assert commands.forget_expired(now=LATER + timedelta(days=9)) == 0
    assert invariants.broken() == {}


def test_who_does_not_want_the_place_leaves_it_to_the_next():
    session = full()
    ann, ben, cid = (wait(session, name) for name in ("Ann", "Ben", "Cid"))
    leave_a_place(session)

    commands.leave_waitlist(booking=ann, now=NOW)
    commands.leave_waitlist(booking=cid, reason="Ill", now=NOW, actor=DESK)
    commands.leave_waitlist(booking=cid, now=NOW)

    assert states(session) == {"Ann": "expired", "Ben": "held", "Cid": "expired"}
    assert kinds(ann)[-1] == "booking.offer_declined"
    assert kinds(cid)[1:] == ["booking.unlisted"]
    commands.take_place(booking=ben, now=NOW)
    with pytest.raises(WrongState):
        commands.leave_waitlist(booking=ben, now=NOW)


def test_an_offer_never_lasts_longer_than_half_the_time_that_is_left():
    session = full(cancellation_notice=timedelta(0))
    ann, ben = wait(session, "Ann"), wait(session, "Ben")

    leave_a_place(session, now=at("08:00", days=2))

    ann.refresh_from_db()
    assert ann.expires_at == at("09:00", days=2)
    commands.sweep_expired(now=at("09:00", days=2))
    ben.refresh_from_db()
    assert ben.expires_at == at("09:30", days=2)


def test_nobody_is_asked_when_it_is_too_late_and_a_session_without_anybody_is_over():
    session = full(cancellation_notice=timedelta(0))
    ann = wait(session, "Ann")

    leave_a_place(session, now=at("09:45", days=2))
    assert (states(session), seats(session)) == ({"Ann": "waitlisted"}, 1)
    leave_a_place(session, now=at("09:50", days=2))

    session.refresh_from_db()
    assert (session.state, states(session), Claim.objects.count()) == (
        "cancelled",
        {"Ann": "expired"},
        0,
    )
    assert letters(ann) == ["waitlisted", "waitlisted"]
    assert invariants.broken() == {}


def test_when_everybody_leaves_the_session_goes_on_for_those_who_wait():
    session = full()
    ann, _ben = wait(session, "Ann"), wait(session, "Ben")

    leave_a_place(session)
    leave_a_place(session)

    assert (states(session), seats(session)) == ({"Ann": "held", "Ben": "held"}, 2)
    assert Appointment.objects.get(pk=session.pk).state == "scheduled"
    assert Claim.objects.count() == 1
    commands.sweep_expired(now=LATER)
    session.refresh_from_db()
    assert (session.state, Claim.objects.count()) == ("cancelled", 0)
    with pytest.raises(HoldExpired):
        commands.take_place(booking=ann, now=LATER)
    assert invariants.broken() == {}


def test_who_is_alone_and_moves_leaves_the_session_to_those_who_wait():
    service = yoga()
    both = make.booking(service, seats=2, starts_at=at("10:00", days=2))
    session = both.appointment
    wait(session, "Ann")

    moved = commands.reschedule(booking=both, starts_at=at("14:00", days=2), now=NOW)

    session.refresh_from_db()
    assert moved.appointment != session
    assert (session.starts_at, states(session)) == (at("10:00", days=2), {"Ann": "held"})
    assert invariants.broken() == {}


def test_a_visitor_who_alone_holds_a_session_leaves_it_to_those_who_wait():
    service = yoga()
    first = make.booking(service, starts_at=at("10:00", days=2))
    held = commands.hold(service=service, starts_at=at("10:00", days=2), now=NOW)
    wait(first.appointment, "Ann", seats=2)
    commands.cancel_booking(booking=first, now=NOW)

    commands.hold(service=service, starts_at=at("14:00", days=2), replacing=held.token, now=NOW)

    assert commands.offer_free_places(now=NOW) == 1
    assert states(first.appointment) == {"Ann": "held"}
    assert commands.offer_free_places(now=NOW) == 0
    assert invariants.broken() == {}


def test_sessions_too_near_for_an_offer_keep_no_other_session_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offering, "BATCH", 1)
    now = at("09:50", days=2)
    service = yoga(cancellation_notice=timedelta(0))
    near = full(service)
    wait(near, "Ann")
    leave_a_place(near, now=now)
    later = make.booking(service, starts_at=at("14:00", days=2)).appointment
    held = commands.hold(service=service, starts_at=at("14:00", days=2), now=now)
    wait(later, "Ben", now=now)
    commands.hold(service=service, starts_at=at("15:00", days=2), replacing=held.token, now=now)

    assert commands.offer_free_places(now=now) == 1
    assert (states(near), states(later)) == ({"Ann": "waitlisted"}, {"Ben": "held"})


def test_those_who_wait_are_told_when_the_session_is_cancelled():
    session = full()
    ann, ben = wait(session, "Ann"), wait(session, "Ben")
    leave_a_place(session)

    commands.cancel_appointment(appointment=session, reason="Ill", now=NOW, actor=DESK)

    assert states(session) == {"Ann": "expired", "Ben": "expired"}
    for booking in (ann, ben):
        assert (kinds(booking)[-1], letters(booking)[-1]) == ("booking.unlisted", "waitlisted")
    assert seats(session) == 0
    assert invariants.broken() == {}


def test_those_who_wait_move_with_the_session_and_offers_stand():
    session = full()
    ann, ben = wait(session, "Ann"), wait(session, "Ben")
    leave_a_place(session)

    commands.reschedule_appointment(
        appointment=session, starts_at=at("14:00", days=2), now=NOW, actor=DESK
    )

    assert states(session) == {"Ann": "held", "Ben": "waitlisted"}
    assert [letters(each)[-1] for each in (ann, ben)] == ["waitlisted", "waitlisted"]
    commands.take_place(booking=ann, now=NOW)
    assert seats(session) == 2


def test_staff_give_a_place_by_hand_where_one_is_free():
    session = full(capacity=3)
    wait(session, "Ann", seats=2)
    ben = wait(session, "Ben")

    with pytest.raises(Full):
        commands.take_place(booking=ben, now=NOW, actor=DESK)
    with pytest.raises(WrongState):
        commands.take_place(booking=ben, now=NOW)
    leave_a_place(session)
    commands.leave_waitlist(booking=ben, now=NOW)
    leave_a_place(session)

    assert states(session) == {"Ann": "held", "Ben": "expired"}
    ann = Booking.objects.get(name="Ann")
    assert commands.take_place(booking=ann, now=LATER, actor=DESK).state == "confirmed"


def test_who_has_as_many_bookings_as_allowed_cannot_take_another():
    session = full(customer_open_limit=1)
    ann = wait(session, "Ann")
    other = make.service(session.business, by=list(session.resources.all()), customer_open_limit=1)
    make.booking(other, contact=make.contact(name="Ann", email="Ann@example.org"))
    leave_a_place(session)

    with pytest.raises(TooManyOpen):
        commands.take_place(booking=ann, now=NOW)


def test_who_waits_is_expected_and_not_forgotten():
    session = full()
    ann = wait(session, "Ann")

    for _ in ("waiting", "offered"):
        with pytest.raises(StillComing):
            commands.erase_customer(customer=ann.customer, now=NOW, actor=DESK)
        leave_a_place(session)


def test_who_waits_neither_moves_nor_cancels_nor_comes():
    ann = wait(full(), "Ann")

    with pytest.raises(WrongState):
        commands.reschedule(booking=ann, starts_at=at("14:00", days=2), now=NOW)
    for act in (commands.cancel_booking, commands.check_in, commands.approve, commands.decline):
        with pytest.raises(WrongState):
            act(booking=ann, now=NOW, actor=DESK)


def test_places_that_are_offered_are_not_on_offer_to_others():
    session = full()
    wait(session, "Ann")
    leave_a_place(session)

    def left(now: datetime) -> list[int]:
        found = availability.starts(
            session.service, lo=session.starts_at, hi=session.ends_at, now=now
        )
        return [start.seats_left for start in found if start.at == session.starts_at]

    assert left(NOW) == []
    assert left(LATER) == [1]


@pytest.mark.django_db(transaction=True)
def test_however_many_leave_join_and_book_at_once_each_place_is_given_once():
    service = yoga(capacity=16)
    session = full(service)
    line = [wait(session, f"W{number}") for number in range(20)]
    inside = list(session.bookings.filter(state="confirmed"))

    def book() -> object:
        return make.booking(service, starts_at=session.starts_at)

    acts = [
        *(partial(commands.cancel_booking, booking=each, now=NOW) for each in inside[:12]),
        *(partial(commands.leave_waitlist, booking=each, now=NOW) for each in line[:4]),
        *(partial(wait, session, f"J{number}") for number in range(16)),
        *([book] * 16),
        *([partial(commands.offer_free_places, now=NOW)] * 8),
        *([partial(commands.sweep_expired, now=NOW)] * 8),
    ]
    outcomes = outcomes_at_once(*acts)

    assert len(acts) == 64
    assert set(outcomes) <= {"done", "full", "places_left", "busy"}
    commands.offer_free_places(now=NOW)
    session.refresh_from_db()
    offered = session.bookings.filter(state="held").count()
    assert session.seats_taken == 16
    assert (
        offered
        == Event.objects.filter(kind="booking.offered").count()
        - Event.objects.filter(kind="booking.offer_declined").count()
    )
    assert invariants.broken() == {}


@pytest.mark.django_db(transaction=True)
def test_of_all_who_take_leave_or_lose_an_offer_at_once_each_seat_has_one_fate():
    session = full(yoga(capacity=8))
    line = [wait(session, f"W{number}") for number in range(16)]
    for _ in range(8):
        leave_a_place(session)
    offered = line[:8]

    acts = [
        *(partial(commands.take_place, booking=each, now=NOW) for each in offered),
        *(partial(commands.leave_waitlist, booking=each, now=NOW) for each in offered),
        *([partial(commands.sweep_expired, now=LATER)] * 4),
    ]
    outcomes_at_once(*acts)

    session.refresh_from_db()
    assert session.seats_taken == 8
    ended = Event.objects.filter(booking__in=offered).exclude(
        kind__in=["booking.waitlisted", "booking.offered"]
    )
    assert sorted(ended.values_list("booking_id", flat=True)) == sorted(e.pk for e in offered)
    assert invariants.broken() == {}


@pytest.mark.django_db(transaction=True)
def test_one_customer_joins_a_list_once_however_often_they_press():
    session = full()
    contact = make.contact(email="ann@example.org")
    joined = at_once(
        *(partial(outcomes_at_once, partial(wait, session, contact=contact)) for _ in range(8))
    )

    assert sorted(outcome for (outcome,) in joined) == ["already_waiting"] * 7 + ["done"]
