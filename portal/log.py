"""Logs that name no customer."""

from __future__ import annotations

import logging
import re

HIDDEN = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<address>"),
    (re.compile(r"\b[A-Za-z0-9_-]{40,}(?![\w-])"), "<token>"),
    (re.compile(r"^(DETAIL|CONTEXT|PARAMETERS): .*$", re.MULTILINE), r"\1: <hidden>"),
)


class DiscreetFormatter(logging.Formatter):
    """Leave e-mail addresses, tokens of links and rows quoted by the database out of the log."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and its traceback, with what is personal replaced."""
        line = super().format(record)
        for pattern, instead in HIDDEN:
            line = pattern.sub(instead, line)
        return line
