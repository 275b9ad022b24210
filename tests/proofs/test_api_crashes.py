"""Programs that repeat their calls: whatever dies on the way, one booking and one answer."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from bookings.models import Booking, Claim, Event, KeptAnswer, Message
from tests import make
from tests.faces.api.conftest import Program
from tests.meanwhile import until_somebody_waits
from tests.proofs import invariants
from tests.proofs.calling import call, call_until_answered
from tests.proofs.crowd import Crowd, Errand, address_of
from tests.proofs.cutting import Cutter
from tests.proofs.serving import kill, workers_of
from tests.proofs.victims import Victims

KEYS, KILLS = 64, 40


@pytest.fixture
def program(transactional_db: None, settings: Any) -> Program:
    """A program of a business with one service, which may call as often as it likes."""
    settings.API_CALLS_PER_MINUTE = 1_000_000
    business = make.business()
    make.service(business)
    return Program(make.member(business), business)


def wish(program: Program, starts_at: datetime) -> dict[str, Any]:
    """Return what is sent to book a time."""
    return {
        "service": str(program.business.services.get().public_id),
        "starts_at": starts_at.isoformat(),
        "contact": {"name": "Jo", "email": "jo@example.org"},
    }


def opening(number: int) -> datetime:
    """Return one of the times from the day after tomorrow on, sixteen a day."""
    day = make.today() + timedelta(days=2 + number // 16)
    nine = day.replace(hour=9, minute=0, second=0, microsecond=0)
    return nine + timedelta(minutes=30 * (number % 16))


def rows() -> tuple[int, ...]:
    """Return how many bookings, claims, events, letters and kept answers there are."""
    models = (Booking, Claim, Event, Message, KeptAnswer)
    return tuple(model.objects.count() for model in models)


@pytest.mark.slow
def test_a_booking_and_its_answer_stand_together_or_not_at_all(program: Program) -> None:
    """Killed before and after each statement and commit; the key is free the moment after."""
    path = f"/api/v1/businesses/{program.business.public_id}/bookings/"
    address = address_of(str(connection.settings_dict["NAME"]))
    done, deaths = 0, 0
    with Victims(address, API_CALLS_PER_MINUTE="1000000") as victims:
        for deaths, death in enumerate(victims.deaths(moments=("before", "after"))):
            body, key = wish(program, opening(deaths)), f"key {deaths}"
            before = rows()
            finished = tuple(a + b for a, b in zip(before, (1, 1, 1, 3, 1), strict=True))
            sent = {"path": path, "token": program.token, "body": body, "key": key}
            died = victims.run(("call_here", sent), death)
            assert rows() in (before, finished), death
            stands = rows() == finished

            answer = program.post(path, body, Idempotency_Key=key)

            assert (answer.status_code, rows()) == (201, finished), death
            assert answer.has_header("Idempotency-Replayed") == stands, death
            assert answer.json()["id"] == str(Booking.objects.latest("pk").public_id), death
            done += stands
            if not died:
                break
    assert done > 1
    assert deaths - done > 40
    assert invariants.broken() == {}


@pytest.mark.slow
def test_who_lost_the_answer_reads_it_again_and_nothing_happens_twice(
    web: str, program: Program
) -> None:
    path = f"/api/v1/businesses/{program.business.public_id}/bookings/"
    with Cutter(web) as cutter:
        for number in range(8):
            body, key = wish(program, opening(number)), f"key {number}"
            sent = {"token": program.token, "body": body, "key": key}
            with pytest.raises((OSError, http.client.HTTPException)):
                call(url=cutter.url + path, **sent)
            again = call(url=web + path, **sent)

            assert (again["status"], again["headers"]["idempotency-replayed"]) == (201, "true")
            assert again["body"] == cutter.swallowed.pop()
            assert json.loads(again["body"])["id"] == str(Booking.objects.latest("pk").public_id)
    assert rows() == (8, 8, 8, 24, 8)
    assert Message.objects.filter(audience="customer", topic="confirmed").count() == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("waits_for", "stands"),
    [
        pytest.param("bookings_resourceversion", False, id="while it decides"),
        pytest.param("bookings_resource", True, id="while it commits"),
    ],
)
def test_a_key_whose_process_died_is_free_as_soon_as_the_database_knows(
    web: str, program: Program, waits_for: str, stands: bool
) -> None:
    """All web processes are killed while a call has its key and waits for a row of a table."""
    path = f"/api/v1/businesses/{program.business.public_id}/bookings/"
    sent = {"token": program.token, "body": wish(program, opening(0)), "key": "key"}
    address = address_of(str(connection.settings_dict["NAME"]))
    with ThreadPoolExecutor(1) as thread, psycopg.connect(address) as other:
        other.execute(f"SELECT FROM {waits_for} FOR UPDATE")
        lost = thread.submit(call, url=web + path, **sent)
        until_somebody_waits()
        for number in workers_of(web):
            kill(number)
        assert isinstance(lost.exception(), OSError | http.client.HTTPException)
        assert rows() == (0, 0, 0, 0, 0)
        other.rollback()
        said = call_until_answered(url=web + path, **sent)

    assert said["status"] == 201
    assert ("idempotency-replayed" in said["headers"]) == stands, said["met"]
    assert rows() == (1, 1, 1, 3, 1)


@pytest.mark.slow
def test_processes_are_killed_all_the_time_and_each_key_books_once(
    crowd: Crowd, web: str, program: Program
) -> None:
    path = f"/api/v1/businesses/{program.business.public_id}/bookings/"
    wishes = [wish(program, opening(number)) for number in range(KEYS)]
    errands: list[Errand] = [
        (
            "call_until_answered",
            {"url": web + path, "token": program.token, "body": body, "key": f"key {number}"},
        )
        for number, body in enumerate(wishes)
    ]
    with killing(web, random.Random(7)) as killed:
        outcomes = [each.said for each in crowd.together(errands)]

    assert {said["status"] for said in outcomes} == {201}, outcomes
    told = [json.loads(said["body"]) for said in outcomes]
    assert len({each["id"] for each in told}) == KEYS
    assert [datetime.fromisoformat(each["starts_at"]) for each in told] == [
        datetime.fromisoformat(each["starts_at"]) for each in wishes
    ]
    assert rows() == (KEYS, KEYS, KEYS, 3 * KEYS, KEYS)
    assert Message.objects.filter(audience="customer", topic="confirmed").count() == KEYS
    assert killed
    assert any(said["met"] for said in outcomes)
    assert invariants.broken() == {}


@contextlib.contextmanager
def killing(web: str, chance: random.Random) -> Iterator[list[int]]:
    """Kill a random web process every 80 to 250 ms, forty at most; yields the killed."""
    killed: list[int] = []
    over = threading.Event()

    def work() -> None:
        while len(killed) < KILLS and not over.wait(chance.uniform(0.08, 0.25)):
            if workers := workers_of(web):
                killed.append(chance.choice(workers))
                kill(killed[-1])

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()
