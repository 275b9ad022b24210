"""The colours of a business: the one it chose, and the ink that can be read on it."""

from __future__ import annotations

from hashlib import sha256

WHITE, BLACK = "#ffffff", "#000000"


def ink_on(brand: str) -> str:
    """Return black or white, whichever has more contrast on `brand` (`#rrggbb`).

    The better of the two never has a contrast under 4.5:1.

    >>> ink_on("#b4232c"), ink_on("#ffd23f")
    ('#ffffff', '#000000')
    """
    light = luminance(brand)
    on_white, on_black = 1.05 / (light + 0.05), (light + 0.05) / 0.05
    return WHITE if on_white >= on_black else BLACK


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` as WCAG defines it, 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def style_sheet(brand: str) -> str:
    """Return the style sheet that gives the pages this brand colour."""
    return f"@layer tokens {{ :root {{ --brand: {brand}; --on-brand: {ink_on(brand)}; }} }}\n"


def version(brand: str) -> str:
    """Return a short name for the style sheet's content, so that it can be kept for a year."""
    return sha256(style_sheet(brand).encode()).hexdigest()[:8]
