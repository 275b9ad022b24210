"""Read settings from the environment; a wrong value stops the start with one sentence.

A secret may come from a file: where `NAME` is not set, `NAME_FILE` names the file to read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict


def refuse(name: str, sentence: str) -> NoReturn:
    """Stop the start, naming the variable that is wrong."""
    raise SystemExit(f"{name}: {sentence}")


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding white space, `default` when unset or empty."""
    value = os.environ.get(name, "").strip()
    if not value and (file := os.environ.get(f"{name}_FILE")):
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            refuse(f"{name}_FILE", f"the file {file} cannot be read.")
    return value or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or no."""
    answers = {"": default, "1": True, "true": True, "yes": True, "on": True}
    answers |= {"0": False, "false": False, "no": False, "off": False}
    value = text(name).lower()
    if value not in answers:
        refuse(name, "say 1 or 0.")
    return answers[value]


def names(name: str, default: list[str]) -> list[str]:
    """Return a list that is written with commas."""
    return [item for part in text(name).split(",") if (item := part.strip())] or default


def folder(name: str, default: Path) -> Path:
    """Return a folder as an absolute path; it need not exist yet."""
    return Path(text(name) or default).resolve()


def database(name: str, default: str) -> dict[str, Any]:
    """Return the entry of `DATABASES` for a `postgresql://` address.

    The address may carry any parameter of libpq, such as `sslmode` or a socket's folder as `host`.
    """
    value = text(name, default)
    example = "postgresql://user:password@host:5432/database"
    if urlsplit(value).scheme not in ("postgresql", "postgres"):
        refuse(name, f"it must look like {example}.")
    try:
        parts = conninfo_to_dict(value)
    except psycopg.ProgrammingError:
        refuse(name, f"it must look like {example}.")
    if not parts.get("dbname"):
        refuse(name, "it names no database.")
    known = {key: str(parts.pop(key, "")) for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known["dbname"],
        **{key.upper(): known[key] for key in ("user", "password", "host", "port")},
        "OPTIONS": dict(parts),
    }
