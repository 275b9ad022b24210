"""Everybody at once: one winner, a clean refusal for the rest, never a deadlock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection

from bookings import commands
from bookings.models import Appointment, Booking, Claim, Event, Resource, Service
from tests import make
from tests.make import NOW, at
from tests.proofs import invariants
from tests.proofs.crowd import Crowd, Errand, Outcome, address_of, tally

ROUNDS = pytest.mark.parametrize(
    ("rounds", "size"), [(1, 48), pytest.param(20, 64, marks=pytest.mark.slow)]
)
"""How often, and how many at once."""
BUSY = {"busy"}
"""What a machine with too much to do may always answer."""


def book(service: Service, starts_at: datetime, **more: object) -> Errand:
    where = {"service": service.pk, "starts_at": starts_at.isoformat(), "now": NOW.isoformat()}
    return "book", where | more


def move(booking: Booking, starts_at: datetime, **more: object) -> Errand:
    where = {"booking": booking.pk, "starts_at": starts_at.isoformat(), "now": NOW.isoformat()}
    return "reschedule", where | more


def won(outcomes: list[Outcome], *, or_: set[str]) -> int:
    """Return how many succeeded; nobody may have met anything but success or these refusals."""
    counted = tally(outcomes)
    assert set(counted) <= {"done"} | or_ | BUSY, counted
    return counted.get("done", 0)


@ROUNDS
def test_one_time_has_one_winner_and_without_the_guard_it_has_several(
    crowd: Crowd, rounds: int, size: int
):
    service = make.service(duration=timedelta(hours=1))
    for day in range(1, rounds + 1):
        clocks = ("10:00", "10:30") * (size // 2)
        outcomes = crowd.together([book(service, at(clock, days=day)) for clock in clocks])
        assert won(outcomes, or_={"slot_taken"}) == 1
    assert Claim.objects.count() == rounds
    assert invariants.broken() == {}

    with _without_guard(crowd) as address:
        believed = (_naive_round(crowd, address, hour) for hour in range(20))
        assert any(winners > 1 for winners in believed)


def _naive_round(crowd: Crowd, address: str, hour: int) -> int:
    """Let the crowd check, then insert; returns how many believe to have the time."""
    errand = {
        "address": address,
        "resource": Resource.objects.get().pk,
        "appointment": Appointment.objects.earliest("pk").pk,
    }
    spans = [{"s": hour * 60 + late, "e": hour * 60 + late + 30} for late in (0, 15)]
    outcomes = crowd.together(
        [("check_then_insert", errand | spans[number % 2]) for number in range(32)]
    )
    assert {each.kind for each in outcomes} == {"done"}
    return sum(each.said for each in outcomes)


@contextmanager
def _without_guard(crowd: Crowd) -> Iterator[str]:
    """Copy the database, without the constraint; yields the copy's address."""
    name = connection.settings_dict["NAME"]
    crowd.rest()
    connection.close()
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}_bare TEMPLATE {name}")
        try:
            with psycopg.connect(address_of(f"{name}_bare"), autocommit=True) as bare:
                bare.execute("ALTER TABLE bookings_claim DROP CONSTRAINT claim_no_overlap")
            yield address_of(f"{name}_bare")
        finally:
            server.execute(f"DROP DATABASE {name}_bare WITH (FORCE)")


@ROUNDS
def test_a_group_fills_to_its_last_place_and_never_beyond(crowd: Crowd, rounds: int, size: int):
    service = make.service(capacity=8)
    for day in range(1, rounds + 1):
        parties = [1, 2, 3, 4] * (size // 4)
        outcomes = crowd.together([book(service, at("10:00", days=day), seats=n) for n in parties])
        inside = [n for n, each in zip(parties, outcomes, strict=True) if each.kind == "done"]
        assert (sum(inside), len(inside)) == (8, won(outcomes, or_={"full"}))
    assert Appointment.objects.count() == rounds
    assert invariants.broken() == {}


@ROUNDS
def test_several_groups_at_a_time_fill_all_their_places(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    service = make.service(business, by=[make.staff(business) for _ in range(3)], capacity=8)
    for day in range(1, rounds + 1):
        outcomes = crowd.together([book(service, at("10:00", days=day))] * size)
        assert won(outcomes, or_={"full"}) == 24
    assert invariants.broken() == {}


@ROUNDS
def test_every_free_person_is_booked_and_nobody_twice(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    people = [make.staff(business) for _ in range(10)]
    service = make.service(business, by=[*people, *(make.room(business) for _ in range(7))])
    for day in range(1, rounds + 1):
        outcomes = crowd.together([book(service, at("10:00", days=day))] * size)
        assert won(outcomes, or_={"slot_taken"}) == 7
    assert invariants.broken() == {}


@ROUNDS
def test_two_people_wanted_in_opposite_order_are_no_deadlock(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    x, y, room = make.staff(business), make.staff(business), make.room(business)
    together = [
        make.service(business, by=[x, y], assignment="all"),
        make.service(business, by=[room, y, x], assignment="all"),
    ]
    either = make.service(business, by=[y, room, x])
    for day in range(1, rounds + 1):
        errands = [book(together[n % 2], at("10:00", days=day)) for n in range(size)]
        outcomes = crowd.together(errands)
        assert won(outcomes, or_={"slot_taken"}) == 1
        mixed = [book([*together, either][n % 3], at("12:00", days=day)) for n in range(size)]
        assert won(crowd.together(mixed), or_={"slot_taken"}) >= 1
    assert invariants.broken() == {}


@ROUNDS
def test_a_move_and_bookings_want_the_same_time(crowd: Crowd, rounds: int, size: int):
    service = make.service()
    for day in range(1, rounds + 1):
        booking = make.booking(service, starts_at=at("10:00", days=day))
        errands = [book(service, at("11:00", days=day)), book(service, at("10:00", days=day))] * 22
        outcomes = crowd.together([move(booking, at("11:00", days=day)), *errands])
        starts = Appointment.objects.filter(
            starts_at__gte=at("00:00", days=day), starts_at__lt=at("23:00", days=day)
        ).values_list("starts_at", flat=True)
        done = won(outcomes, or_={"slot_taken"})
        assert at("11:00", days=day) in starts
        assert sorted(set(starts)) == sorted(starts)
        assert len(starts) == 1 + done - (outcomes[0].kind == "done")
    assert invariants.broken() == {}


@ROUNDS
def test_people_who_swap_places_never_wait_in_a_circle(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    x, y = make.staff(business), make.staff(business)
    service = make.service(business, by=[x, y], duration=timedelta(hours=1))
    for day in range(1, rounds + 1):
        pairs = [
            (
                make.booking(service, starts_at=at(f"{hour:02}:00", days=day), staff=x),
                make.booking(service, starts_at=at(f"{hour:02}:00", days=day), staff=y),
            )
            for hour in range(9, 16)
        ]
        errands = []
        for n, (left, right) in enumerate(pairs):
            start, after = left.appointment.starts_at, at(f"{10 + n % 6:02}:00", days=day)
            errands += [
                move(left, start, staff=y.pk),
                move(right, start, staff=x.pk),
                move(left, after, staff=y.pk),
                move(right, after),
            ]
        won(crowd.together(errands), or_={"slot_taken", "changed_meanwhile"})
    assert Booking.objects.filter(state="confirmed").count() == 14 * rounds
    assert invariants.broken() == {}


@ROUNDS
def test_who_books_against_an_absence_is_listed_or_refused(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    x, y = make.staff(business), make.staff(business)
    services = [
        make.service(business, by=[x]),
        make.service(business, by=[y]),
        make.service(business, by=[x, y], assignment="all"),
    ]
    for day in range(1, rounds + 1):
        leave = {
            "starts_at": at("10:00", days=day).isoformat(),
            "ends_at": at("12:00", days=day).isoformat(),
            "now": NOW.isoformat(),
        }
        away: list[Errand] = [
            ("take_time_off", leave | {"resources": [x.pk, y.pk]}),
            ("take_time_off", leave | {"resources": [y.pk, x.pk]}),
        ]
        clocks = ("10:00", "10:30", "11:00", "11:30")
        bookers = [book(services[n % 3], at(clocks[n % 4], days=day)) for n in range(size - 4)]
        outcomes = crowd.together([*bookers[: size // 2], *away, *bookers[size // 2 :]])
        won(outcomes, or_={"slot_taken", "time_off"})
        lists = [each.said for each in outcomes if isinstance(each.said, list)]
        booked = [each.said for each in outcomes if isinstance(each.said, int)]
        made = set(Booking.objects.filter(pk__in=booked).values_list("appointment", flat=True))
        assert [set(listed) for listed in lists if set(listed) == made]
    assert invariants.broken() == {}


@ROUNDS
def test_holds_that_replace_each_other_end_as_one_for_each_visitor(
    crowd: Crowd, rounds: int, size: int
):
    business = make.business()
    service = make.service(business, by=[make.staff(business), make.staff(business)])
    clocks = [f"{hour:02}:{minute}" for hour in range(9, 17) for minute in ("00", "30")]
    tokens = [""] * 24
    for turn in range(2 * rounds):
        errands: list[Errand] = []
        for n, token in enumerate(tokens):
            start = at(clocks[(n * 5 + turn * 3) % len(clocks)]).isoformat()
            where = {"service": service.pk, "starts_at": start, "now": NOW.isoformat()}
            errands.append(("hold", where | {"replacing": token}))
        outcomes = crowd.together(errands)
        won(outcomes, or_={"slot_taken"})
        tokens = [
            each.said if each.kind == "done" else token
            for token, each in zip(tokens, outcomes, strict=True)
        ]
    held = Booking.objects.filter(state="held").count()
    assert held == sum(token != "" for token in tokens)
    assert invariants.broken() == {}


@ROUNDS
def test_limits_are_met_and_never_exceeded(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    people = [make.staff(business) for _ in range(4)]
    clocks = [f"{hour:02}:{minute}" for hour in range(9, 17) for minute in ("00", "30")]
    of_day = make.service(business, by=people, service_daily_limit=5)
    of_person = make.service(business, by=people, resource_daily_limit=2)
    of_customer = make.service(business, by=people, customer_open_limit=3)
    for round_ in range(1 + rounds // 4):
        for offset, (service, most) in enumerate([(of_day, 5), (of_person, 8), (of_customer, 3)]):
            day = 1 + round_ * 3 + offset
            email = f"jo{day}@example.org"
            errands = [
                book(service, at(clocks[n % 16], days=day), email=email) for n in range(size)
            ]
            refusals = {"slot_taken", "limit_reached", "too_many_open"}
            assert won(crowd.together(errands), or_=refusals) == most
    assert invariants.broken() == {}


@ROUNDS
def test_who_joins_while_an_appointment_is_cancelled_is_cancelled_or_elsewhere(
    crowd: Crowd, rounds: int, size: int
):
    service = make.service(capacity=40)
    for day in range(1, rounds + 1):
        first = make.booking(service, starts_at=at("10:00", days=day))
        cancel = {"appointment": first.appointment_id, "now": NOW.isoformat()}
        joining = [book(service, at("10:00", days=day)) for _ in range(size // 2)]
        outcomes = crowd.together([*joining[:12], ("cancel_appointment", cancel), *joining[12:]])
        won(outcomes, or_=set())
    assert invariants.broken() == {}


@ROUNDS
def test_a_request_is_decided_once_whoever_decides(crowd: Crowd, rounds: int, size: int):
    service = make.service(needs_approval=True)
    for day in range(1, rounds + 1):
        booking = make.booking(service, starts_at=at("10:00", days=day))
        errands = [
            (act, {"booking": booking.pk, "now": NOW.isoformat()})
            for act in ("approve", "decline", "cancel")
            for _ in range(size // 3)
        ]
        outcomes = crowd.together(errands)
        won(outcomes, or_={"wrong_state"})
        did = {act for (act, _), each in zip(errands, outcomes, strict=True) if each.kind == "done"}
        booking.refresh_from_db()
        kinds = Event.objects.filter(booking=booking).order_by("version")
        assert tuple(kinds.values_list("kind", flat=True)[1:]) == HISTORIES[frozenset(did)]
        assert booking.state == HISTORIES[frozenset(did)][-1].removeprefix("booking.")
    assert invariants.broken() == {}


HISTORIES = {
    frozenset({"approve", "cancel"}): ("booking.confirmed", "booking.cancelled"),
    frozenset({"cancel"}): ("booking.cancelled",),
    frozenset({"decline"}): ("booking.declined",),
}
"""What has happened to a request, by what was not refused: who approves may be cancelled on."""


@ROUNDS
def test_of_two_who_want_it_given_away_one_is_told(crowd: Crowd, rounds: int, size: int):
    business = make.business()
    people = [make.staff(business) for _ in range(4)]
    service = make.service(business, by=[*people, make.room(business), make.room(business)])
    for day in range(1, rounds + 1):
        appointments = [
            make.booking(service, starts_at=at(clock, days=day), staff=people[0]).appointment_id
            for clock in ("10:00", "11:00", "12:00")
        ]
        errands: list[Errand] = [
            ("reassign", {"appointment": each, "staff": to.pk, "now": NOW.isoformat()})
            for each in appointments
            for to in people[1:]
        ]
        others = [book(service, at("10:00", days=day)) for _ in range(size - len(errands))]
        outcomes = crowd.together([*others[:20], *errands, *others[20:]])
        won(outcomes, or_={"changed_meanwhile", "slot_taken"})
        served = Appointment.objects.filter(pk__in=appointments, resources__in=people)
        assert served.count() == len(appointments)
    assert invariants.broken() == {}


@ROUNDS
def test_a_hold_that_ends_is_confirmed_or_goes_to_one_other(crowd: Crowd, rounds: int, size: int):
    service = make.service()
    later = {"now": (NOW + commands.HOLD).isoformat()}
    just_in_time = {"now": (NOW + commands.HOLD - timedelta(seconds=1)).isoformat()}
    for day in range(1, rounds + 1):
        start = at("10:00", days=day)
        held = commands.hold(service=service, starts_at=start, now=NOW)
        holder = book(service, start, hold=held.token, **just_in_time)
        others = [book(service, start, **later) for _ in range(size - 3)]
        sweep: Errand = ("sweep", later)
        outcomes = crowd.together([*others[:20], sweep, holder, *others[20:]])
        booked = [each for each in outcomes if each is not outcomes[20]]
        assert won(booked, or_={"slot_taken", "hold_expired"}) == 1
    assert invariants.broken() == {}
