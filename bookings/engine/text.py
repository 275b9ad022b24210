"""Text as people may send it, made harmless: no control or direction-changing characters."""

from __future__ import annotations

import json
import unicodedata

_KEPT = {"\n", "\t"}
_BREAKS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n"}
_DIRECTIONS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C)}


def clean_text(text: str) -> str:
    r"""Return several lines of text without control and bidi characters, trimmed.

    >>> clean_text("one\r\ntwo\x00\u202e ")
    'one\ntwo'
    """
    for old, new in _BREAKS.items():
        text = text.replace(old, new)
    kept = (char for char in text if char in _KEPT or not _is_control(char))
    return "".join(kept).strip()


def clean_line(text: str) -> str:
    r"""Return text as a single line: as `clean_text`, and white space becomes one blank.

    >>> clean_line(" Ann\r\nBcc: all@example.org\x07 ")
    'Ann Bcc: all@example.org'
    """
    return " ".join(clean_text(text).split())


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} or char in _DIRECTIONS


def pretty_json(text: str) -> str:
    """Return JSON over several lines, to be read; what is none comes back as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
