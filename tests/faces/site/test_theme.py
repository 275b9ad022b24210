"""The colours of a business."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.faces.site.theme import BLACK, WHITE, ink_on, luminance
from tests import make


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ink_can_be_read_on_every_colour() -> None:
    steps = range(0, 256, 15)
    colours = [f"#{r:02x}{g:02x}{b:02x}" for r in steps for g in steps for b in steps]

    assert min(contrast(ink_on(colour), colour) for colour in colours) >= 4.5
    assert (ink_on("#000000"), ink_on("#ffffff")) == (WHITE, BLACK)


@pytest.mark.django_db
def test_the_style_sheet_is_kept_for_a_year_and_its_address_changes_with_the_colour(
    client: Client,
) -> None:
    studio = make.business(brand="#ffd23f")
    address = f"/theme/{studio.slug}.css"

    def linked() -> str:
        page = client.get(f"/b/{studio.slug}/").content.decode()
        return page.split(f'href="{address}')[1].split('"')[0]

    sheet, before = client.get(address), linked()
    studio.brand = "#102030"
    studio.save(update_fields=["brand"])

    assert b"--brand: #ffd23f; --on-brand: #000000;" in sheet.content
    assert "max-age=31536000" in sheet["Cache-Control"]
    assert linked() != before
