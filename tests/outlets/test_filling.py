"""The blanks in a business's own words: what is filled in, and all that is not."""

from __future__ import annotations

import doctest

import pytest

from bookings.outlets import filling
from bookings.outlets.filling import filled, unknown_blanks

VALUES = {"name": "Jo", "start": "Tue 3 Nov 2026, 09:00", "reason": ""}


def test_blanks_are_filled_however_they_are_spaced() -> None:
    assert filled("{{name}}, {{ name }}: {{  start  }}{{ reason }}!", VALUES) == (
        "Jo, Jo: Tue 3 Nov 2026, 09:00!"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{{ settings }}",
        "{{ settings.SECRET_KEY }}",
        "{x.__class__}",
        "{name}",
        "{{ name.__class__ }}",
        "{{ name|upper }}",
        "{{ NAME }}",
        "{{ {{ name }} }}",
        "{{ {{ {{ name }} }} }}",
        "{% now 'Y' %}",
        "{# name #}",
        "%(name)s",
        "$name ${name}",
        "{{ name }",
        "{ { name } }",
        "{{\nname\n}}",
        "{{}}",
        "<%= name %>",
        "{{ na\u200bme }}",
    ],
)
def test_anything_else_stays_as_it_was_typed(text: str) -> None:
    assert filled(text, VALUES) == text


def test_what_is_filled_in_is_not_read_again() -> None:
    assert filled("{{ name }}", VALUES | {"name": "{{ start }} {{ name }}"}) == (
        "{{ start }} {{ name }}"
    )


def test_a_thousand_open_braces_take_no_time() -> None:
    assert filled("{{" * 50_000, VALUES) == "{{" * 50_000
    assert filled("{{a" * 20_000 + "}}" * 20_000, VALUES).startswith("{{a{{a")


def test_blanks_that_nobody_fills_are_named() -> None:
    assert unknown_blanks("{{ name }} {{ nmae }} {x} {{ name|upper }}") == [
        *("{{ nmae }}", "{{ name|upper }}")
    ]


def test_worked_cases_hold() -> None:
    assert doctest.testmod(filling).failed == 0
