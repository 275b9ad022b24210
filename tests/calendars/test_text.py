"""Text is cleaned of what steers machines and keeps what people read."""

from __future__ import annotations

import doctest

import pytest

from bookings.calendars import text
from bookings.calendars.text import one_line, paragraphs


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jo\r\nBcc: x", "Jo Bcc: x"),
        ("Jo\rX", "Jo X"),
        ("a\u2028b\u2029c\u0085d\ve\ff", "a b c d e f"),
        ("tab\tbed", "tab bed"),
        ("\x00\x07a\x1bb\x7f\x9f", "ab"),
        ("\u202eevil\u202c\u200f\u2066x\u2069", "evilx"),
        ("👩🏽‍🚀 Zoë", "👩🏽‍🚀 Zoë"),
        ("  two   words ", "two words"),
        ("x" * 20, "x" * 9 + "…"),
        ("\ud800lone", "lone"),
    ],
)
def test_one_line_is_one_line(typed: str, kept: str) -> None:
    assert one_line(typed, 10 if typed.startswith("xx") else 1000) == kept


def test_paragraphs_keep_their_breaks() -> None:
    assert paragraphs("one\r\ntwo\r\r\r\rthree\u2028four\x00 ") == "one\ntwo\n\nthree\nfour"


def test_the_examples_hold() -> None:
    assert doctest.testmod(text).failed == 0
