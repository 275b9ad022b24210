"""Times are worded in the reader's zone, which is always named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from bookings.outlets import times
from bookings.outlets.letter import When
from tests.outlets.letters import when


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (when(2026, 11, 3, 9, 0), "Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)"),
        (
            replace(when(2026, 11, 3, 9, 0), zone="Asia/Kolkata"),
            "Tuesday 3 November 2026, 13:30–14:15 (Asia/Kolkata)",
        ),
        (
            replace(when(2026, 11, 3, 1, 0), zone="America/Sao_Paulo"),
            "Monday 2 November 2026, 21:00–21:45 (America/Sao Paulo)",
        ),
        (
            when(2026, 11, 3, 23, 30),
            "Tuesday 3 November 2026, 23:30 – Wednesday 4 November 2026, 00:15 (Europe/Berlin)",
        ),
        (
            when(2026, 10, 25, 2, 15, minutes=30),
            "Sunday 25 October 2026, 02:15 UTC+2 – 02:45 UTC+2 (Europe/Berlin)",
        ),
        (
            when(2026, 10, 25, 2, 15, minutes=30, fold=1),
            "Sunday 25 October 2026, 02:15 UTC+1 – 02:45 UTC+1 (Europe/Berlin)",
        ),
        (
            when(2026, 3, 29, 1, 30, minutes=60),
            "Sunday 29 March 2026, 01:30 UTC+1 – 03:30 UTC+2 (Europe/Berlin)",
        ),
        (
            when(2026, 11, 1, 1, 30, zone="America/St_Johns"),
            "Sunday 1 November 2026, 01:30 UTC−2:30 – 01:15 UTC−3:30 (America/St Johns)",
        ),
    ],
)
def test_a_span_says_day_times_and_zone(span: When, words: str) -> None:
    assert times.span(span) == words


def test_a_start_is_short() -> None:
    assert times.start(when(2026, 11, 3, 9, 0)) == "Tue 3 Nov 2026, 09:00"


def test_days_and_months_are_in_the_readers_language() -> None:
    with override("de"):
        assert times.start(when(2026, 12, 2, 9, 0)) == "Mi., 2.\u00a0Dezember\u00a02026, 09:00"
