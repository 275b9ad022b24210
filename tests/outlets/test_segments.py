"""How many parts a text has, by the standard of the networks."""

from __future__ import annotations

import pytest

from bookings.outlets.sms import segments, thrifty


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("Grüße, 5 £ für Ångström @ ñ" + "x" * 133, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("[" * 76 + "x" * 9, 2),
        ("ł" * 70, 1),
        ("ł" + "x" * 70, 2),
        ("ł" * 134, 2),
        ("ł" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
    ],
)
def test_a_text_is_billed_by_parts_of_the_alphabet_that_it_needs(words: str, parts: int) -> None:
    assert segments(words) == parts


def test_no_part_ends_between_the_halves_of_a_character() -> None:
    # 153 characters of room: an escaped one takes two, and goes to the next part whole.
    assert segments("x" * 152 + "€" + "x" * 151) == 2
    assert segments("x" * 152 + "€" + "x" * 152) == 3
    assert segments("ł" * 66 + "😀" + "ł" * 66) == 3


def test_fine_typography_is_made_plain_where_it_costs_a_part() -> None:
    fine = "Salon Möwe: “Haircut” – Monday, 3 March, 9:00\u202fAM …" + "x" * 40

    assert thrifty(fine) == 'Salon Möwe: "Haircut" - Monday, 3 March, 9:00 AM ...' + "x" * 40
    assert segments(thrifty(fine)) == 1


def test_fine_typography_stays_where_plain_dashes_would_save_nothing() -> None:
    assert thrifty("Środa – 9:00") == "Środa – 9:00"
