"""Durations are read and shown as people write them."""

from __future__ import annotations

import doctest
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from bookings.admin import durations
from bookings.admin.durations import DurationField, in_words, read


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(durations).failed == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        (" 45MIN ", 45),
        ("45 minutes", 45),
        ("1 h 30 min", 90),
        ("1h30m", 90),
        ("1 hour, 30 mins", 90),
        ("1:30", 90),
        ("0:05", 5),
        ("2 days", 2880),
        ("1 d", 1440),
        ("2 weeks 1 day", 15 * 1440),
        ("0", 0),
    ],
)
def test_a_duration_is_understood_as_it_is_written(text: str, minutes: int) -> None:
    assert read(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["30 s", "30 seconds", "1 min 30 sec", "00:00:30", "1:30:00"])
def test_seconds_are_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValidationError, match="Seconds are not counted"):
        read(text)


@pytest.mark.parametrize(
    "text", ["soon", "-5", "1.5", "1 h 2 h", "5 min 1 h", "1:75", "h", "٤٥", "1e3", "5 ms", "<b>"]
)
def test_nonsense_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(ValidationError, match="is not a duration"):
        read(text)


@pytest.mark.parametrize("text", ["3651 days", "9" * 4000])
def test_more_than_ten_years_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="longer than ten years"):
        read(text)


@pytest.mark.parametrize("minutes", [0, 1, 45, 60, 90, 1439, 1440, 1500, 4321, 90 * 1440])
def test_what_is_shown_is_understood_again(minutes: int) -> None:
    length = timedelta(minutes=minutes)

    assert read(in_words(length)) == length


def test_the_field_shows_words_and_keeps_what_was_typed() -> None:
    field = DurationField()

    assert field.prepare_value(timedelta(minutes=90)) == "1 h 30 min"
    assert field.prepare_value("soon") == "soon"


def test_an_unchanged_duration_in_other_words_is_no_change() -> None:
    assert not DurationField().has_changed(timedelta(minutes=90), "1:30")


def test_an_empty_optional_duration_is_none() -> None:
    assert DurationField(required=False).clean("  ") is None
