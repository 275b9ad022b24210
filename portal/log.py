"""Logs that name no customer."""

from __future__ import annotations

import logging
import re
from typing import Any

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


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "portal.log.DiscreetFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "fido2": {"level": "WARNING"},
        "gunicorn": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},
    },
}
"""Django's configuration of logging: everything to standard error, and nothing twice."""
