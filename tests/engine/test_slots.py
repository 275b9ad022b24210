from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.engine.hours import Window
from bookings.engine.intervals import Span
from bookings.engine.slots import (
    Shape,
    blocked_mask,
    fits,
    grid_mask,
    minutes,
    open_mask,
    run,
    span_mask,
)

PLAIN = Shape(duration=30, before=0, after=0, interval=15)
SPANS = st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150)), max_size=8)
STEADY = settings(derandomize=True, database=None, deadline=None)


def window(start: int, end: int) -> Window:
    return Window(start, end, start, "UTC")


@STEADY
@given(st.sets(st.integers(0, 300)), st.integers(-500, 500))
def test_minutes_gives_back_the_bits_in_order(positions: set[int], lo: int) -> None:
    bits = sum(1 << position for position in positions)
    assert minutes(bits, lo) == sorted(lo + position for position in positions)


@STEADY
@given(st.sets(st.integers(0, 80)), st.integers(1, 40))
def test_run_finds_where_enough_bits_begin(positions: set[int], length: int) -> None:
    bits = sum(1 << position for position in positions)
    expected = [p for p in sorted(positions) if positions.issuperset(range(p, p + length))]
    assert minutes(run(bits, length), 0) == expected


@STEADY
@given(SPANS, st.integers(1, 40), st.integers(0, 20), st.integers(0, 20), st.integers(-5, 120))
def test_blocked_starts_are_those_whose_buffers_touch_something(
    busy: list[Span], duration: int, before: int, after: int, hi: int
) -> None:
    shape = Shape(duration, before, after, interval=1)
    taken = {minute for start, end in busy for minute in range(start, end)}
    expected = [
        start
        for start in range(hi)
        if not taken.isdisjoint(range(start - before, start + duration + after))
    ]
    assert minutes(blocked_mask(busy, shape, 0, hi), 0) == expected


@STEADY
@given(st.integers(-20, 40), st.integers(-20, 40), st.integers(-5, 20))
def test_a_span_is_clamped_to_the_window(a: int, b: int, hi: int) -> None:
    assert minutes(span_mask(a, b, 0, hi), 0) == [m for m in range(hi) if a <= m < b]


@pytest.mark.parametrize("hi", [0, -10])
def test_a_window_without_length_has_no_starts(hi: int) -> None:
    open_ = [window(-100, 100)]
    assert open_mask(open_, 0, hi) == 0
    assert grid_mask(open_, PLAIN, 0, hi) == 0
    assert fits(open_, PLAIN, 0, hi) == 0
    assert blocked_mask([(-100, 100)], PLAIN, 0, hi) == 0
    assert span_mask(-100, 100, 0, hi) == 0


def test_nothing_open_gives_no_starts() -> None:
    assert fits([], PLAIN, 0, 1440) == 0
    assert grid_mask([], PLAIN, 0, 1440) == 0


def test_an_appointment_longer_than_the_opening_never_fits() -> None:
    assert fits([window(60, 89)], PLAIN, 0, 1440) == 0
    assert minutes(fits([window(60, 90)], PLAIN, 0, 1440), 0) == [60]


def test_an_appointment_may_reach_past_the_asked_window_into_open_time() -> None:
    assert minutes(fits([window(0, 130)], PLAIN, 99, 102), 99) == [99, 100]


def test_openings_that_touch_count_as_one_but_keep_their_own_grids() -> None:
    open_ = [window(0, 50), window(50, 100)]
    shape = Shape(duration=20, before=0, after=0, interval=20)
    assert minutes(fits(open_, shape, 0, 100) & grid_mask(open_, shape, 0, 100), 0) == [
        0, 20, 40, 50, 70,
    ]  # fmt: skip


def test_an_interval_longer_than_the_opening_leaves_its_first_minute() -> None:
    shape = Shape(duration=5, before=0, after=0, interval=3000)
    assert minutes(grid_mask([window(60, 90), window(200, 230)], shape, 0, 1440), 0) == [60, 200]


def test_a_clock_grid_begins_again_at_each_local_midnight() -> None:
    shape = Shape(duration=5, before=0, after=0, interval=500, by_clock=True)
    assert minutes(grid_mask([window(400, 3000)], shape, 0, 2880), 0) == [
        500, 1000, 1440, 1940, 2440,
    ]  # fmt: skip


def test_buffers_may_hang_over_the_opening_hours() -> None:
    shape = Shape(duration=30, before=10, after=10, interval=15)
    open_ = [window(60, 90)]
    assert minutes(fits(open_, shape, 0, 200) & ~blocked_mask([], shape, 0, 200), 0) == [60]


def test_busy_time_without_length_blocks_nothing() -> None:
    assert blocked_mask([(60, 60), (90, 80)], PLAIN, 0, 200) == 0


@pytest.mark.parametrize("wrong", [(0, 0, 0, 15), (30, 0, 0, 0), (30, -1, 0, 15), (30, 0, -1, 15)])
def test_an_impossible_shape_is_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="impossible shape"):
        Shape(*wrong)
