"""The bitmaps, the sweep and the minute-by-minute oracle find the same starts."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import oracle, sweep
from tests.engine.question import answer
from tests.engine.random_questions import CHANGES, stream

CASES = 200  # of each zone; about half are made to have starts
STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=CASES)
CHANCES = st.randoms(use_true_random=True)


@pytest.mark.parametrize("zone", CHANGES)
def test_bitmaps_sweep_and_oracle_find_the_same_starts(zone: str) -> None:
    compared: list[bool] = []

    @STEADY
    @given(CHANCES)
    def compare(chance: Random) -> None:
        questions = stream(chance, zone)
        question = next(chance.choice([questions, filter(answer, questions)]))
        found = answer(question)
        assert found == sweep.starts(question)
        assert found == oracle.starts(question)
        compared.append(bool(found))

    compare()
    assert len(compared) * len(CHANGES) >= 2000
    assert sum(compared) * 2 >= len(compared)


@pytest.mark.parametrize("zone", CHANGES)
def test_the_answer_for_a_part_of_a_window_is_that_part_of_the_answer(zone: str) -> None:
    @STEADY
    @given(CHANCES)
    def cut(chance: Random) -> None:
        question = next(stream(chance, zone))
        lo, hi = question.lo + chance.randrange(1500), question.hi - chance.randrange(1500)
        expected = [minute for minute in answer(question) if lo <= minute < hi]
        assert answer(replace(question, lo=lo, hi=hi)) == expected

    cut()
