"""Situations from the lives of booking systems, asked of the engine."""

from __future__ import annotations

import json
from functools import reduce

import pytest

from bookings.engine.hours import at_minute, meet, minute_of, windows
from bookings.engine.intervals import subtract, union
from bookings.engine.policy import Candidate, Strategy, ranked
from tests.engine import oracle
from tests.engine.question import answer
from tests.scenarios.cases import HERE, Case, calendar, cases, instant, instants, question, title


@pytest.mark.parametrize("case", cases("starts"), ids=title)
def test_the_starts_are(case: Case) -> None:
    asked = question(case)
    found = [at_minute(minute) for minute in answer(asked)]
    if "first" in case:
        assert found[:1] == [instant(text) for text in [case["first"]] if text]
    else:
        assert found == instants(case["starts"])


@pytest.mark.parametrize("case", cases("starts"), ids=title)
def test_the_oracle_says_the_same(case: Case) -> None:
    asked = question(case)
    assert oracle.starts(asked) == answer(asked)


@pytest.mark.parametrize("case", cases("open"), ids=title)
def test_the_open_time_is(case: Case) -> None:
    zone = case.get("zone", "UTC")
    lo, hi = (minute_of(instant(case["asked"][key])) for key in ("from", "to"))
    people = [calendar(person, zone) for person in case["staff"]]
    both = reduce(meet, (windows(person.hours, lo, hi) for person in people))
    busy = union(span for person in people for span in person.busy)
    found = subtract(union((window.start, window.end) for window in both), busy)
    assert [(at_minute(start), at_minute(end)) for start, end in found] == [
        (instant(start), instant(end)) for start, end in case["open"]
    ]


@pytest.mark.parametrize("case", cases("turn"), ids=title)
def test_the_turn_is(case: Case) -> None:
    candidates = [
        Candidate(
            resource_id=each["id"],
            booked_that_day=each["booked_that_day"],
            last_booked_minute=minute_of(instant(each["last_booked"])),
            priority=each["priority"],
        )
        for each in case["candidates"]
    ]
    assert ranked(candidates, Strategy(case["strategy"]), lambda: 0.5)[0] == case["turn"]


def test_every_case_is_decided_or_left_out_with_a_reason() -> None:
    decided = {case["id"].rstrip("b") for case in cases("starts", "open", "turn", "steps")}
    left_out = json.loads((HERE / "left_out.json").read_text())
    undecided = [number for group in left_out for number in group["cases"]]
    assert (len(decided), len(undecided), decided & set(undecided)) == (151, 51, set())
    assert all(group["why"].endswith(".") for group in left_out)
