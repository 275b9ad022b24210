"""How often a program may call: so many calls a minute, in all processes together."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis import Redis, RedisError

from accounts.callers import Caller
from bookings.faces.api.throttle import count_call
from bookings.models import CallCount
from portal.queue import counter_url
from tests import make
from tests.faces.api.conftest import Program
from tests.proofs import workers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_calls(settings):
    settings.API_CALLS_PER_MINUTE = 3


def left(answer):
    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    return tuple(answer.get(name) for name in names)


def test_every_answer_to_a_token_says_what_is_left(program, clock):
    fine = program.get("services/")
    clock.now += timedelta(seconds=10)
    missing = program.get(f"services/{uuid4()}/")
    wrong_method = program.call("DELETE", "services/")

    assert [fine.status_code, missing.status_code, wrong_method.status_code] == [200, 404, 405]
    assert left(fine) == ("3", "2", "60")
    assert left(missing) == ("3", "1", "50")
    assert left(wrong_method) == ("3", "0", "50")


def test_nobody_without_a_token_is_told_anything(program):
    program.token = "bpt_nonsense"
    answer = program.get("services/")

    assert answer.status_code == 401
    assert left(answer) == (None, None, None)
    assert not CallCount.objects.exists()


def test_one_call_too_many_is_refused_until_the_minute_is_over(program, clock):
    for _ in range(3):
        assert program.get("services/").status_code == 200
    clock.now += timedelta(seconds=18)
    refused = program.get("services/")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Retry-After"] == "42"
    assert left(refused) == ("3", "0", "42")

    clock.now += timedelta(seconds=42)
    assert left(program.get("services/")) == ("3", "2", "60")


def test_each_token_has_calls_of_its_own(program, business):
    for _ in range(4):
        program.get("services/")

    assert Program(make.member(business), business).get("services/").status_code == 200


def test_to_let_a_program_in_costs_three_statements(program):
    program.get("services/")  # notes that the token was used, once a minute
    with CaptureQueriesContext(connection) as made:
        program.get("services/")

    who, how_often, where, what = [each["sql"] for each in made.captured_queries]
    assert "accounts_accesstoken" in who
    assert "bookings_callcount" in how_often
    assert "bookings_membership" in where
    assert "bookings_service" in what


def test_two_who_let_the_same_client_in_have_calls_of_their_own(business):
    owner = make.user()
    one, other = (
        Caller(user, frozenset(), "client:crm", "CRM").connection for user in (owner, make.user())
    )

    assert count_call(one, now=make.NOW).used == 1
    assert count_call(other, now=make.NOW).used == 1
    assert count_call(one, now=make.NOW).used == 2


def until_it_answers(address):
    with Redis.from_url(address) as client:
        while True:
            with suppress(RedisError):
                if client.ping():
                    return


@pytest.fixture
def redis(tmp_path, settings):
    """Run a Redis of one's own until `kill` is called; the portal counts there."""
    if shutil.which("redis-server") is None:
        pytest.skip("there is no Redis on this machine")
    with ExitStack() as running:
        settings.COUNTER_URL = counter_url(running.enter_context(workers.redis(tmp_path)))
        yield running


def test_calls_are_counted_in_redis_and_in_the_database_once_it_is_killed(
    program, redis, settings, caplog
):
    until_it_answers(settings.COUNTER_URL)
    first = [left(program.get("services/"))[:2] for _ in range(2)]
    nothing_yet = not CallCount.objects.exists()
    redis.close()
    then = [program.get("services/") for _ in range(4)]

    assert first == [("3", "2"), ("3", "1")]
    assert nothing_yet
    assert [left(each)[1] for each in then] == ["2", "1", "0", "0"]
    assert [each.status_code for each in then] == [200, 200, 200, 429]
    assert CallCount.objects.get().count == 4
    assert caplog.text.count("Redis is away") == 1


@pytest.mark.parametrize(
    ("broker", "address"),
    [
        ("filesystem://", ""),
        ("amqp://host", ""),
        ("redis://host:6379/1", "redis://host:6379/1"),
        ("rediss://:password@host/0", "rediss://:password@host/0"),
        ("redis+socket:///run/redis.sock?virtual_host=2", "unix:///run/redis.sock?db=2"),
    ],
)
def test_a_broker_that_is_a_redis_counts_calls_too(broker, address):
    assert counter_url(broker) == address
