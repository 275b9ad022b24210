"""Text on a brand colour can be read."""

from __future__ import annotations

import doctest
from itertools import product

import pytest

from bookings.outlets import colour


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio as WCAG defines it."""

    def light(of: str) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (int(of[at : at + 2], 16) / 255 for at in (1, 3, 5))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_ink_has_contrast_on_every_colour() -> None:
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in product(range(0, 256, 15), repeat=3)]

    assert [on for on in colours if contrast(on, colour.ink(on)) < 4.5] == []


@pytest.mark.parametrize("typed", ["", "red", "#fff", "#12345g", "#123456;x:y", "#123456\n"])
def test_what_is_no_colour_becomes_a_quiet_one(typed: str) -> None:
    assert colour.brand(typed) == "#334155"


def test_the_examples_hold() -> None:
    assert doctest.testmod(colour).failed == 0
