"""What a decision does where the database asks it to wait, or to try again."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection, transaction

from bookings.commands.decision import TRIES, decision
from bookings.errors import Busy
from bookings.models import Resource
from tests import make
from tests.at_once import at_once
from tests.meanwhile import aside


def lock(pk: int) -> None:
    Resource.objects.select_for_update(no_key=True).get(pk=pk)


def fail(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_wait_in_a_circle_one_is_tried_again_and_both_succeed(caplog):
    one, other = make.staff(of := make.business()).pk, make.staff(of).pk
    both_hold_one = threading.Barrier(2)
    tries: list[int] = []

    @decision
    def take(first: int, second: int) -> None:
        lock(first)
        tries.append(first)
        if len(tries) <= 2:
            both_hold_one.wait()
        lock(second)

    at_once(lambda: take(one, other), lambda: take(other, one))

    assert len(tries) == 3
    assert caplog.messages == ["take met 40P01 and is tried again"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_what_fails_again_and_again_is_given_up(state):
    tries: list[str] = []

    @decision
    def never() -> None:
        tries.append(state)
        fail(state)

    with pytest.raises(OperationalError):
        never()

    assert len(tries) == TRIES


@pytest.mark.django_db
def test_inside_a_transaction_of_the_caller_nothing_is_tried_again():
    tries: list[str] = []

    @decision
    def never() -> None:
        tries.append("once")
        fail("40P01")

    with pytest.raises(OperationalError), transaction.atomic():
        never()

    assert tries == ["once"]


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_a_lock_is_told_that_it_is_busy():
    pk = make.staff(make.business()).pk

    @decision
    def take() -> None:
        make.staff(make.business(), name="half done")
        lock(pk)

    def run() -> None:
        with pytest.raises(Busy):
            take()

    with transaction.atomic():
        lock(pk)
        aside(run)

    assert not Resource.objects.filter(name="half done").exists()
