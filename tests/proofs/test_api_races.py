"""The same races as programs run them: over HTTP, against the portal's own web server."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from accounts import callers
from accounts.scopes import Scope
from bookings.models import Booking, Claim, Event, KeptAnswer, Message, Service
from tests import make
from tests.proofs import invariants
from tests.proofs.crowd import Crowd, Errand

ROUNDS = pytest.mark.parametrize(
    ("rounds", "size"), [(1, 32), pytest.param(4, 64, marks=pytest.mark.slow)]
)
LONG = pytest.mark.parametrize(("rounds", "size"), [pytest.param(4, 64, marks=pytest.mark.slow)])
"""For what a short form runs of at command level already."""


@dataclass
class Calls:
    """A program of a business, run by everybody in the crowd."""

    crowd: Crowd
    url: str
    service: Service

    def __post_init__(self) -> None:
        _, self.token = callers.issue(
            user=make.member(self.service.business),
            name="Sync",
            scopes=tuple(Scope),
            expires_at=None,
            now=timezone.now(),
        )

    def call(self, path: str, body: object = None, **more: str) -> Errand:
        """Return the errand of one call; `path` begins behind the business."""
        return "call", {"url": self.at(path), "token": self.token, "body": body} | more

    def at(self, path: str) -> str:
        """Return an address by what stands behind the business."""
        return f"{self.url}/api/v1/businesses/{self.service.business.public_id}/{path}"

    def wanted(self, starts_at: datetime, **more: object) -> dict[str, Any]:
        """Return what is sent to book a time."""
        return {
            "service": str(self.service.public_id),
            "starts_at": starts_at.isoformat(),
            "contact": {"name": "Jo", "email": "jo@example.org"},
        } | more

    def together(self, errands: list[Errand]) -> tuple[Counter[str], list[dict[str, Any]]]:
        """Send everybody off at once.

        Returns: how often which status and code came, as in "409 slot_taken", and the answers,
        each with its JSON as `told`.
        """
        outcomes = self.crowd.together(errands)
        assert {each.kind for each in outcomes} == {"done"}, outcomes
        answers = [each.said | {"told": json.loads(each.said["body"])} for each in outcomes]
        return Counter(_kind(answer) for answer in answers), answers


def _kind(answer: dict[str, Any]) -> str:
    return " ".join(filter(None, (str(answer["status"]), answer["told"].get("code"))))


def won(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what those were told who got what they wanted."""
    return [answer["told"] for answer in answers if answer["status"] < 300]


def opening(number: int) -> datetime:
    """Return nine o'clock on one of the days from the day after tomorrow on."""
    day = make.today() + timedelta(days=2 + number)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


@ROUNDS
def test_one_program_gets_the_time_and_the_others_three_that_are_free(crowd, web, rounds, size):
    calls = Calls(crowd, web, make.service(duration=timedelta(hours=1)))
    for number in range(rounds):
        first = opening(number)
        shifted = first + timedelta(minutes=30)
        counted, answers = calls.together(
            [
                calls.call("bookings/", calls.wanted(shifted if n % 2 else first))
                for n in range(size)
            ]
        )

        assert counted == {"201": 1, "409 slot_taken": size - 1}
        taken = datetime.fromisoformat(won(answers)[0]["starts_at"])
        for answer in answers:
            if answer["status"] == 409:
                instead = [
                    datetime.fromisoformat(each["starts_at"])
                    for each in answer["told"]["alternatives"]
                ]
                assert len(instead) == len(set(instead)) == 3
                assert all(abs(each - taken) >= timedelta(hours=1) for each in instead)
    assert Claim.objects.count() == Booking.objects.count() == rounds
    assert invariants.broken() == {}


@LONG
def test_whoever_relied_on_a_look_would_have_taken_the_time_twice(crowd, web, rounds, size):
    """The control: many saw that the time is free before they asked for it, and one got it."""
    calls = Calls(crowd, web, make.service())
    seen = 0
    for number in range(rounds):
        first = opening(number)
        asked = {"service": calls.service.public_id, "first_day": first.date()}
        query = urlencode(asked | {"last_day": first.date()})
        errand = {
            "starts": calls.at(f"availability/starts/?{query}"),
            "url": calls.at("bookings/"),
            "token": calls.token,
            "body": calls.wanted(first),
        }
        counted, answers = calls.together([("look_then_book", errand)] * size)

        assert counted == {"201": 1, "409 slot_taken": size - 1}
        seen += sum(answer["free"] for answer in answers)
    assert seen > rounds
    assert Claim.objects.count() == rounds


@ROUNDS
def test_many_who_bring_one_key_make_one_booking_and_read_one_answer(crowd, web, rounds, size):
    calls = Calls(crowd, web, make.service())
    for number in range(rounds):
        wanted, key = calls.wanted(opening(number)), f"key {number}"
        counted, answers = calls.together([calls.call("bookings/", wanted, key=key)] * size)

        assert set(counted) <= {"201", "409 under_way"}
        bodies = {answer["body"] for answer in answers if answer["status"] == 201}
        assert len(bodies) == 1
        counted, answers = calls.together([calls.call("bookings/", wanted, key=key)] * size)
        assert counted == {"201": size}
        assert {answer["body"] for answer in answers} == bodies
        assert {answer["headers"]["idempotency-replayed"] for answer in answers} == {"true"}
    assert Booking.objects.count() == KeptAnswer.objects.count() == rounds
    assert Message.objects.filter(topic="confirmed", audience="customer").count() == rounds
    assert invariants.broken() == {}


@LONG
def test_of_two_wishes_under_one_key_one_comes_true(crowd, web, rounds, size):
    calls = Calls(crowd, web, make.service())
    for number in range(rounds):
        first, key = opening(number), f"key {number}"
        wishes = [calls.wanted(first + timedelta(hours=hours)) for hours in (0, 3)]
        errands = [calls.call("bookings/", wishes[n % 2], key=key) for n in range(size)]
        counted, answers = calls.together(errands)

        assert set(counted) <= {"201", "409 under_way", "422 key_reused"}
        assert len({answer["body"] for answer in answers if answer["status"] == 201}) == 1
        counted, answers = calls.together(errands)
        assert counted == {"201": size // 2, "422 key_reused": size // 2}
    assert Booking.objects.count() == rounds
    assert invariants.broken() == {}


@LONG
def test_parties_fill_a_group_to_its_last_place(crowd, web, rounds, size):
    calls = Calls(crowd, web, make.service(capacity=8))
    for number in range(rounds):
        parties = [1 + n % 4 for n in range(size)]
        wanted = [calls.wanted(opening(number), seats=party) for party in parties]
        counted, answers = calls.together([calls.call("bookings/", each) for each in wanted])

        inside = [told["seats"] for told in won(answers)]
        assert sum(inside) == 8
        assert counted == {"201": len(inside), "409 full": size - len(inside)}
    assert invariants.broken() == {}


@LONG
def test_who_holds_a_time_books_it_whoever_else_wants_it(crowd, web, rounds, size):
    calls = Calls(crowd, web, make.service())
    for number in range(rounds):
        wanted = calls.wanted(opening(number))
        contact = wanted.pop("contact")
        counted, answers = calls.together([calls.call("holds/", wanted)] * size)
        assert counted == {"201": 1, "409 slot_taken": size - 1}

        held = {"hold_token": won(answers)[0]["token"], "contact": contact}
        others = [calls.call("bookings/", wanted | {"contact": contact})] * (size - 8)
        counted, answers = calls.together([*others, *[calls.call("bookings/", held)] * 8])
        assert counted == {"201": 8, "409 slot_taken": size - 8}
        assert len({told["id"] for told in won(answers)}) == 1
    assert list(Booking.objects.values_list("state", flat=True)) == ["confirmed"] * rounds
    assert invariants.broken() == {}


@LONG
def test_of_all_who_move_what_they_have_seen_one_does_and_the_others_look_again(
    crowd, web, rounds, size
):
    calls = Calls(crowd, web, make.service())
    for number in range(rounds):
        booking = make.booking(calls.service, starts_at=opening(number), now=make.today())
        path = f"bookings/{booking.public_id}/"
        ((_, seen),) = [calls.together([calls.call(path, method="GET")])]
        tag = seen[0]["headers"]["etag"]
        moves = [
            calls.call(
                f"{path}reschedule/",
                {"starts_at": (opening(number) + timedelta(minutes=30 * (1 + n % 12))).isoformat()},
                seen=tag,
            )
            for n in range(size)
        ]
        counted, answers = calls.together(moves)

        assert counted == {"200": 1, "412 precondition_failed": size - 1}
        tags = {answer["headers"]["etag"] for answer in answers}
        assert len(tags) == 1
        assert tag not in tags
    assert Event.objects.filter(kind="booking.rescheduled").count() == rounds
    assert invariants.broken() == {}
