"""Names as people look for them: without capitals and accents."""

from __future__ import annotations

import unicodedata

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower

_BARRED = {"ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "ß": "s"}
"""Letters that no accent makes, and what people type for them."""


def _pairs() -> dict[str, str]:
    """Return the Latin letters with accents, in both cases, and the small letters without."""
    letters = [chr(code) for code in range(0xC0, 0x180)]
    plain = {letter: unicodedata.normalize("NFD", letter)[0].lower() for letter in letters}
    return {letter: base for letter, base in plain.items() if "a" <= base <= "z"} | _BARRED


_PLAIN = _pairs()
_TABLE = str.maketrans(_PLAIN)


def folded(text: str) -> str:
    """Return text in small letters without accents.

    >>> folded("Émile ZIELIŃSKI")
    'emile zielinski'
    """
    return unicodedata.normalize("NFC", text).lower().translate(_TABLE)


def folding(*columns: str) -> Func:
    """Return what the database makes of columns, a blank between them, as `folded` does.

    It compares every letter with all that have accents: for a column that is kept, not to be
    asked of many rows.
    """
    parts = [part for column in columns for part in (Value(" "), F(column))][1:]
    joined = Func(*parts, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())
    accented, plain = Value("".join(_PLAIN)), Value("".join(_PLAIN.values()))
    return Func(Lower(joined), accented, plain, function="translate", output_field=TextField())
