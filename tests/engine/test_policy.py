from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bookings.engine.hours import minute_of
from bookings.engine.policy import (
    BookingState,
    Candidate,
    Grid,
    Policy,
    Strategy,
    bookable_span,
    ranked,
    why_not_change,
    why_not_when,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = Policy(
    interval=timedelta(minutes=15),
    minimum_lead=timedelta(hours=2),
    maximum_advance=timedelta(days=30),
    cancellation_notice=timedelta(hours=24),
    allow_staff_selection=True,
    notify_business=True,
    strategy=Strategy.BALANCED,
    grid=Grid.HOURS,
)


def code_at(at: datetime, now: datetime = NOON, policy: Policy = POLICY) -> str | None:
    refusal = why_not_when(minute_of(at), now=now, policy=policy)
    return refusal.code if refusal else None


def test_a_start_exactly_at_lead_time_or_advance_is_allowed() -> None:
    assert code_at(NOON + timedelta(hours=2)) is None
    assert code_at(NOON + timedelta(days=30)) is None


def test_a_minute_outside_lead_time_or_advance_is_refused() -> None:
    assert code_at(NOON + timedelta(hours=2, minutes=-1)) == "too_soon"
    assert code_at(NOON + timedelta(days=30, minutes=1)) == "too_far"


def test_lead_time_is_rounded_up_and_advance_down_to_the_minute() -> None:
    now = NOON + timedelta(seconds=1)
    assert code_at(NOON + timedelta(hours=2), now) == "too_soon"
    assert code_at(NOON + timedelta(hours=2, minutes=1), now) is None
    assert code_at(NOON + timedelta(days=30), now) is None
    assert code_at(NOON + timedelta(days=30, minutes=1), now) == "too_far"


def test_without_lead_time_the_present_minute_is_allowed_and_the_past_is_not() -> None:
    policy = replace(POLICY, minimum_lead=timedelta(0))
    assert code_at(NOON, policy=policy) is None
    assert code_at(NOON - timedelta(minutes=1), policy=policy) == "in_the_past"
    assert code_at(NOON, NOON + timedelta(microseconds=1), policy) == "in_the_past"


def test_the_past_is_told_from_the_near_future() -> None:
    assert code_at(NOON - timedelta(minutes=1)) == "in_the_past"
    assert code_at(NOON) == "too_soon"


def test_the_bookable_span_holds_exactly_the_starts_that_are_not_refused() -> None:
    now = NOON + timedelta(seconds=30)
    policy = replace(POLICY, maximum_advance=timedelta(hours=3))
    first, beyond = bookable_span(policy, now)
    allowed = [
        minute
        for minute in range(minute_of(NOON) - 60, minute_of(NOON) + 600)
        if why_not_when(minute, now=now, policy=policy) is None
    ]
    assert allowed == list(range(first, beyond))
    assert len(allowed) == 60


def test_an_advance_shorter_than_the_lead_time_leaves_nothing() -> None:
    policy = replace(POLICY, maximum_advance=timedelta(hours=1))
    first, beyond = bookable_span(policy, NOON)
    assert beyond == first


@pytest.mark.parametrize(
    ("state", "left", "code"),
    [
        (BookingState.CONFIRMED, timedelta(hours=24), None),
        (BookingState.PENDING, timedelta(hours=24), None),
        (BookingState.CONFIRMED, timedelta(hours=24, seconds=-1), "too_late"),
        (BookingState.CANCELLED, timedelta(hours=48), "wrong_state"),
        (BookingState.HELD, timedelta(hours=48), "wrong_state"),
        (BookingState.DECLINED, timedelta(hours=1), "wrong_state"),
    ],
)
def test_a_booking_may_be_changed_while_it_stands_and_enough_notice_is_left(
    state: BookingState, left: timedelta, code: str | None
) -> None:
    notice = POLICY.cancellation_notice
    refusal = why_not_change(state.value, NOON + left, notice=notice, now=NOON)
    assert (refusal.code if refusal else None) == code


def test_without_notice_a_booking_may_be_changed_until_it_starts() -> None:
    def why_not(starts_at: datetime) -> object:
        return why_not_change("confirmed", starts_at, notice=timedelta(0), now=NOON)

    assert why_not(NOON) is None
    assert why_not(NOON - timedelta(seconds=1)) is not None


def test_an_override_replaces_the_fields_given_and_inherits_the_others() -> None:
    policy = POLICY.overridden(minimum_lead=timedelta(0), interval=None, service_daily_limit=3)
    assert policy == replace(POLICY, minimum_lead=timedelta(0), service_daily_limit=3)


def test_an_override_of_an_unknown_field_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        POLICY.overridden(lead=timedelta(0))


def certain() -> float:
    return 0.5


def test_balanced_takes_the_least_booked_that_day_whatever_else() -> None:
    busy = Candidate(1, booked_that_day=2, last_booked_minute=None, priority=0)
    idle = Candidate(2, booked_that_day=1, last_booked_minute=999, priority=9)
    assert ranked([busy, idle], Strategy.BALANCED, certain) == [2, 1]


def test_balanced_ties_go_to_never_booked_then_longest_ago_then_priority_then_id() -> None:
    candidates = [
        Candidate(5, 1, 100, 2),
        Candidate(4, 1, 100, 2),
        Candidate(3, 1, 100, 1),
        Candidate(2, 1, 50, 9),
        Candidate(1, 1, None, 9),
    ]
    assert ranked(candidates, Strategy.BALANCED, certain) == [1, 2, 3, 4, 5]


def test_priority_takes_the_lowest_number_and_is_balanced_among_equals() -> None:
    candidates = [Candidate(1, 0, None, 2), Candidate(2, 3, 50, 1), Candidate(3, 1, 90, 1)]
    assert ranked(candidates, Strategy.PRIORITY, certain) == [3, 2, 1]


def test_random_follows_chance_and_never_loses_anyone() -> None:
    candidates = [Candidate(1, 0, None, 0), Candidate(2, 9, 50, 9), Candidate(3, 1, 9, 1)]
    draws = count(0, -1)
    assert ranked(candidates, Strategy.RANDOM, lambda: next(draws)) == [3, 2, 1]
    assert ranked(candidates, Strategy.RANDOM, certain) == [1, 2, 3]


def test_nobody_is_ranked_among_nobody() -> None:
    assert [ranked([], strategy, certain) for strategy in Strategy] == [[], [], []]
