"""Names that pretend to be another: how they look, not how they are spelt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# Letters of other scripts, digits and signs that look like small Latin letters. Capitals are
# small by then; accents are gone.
_TWINS: Final = str.maketrans(
    {
        **dict.fromkeys("аαɑ", "a"),
        **dict.fromkeys("вβ", "b"),
        **dict.fromkeys("сϲς", "c"),
        **dict.fromkeys("ԁ", "d"),
        **dict.fromkeys("еєεҽ", "e"),
        **dict.fromkeys("ɡ", "g"),
        **dict.fromkeys("һнη", "h"),
        **dict.fromkeys("іıιӏ1|!ǀ", "l"),
        **dict.fromkeys("ј", "j"),
        **dict.fromkeys("кκ", "k"),
        **dict.fromkeys("мμ", "m"),
        **dict.fromkeys("пո", "n"),
        **dict.fromkeys("оοσօө0", "o"),
        **dict.fromkeys("рρ", "p"),
        **dict.fromkeys("ѕ5$", "s"),
        **dict.fromkeys("тτ", "t"),
        **dict.fromkeys("υս", "u"),
        **dict.fromkeys("ѵν", "v"),
        **dict.fromkeys("ԝω", "w"),
        **dict.fromkeys("хχ", "x"),
        **dict.fromkeys("уγү", "y"),
        **dict.fromkeys("ζ", "z"),
        "i": "l",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "3": "e",
        "4": "a",
        "@": "a",
    }
)
_PAIRS: Final = (("rn", "m"), ("vv", "w"))
_ENDINGS: Final = (
    "com|net|org|info|biz|io|co|app|dev|me|shop|site|online|top|xyz|link|click|page"
    "|eu|de|at|ch|fr|it|es|pt|nl|be|pl|cz|dk|se|no|fi|uk|ie|us|ca|au|ru|ua|cn|jp|in|br"
)
_ADDRESS: Final = re.compile(
    rf"\S@\S|://|\bwww\.|\b[\w-]{{2,}}\.(?:{_ENDINGS})\b(?!\.)", re.IGNORECASE
)


def looks(name: str) -> str:
    """Return what a name looks like: two names that look alike are equal.

    Case, accents, spaces, punctuation and invisible characters do not count; letters of other
    scripts, digits and pairs of letters count as the Latin letters they resemble.

    >>> looks("Pаy Pal") == looks("PayPaI") == looks("РАYPAL") == "paypal"
    True
    >>> looks("Salon Möwe") == looks("5al0n\\u200b Movve")
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    twins = bare.translate(_TWINS)
    seen = "".join(character for character in twins if character.isalnum())
    for pair, single in _PAIRS:
        seen = seen.replace(pair, single)
    return seen


def is_reserved(name: str, reserved: Iterable[str]) -> bool:
    """Say whether a name looks like a reserved one; one that ends in `*` is so in longer names.

    >>> is_reserved("PayPal Support", ["paypal*"]), is_reserved("Support group", ["support"])
    (True, False)
    """
    seen = looks(name)
    return any(
        looks(word) in seen if word.endswith("*") else looks(word) == seen
        for word in reserved
        if looks(word)
    )


def holds_address(name: str) -> bool:
    """Say whether a name has an e-mail or web address in it.

    >>> [holds_address(each) for each in ("a@b", "www.salon", "Salon.com", "Dr. Smith e.V.")]
    [True, True, True, False]
    """
    plain = unicodedata.normalize("NFKC", name)
    visible = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return bool(_ADDRESS.search(visible))
