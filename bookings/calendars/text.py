"""Text without the characters that steer machines instead of being read."""

from __future__ import annotations

import re
from typing import Final

# C0 and C1 controls, line and paragraph separators, bidi marks, embeddings, overrides and
# isolates, the byte order mark, lone surrogates. Joiners stay: emoji and scripts need them.
_STEERING: Final = (
    "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
)
_ANY: Final = re.compile(f"[{_STEERING}]")
_BREAK: Final = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"\s+")


def one_line(text: str, limit: int = 1000) -> str:
    """Return `text` as one line of at most `limit` characters; line breaks become spaces.

    >>> one_line("Jo\\r\\nBcc: all@example.com")
    'Jo Bcc: all@example.com'
    """
    spaced = _BREAK.sub(" ", text).replace("\t", " ")
    return shortened(_SPACES.sub(" ", _ANY.sub("", spaced)).strip(), limit)


def paragraphs(text: str, limit: int = 10_000) -> str:
    r"""Return `text` with plain line breaks, at most one empty line in a row.

    >>> paragraphs("one\r\n\r\n\r\n\r\ntwo\x07 ")
    'one\n\ntwo'
    """
    lines = [one_line(line, limit) for line in _BREAK.split(text)]
    return shortened(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), limit)


def shortened(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, an ellipsis in place of what is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
