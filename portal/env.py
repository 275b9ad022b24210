"""Read settings from the environment; a wrong value stops the start with one sentence.

Every reader takes the variable's name first. A secret may come from a file: where `NAME` is not
set, `NAME_FILE` names the file to read.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, unquote, urlsplit

import psycopg
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from psycopg.conninfo import conninfo_to_dict

from portal.files import written_once

THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
LEAST_KEY_LENGTH, LEAST_KEY_VARIETY = 50, 5
NAME = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*")
BROKERS = ("filesystem", "redis", "rediss", "redis+socket", "amqp", "amqps", "memory")


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


def flag(name: str, *, allowed: bool) -> bool:
    """Return a switch that is off by default; where it is not `allowed`, on is refused."""
    value = text(name, "0").lower()
    if value in ("0", "false", "no", "off"):
        return False
    if value not in ("1", "true", "yes", "on"):
        refuse(name, "say 1 or 0.")
    if not allowed:
        refuse(name, "it must be off in production, where it would lay open what is inside.")
    return True


def listed(name: str, default: str) -> list[str]:
    """Return what stands between commas, be it words or none."""
    return [item for part in text(name, default).split(",") if (item := part.strip())]


def number(name: str, default: int, *, least: int = 0, most: int) -> int:
    """Return a whole number from `least` to `most`."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        refuse(name, f"it must be a whole number from {least} to {most}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """Return a folder as an absolute path, made if it does not exist."""
    path = Path(text(name) or default).absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        refuse(name, f"the folder {path} cannot be made.")
    return path


def public_url(name: str) -> str:
    """Return the portal's own address, scheme and host only, without a slash at the end.

    It is empty when unset.
    """
    value = text(name).rstrip("/")
    if not value:
        return ""
    parts = _split(name, value, "https://book.example.org")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        refuse(name, "it must look like https://book.example.org.")
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        refuse(name, "it must be a scheme and a host only, like https://book.example.org.")
    return value


def port_behind(public: str) -> int:
    """Return the port to listen on when none is set: that of an address on this machine.

    0 stands for any: nobody expects the portal at a certain address.
    """
    if not public:
        return 0
    parts = urlsplit(public)
    if not is_this_machine([_host(public)]):
        return 8000
    return parts.port or (443 if parts.scheme == "https" else 80)


def hosts(name: str, *, public: str) -> list[str]:
    """Return the names the portal answers to, written with commas; default: that of `public`.

    A portal on a name of this machine answers to all of those.
    """
    host = _host(public)
    default = THIS_MACHINE if is_this_machine([host]) else [host]
    listed = [item for part in text(name).split(",") if (item := part.strip().lower())] or default
    if any("/" in item or " " in item for item in listed):
        refuse(name, "it must be host names with commas between, like book.example.org.")
    if not any(item in ("*", host) or _covers(item, host) for item in listed):
        refuse(name, f"it does not name {host}, the host of PUBLIC_URL.")
    return listed


def names(name: str) -> tuple[str, ...]:
    """Return host names, or `.suffix` for all names under one; written with commas."""
    listed = tuple(item for part in text(name).split(",") if (item := part.strip().lower()))
    if not all(NAME.fullmatch(item) for item in listed):
        refuse(name, "it must be host names with commas between, like .example.org.")
    return listed


def is_this_machine(names: list[str]) -> bool:
    """Tell whether all `names` are ones that only this machine itself can use."""
    return all(item in THIS_MACHINE or item.endswith(".localhost") for item in names)


def secret_key(name: str, kept: Path | None) -> str:
    """Return the key that signs sessions and links.

    Where `kept` is given the variable may be unset: a key is made once and kept in that file.
    Else it must be set, and strong.
    """
    value = text(name)
    if kept is not None:
        return value or written_once(kept, lambda: secrets.token_urlsafe(60))
    if not value:
        refuse(name, f"it is not set; production needs {LEAST_KEY_LENGTH} random characters.")
    if len(value) < LEAST_KEY_LENGTH or len(set(value)) < LEAST_KEY_VARIETY:
        refuse(name, f"it is too weak; production needs {LEAST_KEY_LENGTH} random characters.")
    if value.startswith("django-insecure-"):
        refuse(name, "it is the one that Django makes for trials; production needs another.")
    return value


def database(name: str) -> dict[str, Any] | None:
    """Return the entry of `DATABASES` for a `postgresql://` address, None when unset.

    The address may carry any parameter of libpq, such as `sslmode` or a socket's folder as `host`.
    """
    value = text(name)
    if not value:
        return None
    example = "postgresql://user:password@host:5432/database"
    if not value.startswith(("postgresql://", "postgres://")):
        refuse(name, f"it must look like {example}.")
    try:
        parts = conninfo_to_dict(value)
    except psycopg.ProgrammingError:
        refuse(name, f"it must look like {example}.")
    if not parts.get("dbname"):
        refuse(name, f"it names no database; it must look like {example}.")
    known = {key: str(parts.pop(key, "")) for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known.pop("dbname"),
        **{key.upper(): value for key, value in known.items()},
        "OPTIONS": dict(parts),
    }


def database_pool(name: str, default: int) -> dict[str, Any]:
    """Return the options of a pool of up to that many connections; of none for 0.

    Connections are tried before use and a lost server is waited for only briefly, so that an
    outage is answered at once and the first request after it succeeds.
    """
    size = number(name, default, most=1000)
    return {"min_size": 1, "max_size": size, "timeout": 5} if size else {}


@dataclass(frozen=True)
class Mail:
    """Where e-mail goes: a server, or files when `host` is empty."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    ssl: bool = False
    starttls: bool = False


def mail(name: str) -> Mail:
    """Return where e-mail goes: smtp://, smtps:// (TLS) or smtp+tls:// (STARTTLS), else files."""
    value = text(name)
    if not value:
        return Mail("portal.mail.FileBackend")
    example = "smtp+tls://user:password@mail.example.org:587"
    parts = _split(name, value, example)
    ports = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
    if parts.scheme not in ports or not parts.hostname or parts.path.strip("/"):
        refuse(name, f"it must look like {example}.")
    return Mail(
        "portal.smtp.SmtpBackend",
        host=parts.hostname,
        port=parts.port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ssl=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+tls",
    )


def client(name: str) -> list[dict[str, str]]:
    """Return the id and the secret of this portal at a provider of sign-in; none when unset."""
    value = text(name)
    identity, _, secret = value.partition(":")
    if value and not (identity.strip() and secret.strip()):
        refuse(name, "it must be the client's id and its secret with a colon between.")
    return [{"client_id": identity.strip(), "secret": secret.strip()}] if value else []


def address(name: str, default: str) -> str:
    """Return an e-mail address; `default` is taken as it is."""
    value = text(name)
    try:
        if value:
            validate_email(value)
    except ValidationError:
        refuse(name, "it must be an e-mail address.")
    return value or default


def broker(name: str, default: str) -> str:
    """Return the address of Celery's message broker."""
    value = text(name, default)
    if _split(name, value, "redis://host:6379/0").scheme not in BROKERS:
        refuse(name, "it must look like redis://host:6379/0, or be filesystem://.")
    return value


def _split(name: str, value: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        refuse(name, f"it must look like {example}.")
    return parts


def _host(url: str) -> str:
    """Return the host as it stands in a `Host` header, without the port."""
    name = urlsplit(url).hostname or ""
    return f"[{name}]" if ":" in name else name


def _covers(pattern: str, host: str) -> bool:
    """Tell whether a pattern such as `.example.org` covers `host`."""
    return pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:])
