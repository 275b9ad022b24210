from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.engine.intervals import Span, intersect, subtract, union

SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)
settings.register_profile("engine", derandomize=True, database=None, deadline=None)


def minutes(spans: list[Span]) -> set[int]:
    return {minute for start, end in spans for minute in range(start, end)}


def is_tidy(spans: list[Span]) -> bool:
    return all(start < end for start, end in spans) and all(
        a[1] < b[0] for a, b in itertools.pairwise(spans)
    )


@settings(settings.get_profile("engine"))
@given(SPANS)
def test_union_keeps_every_minute_and_is_idempotent(spans: list[Span]) -> None:
    merged = union(spans)
    assert minutes(merged) == minutes(spans)
    assert is_tidy(merged)
    assert union(merged) == merged


@settings(settings.get_profile("engine"))
@given(SPANS.map(union), SPANS.map(union))
def test_intersect_keeps_what_lies_in_both(a: list[Span], b: list[Span]) -> None:
    common = intersect(a, b)
    assert minutes(common) == minutes(a) & minutes(b)
    assert is_tidy(common)
    assert common == intersect(b, a)


@settings(settings.get_profile("engine"))
@given(SPANS.map(union), SPANS.map(union))
def test_subtract_leaves_no_overlap_and_nothing_else_out(a: list[Span], b: list[Span]) -> None:
    rest = subtract(a, b)
    assert minutes(rest) == minutes(a) - minutes(b)
    assert is_tidy(rest)
    assert intersect(rest, b) == []
    assert union([*rest, *intersect(a, b)]) == a
