"""The latest calls of some callers: theirs alone, the newest first, a hundred at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from bookings.models import Call
from bookings.queries.calls import latest_calls
from tests.make import NOW

pytestmark = pytest.mark.django_db


def called(caller: str, minutes: int, status: int = 200) -> Call:
    return Call.objects.create(
        caller=caller,
        method="GET",
        path=f"/api/v1/{minutes}/",
        status=status,
        took_ms=3,
        at=NOW + timedelta(minutes=minutes),
    )


def test_the_calls_of_several_come_in_one_order_and_those_of_others_not_at_all(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first, second, third = called("token:a", 1), called("client:b", 2, 404), called("token:a", 3)
    called("token:other", 4)

    with django_assert_num_queries(1):
        assert latest_calls(["token:a", "client:b"]) == [third, second, first]
    assert latest_calls(["token:a", "client:b"], is_failed=True) == [second]
    assert latest_calls([]) == []


def test_there_are_a_hundred_at_most() -> None:
    for minute in range(60):
        called("token:a", 2 * minute)
        called("token:b", 2 * minute + 1)

    found = latest_calls(["token:a", "token:b"])

    assert [each.path for each in found] == [f"/api/v1/{n}/" for n in range(119, 19, -1)]
