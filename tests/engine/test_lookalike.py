"""Names that pretend to be others, and names that merely sound like something."""

from __future__ import annotations

import pytest

from bookings.engine.lookalike import holds_address, is_reserved, looks

RESERVED = ["security", "no-reply", "paypal*", "microsoft*", "book.example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "salon mowe",
        "SALON MÖWE",
        "Salon-Möwe.",
        "Ѕаlоn Möwe",
        "Sal\u200bon\u00ad M\u2060öwe",
        "S a l o n  M o w e",
        "Salοn Mοwe",
        "Sa1on M0we",
        "SaIon Möwe",
        "Ｓalon Möwe",
        "Salon Mövve",
        "𝐒alon 𝑀öwe",
    ],
)
def test_names_that_look_like_it_are_the_same_name(name: str) -> None:
    assert looks(name) == looks("Salon Möwe")


@pytest.mark.parametrize(
    "name", ["Salon Move", "Salon Möwen", "Salon Möwe Berlin", "Möwe Salon", "Solan Möwe"]
)
def test_names_that_merely_resemble_it_are_others(name: str) -> None:
    assert looks(name) != looks("Salon Möwe")


def test_signs_alone_look_like_nothing() -> None:
    assert looks("★ – \u200b") == ""
    assert not is_reserved("★", ["*", "–"])


@pytest.mark.parametrize(
    "name",
    [
        "Security",
        "5ecurity",
        "S E C U R I T Y",
        "noreply",
        "No Reply",
        "PayPal",
        "PayPaI Support",
        "Рayрal",
        "Your Pay-Pal team",
        "Micr0s0ft Bookings",
        "Microsoft",
        "rnicrosoft",
        "BOOK.example.org",
    ],
)
def test_reserved_names_are_known_in_disguise(name: str) -> None:
    assert is_reserved(name, RESERVED)


@pytest.mark.parametrize("name", ["Security Office", "Replay", "Pal & Pay", "Town hall", "Möwe"])
def test_ordinary_names_are_free(name: str) -> None:
    assert not is_reserved(name, RESERVED)


@pytest.mark.parametrize(
    "name",
    [
        "desk@salon.example",
        "Salon <a@b>",
        "https://salon.example",
        "www.salon",
        "salon.com",
        "Salon．com",
        "Visit sa\u200blon.de now",
        "Salon ＠ home@x",
    ],
)
def test_addresses_in_a_name_are_found(name: str) -> None:
    assert holds_address(name)


@pytest.mark.parametrize(
    "name", ["Dr. Smith", "Salon Möwe e.V.", "St. Pauli Hair", "No. 1 Barber", "A & B", "24/7 Gym"]
)
def test_dots_are_no_addresses(name: str) -> None:
    assert not holds_address(name)
