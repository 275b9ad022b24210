"""The bitmaps, the sweep and the minute-by-minute oracle find the same starts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.engine.hours import (
    Availability,
    Hours,
    Segment,
    ServiceHours,
    Week,
    at_minute,
    minute_of,
)
from bookings.engine.policy import Grid, Policy, Strategy
from bookings.engine.slots import Shape
from tests.engine import oracle, sweep
from tests.engine.question import Calendar, Question, answer

CASES = 100  # of each zone, and as many again that have starts
CHANGES = {
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Berlin": [date(2026, 3, 29), date(2026, 10, 25)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Asia/Kolkata": [date(2026, 3, 29)],
    "UTC": [date(2026, 3, 29)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "Pacific/Apia": [date(2011, 12, 30), date(2012, 4, 1)],
}
STEADY = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
ALWAYS = Availability("staff")
FIVES = st.integers(0, 287).map(lambda step: 5 * step)
LENGTHS = st.sampled_from([15, 10, 5, 20, 25, 180, 45, 50, 120, 90, 60, 30])


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, ...]:
    """One to three openings of a day; mostly long ones, some past midnight, some overlapping."""
    opened = []
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        opens = draw(FIVES)
        length = draw(st.sampled_from([960, 600, 480, 7, 300, 240, 90, 720, 1440]))
        opened.append(Segment(opens, opens + length))
    return tuple(opened)


DAY_OFF = st.just(())
WEEKS = st.lists(st.one_of(*[segments()] * 5, DAY_OFF), min_size=1, max_size=2).map(
    lambda days: tuple(days[i % len(days)] for i in range(7))
)


@st.composite
def hours(draw: st.DrawFn, zone: str, around: date) -> Hours:
    days = st.sampled_from([around + timedelta(days=shift) for shift in (-1, 0, 1)])
    exceptions = st.dictionaries(days, st.one_of(segments(), DAY_OFF), max_size=1)
    return Hours(zone, draw(WEEKS), draw(exceptions))


@st.composite
def availability(draw: st.DrawFn) -> Availability:
    kind = draw(st.sampled_from(["staff", "weekly", "weekly", "none", "weekly", "staff"]))
    week: Week = draw(WEEKS) if kind == "weekly" else ()
    return Availability(kind, week)


@st.composite
def services(draw: st.DrawFn, zone: str, around: date) -> ServiceHours:
    shifts = st.integers(-2, 2).map(lambda shift: around + timedelta(days=shift))
    ranges = st.tuples(shifts, shifts, availability())
    general = draw(st.one_of(*[st.just(ALWAYS)] * 6, availability()))
    return ServiceHours(
        zone, general, tuple(draw(st.one_of(*[st.just([])] * 2, st.lists(ranges, max_size=2))))
    )


@st.composite
def calendars(draw: st.DrawFn, zone: str, around: date, lo: int, hi: int) -> Calendar:
    zones = st.sampled_from([zone] * 5 + ["Asia/Kolkata", "America/New_York"])
    spans = st.tuples(st.integers(lo - 120, hi + 120), st.sampled_from([15, 1, 0, 300, 60, 40]))
    busy = draw(st.lists(spans.map(lambda span: (span[0], sum(span))), max_size=3))
    days = st.sampled_from([around, around + timedelta(days=1)])
    booked = st.dictionaries(days, st.integers(1, 3), max_size=2)
    return Calendar(draw(hours(draw(zones), around)), tuple(busy), draw(booked))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        interval=timedelta(minutes=15),
        minimum_lead=timedelta(minutes=draw(st.sampled_from([0, 1, 90, 600, 0, 0]))),
        maximum_advance=timedelta(minutes=draw(st.sampled_from([9000, 1500, 60, 9000]))),
        cancellation_notice=timedelta(0),
        allow_staff_selection=True,
        notify_business=False,
        strategy=Strategy.BALANCED,
        grid=Grid.HOURS,
        resource_daily_limit=draw(st.sampled_from([None, None, 2, 3, None])),
    )


@st.composite
def questions(draw: st.DrawFn, zone: str) -> Question:
    """A question about one to two days around a change of the clocks."""
    around = draw(st.sampled_from(CHANGES[zone]))
    noon = minute_of(datetime(around.year, around.month, around.day, 12, tzinfo=UTC))
    lo = noon + draw(st.integers(-1800, 0))
    hi = lo + draw(st.sampled_from([1440, 900, 60, 1600, 1100, 0, 1500, 1200, 1800, 2000]))
    shape = Shape(
        duration=draw(LENGTHS),
        before=draw(st.sampled_from([0, 5, 30, 10, 0])),
        after=draw(st.sampled_from([0, 5, 30, 10, 0])),
        interval=draw(LENGTHS),
        by_clock=draw(st.booleans()),
    )
    calendar = calendars(zone, around, lo, hi)
    sessions = st.tuples(st.integers(lo, lo + 1440), st.integers(1, 4))
    rooms = st.lists(calendar, min_size=1, max_size=2).map(tuple)
    others = draw(st.one_of(st.just(()), st.just(()), st.tuples(rooms), st.tuples(rooms, rooms)))
    return Question(
        lo=lo,
        hi=hi,
        now=at_minute(lo) + timedelta(seconds=draw(st.integers(-90_000, 3_000))),
        zone=zone,
        service=draw(services(zone, around)),
        staff=tuple(draw(st.lists(calendar, min_size=1, max_size=2))),
        shape=shape,
        policy=draw(policies()),
        others=others,
        together=draw(st.sampled_from([False, False, True])),
        sessions=tuple(draw(st.lists(sessions, max_size=1))),
        seats=draw(st.integers(1, 3)),
    )


def agree(strategy: st.SearchStrategy[Question]) -> Counter[str]:
    """Compare the three answers to the questions drawn, and count questions and answers."""
    seen: Counter[str] = Counter()

    @settings(STEADY, max_examples=CASES)
    @given(strategy)
    def compare(question: Question) -> None:
        found = answer(question)
        assert found == sweep.starts(question)
        assert found == oracle.starts(question)
        seen["questions"] += 1
        seen["with starts"] += bool(found)

    compare()
    return seen


@pytest.mark.parametrize("zone", CHANGES)
def test_bitmaps_sweep_and_oracle_find_the_same_starts(zone: str) -> None:
    assert agree(questions(zone))["questions"] >= CASES


@pytest.mark.parametrize("zone", CHANGES)
def test_they_agree_as_well_where_there_are_starts(zone: str) -> None:
    assert agree(questions(zone).filter(answer))["with starts"] >= CASES


@pytest.mark.parametrize("zone", CHANGES)
def test_the_answer_for_a_part_of_a_window_is_that_part_of_the_answer(zone: str) -> None:
    @settings(STEADY, max_examples=CASES // 4)
    @given(questions(zone), st.integers(0, 1500), st.integers(0, 1500))
    def cut(question: Question, late: int, early: int) -> None:
        lo, hi = question.lo + late, question.hi - early
        expected = [minute for minute in answer(question) if lo <= minute < hi]
        assert answer(replace(question, lo=lo, hi=hi)) == expected

    cut()


def test_there_are_two_thousand_cases_and_half_of_them_have_starts() -> None:
    assert 2 * CASES * len(CHANGES) >= 2000
