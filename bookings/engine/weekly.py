"""Weekly rules as people write them, and whether two of them say the same minute twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

WEEK = 7 * 1440
Rule = tuple[int, time, time]
"""Weekday (Monday 0), opens, closes; an end that is not after the start is on the next day."""


def overlapping(rules: Iterable[Rule]) -> tuple[Rule, Rule] | None:
    """Return two weekly rules that cover the same minute, None where there are none.

    >>> overlapping([(0, time(9), time(12)), (0, time(12), time(17))])
    >>> overlapping([(6, time(22), time(2)), (0, time(1), time(5))]) is None
    False
    """
    spans = sorted((_start(rule), _start(rule) + _length(rule), rule) for rule in rules)
    if not spans:
        return None
    start, end, first = spans[0]
    following = [*spans[1:], (start + WEEK, end + WEEK, first)]
    for (_begins, ends, rule), (begins, _ends, other) in zip(spans, following, strict=True):
        if begins < ends:
            return rule, other
    return None


def _start(rule: Rule) -> int:
    return rule[0] * 1440 + rule[1].hour * 60 + rule[1].minute


def _length(rule: Rule) -> int:
    minutes = (rule[2].hour - rule[1].hour) * 60 + rule[2].minute - rule[1].minute
    return minutes if minutes > 0 else minutes + 1440
