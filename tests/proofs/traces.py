"""Everything the portal has stored, as text: the database, the data folder and the logs."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import logging
import os
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.log import DiscreetFormatter
from portal.pgprograms import account_for_server, binaries_for

PACKED = re.compile(rb"[A-Za-z0-9+/_=-]{40,}")
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")


def dumped() -> bytes:
    """Return a full dump of the test database by PostgreSQL's own program."""
    values = connection.settings_dict
    asked = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    access = {name: str(values[key]) for name, key in asked.items() if values.get(key)}
    done = subprocess.run(
        [_program("pg_dump"), "--no-password", str(values["NAME"])],
        env=os.environ | access,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def restore(dump: bytes, address: str) -> None:
    """Run a dump into an empty database."""
    done = subprocess.run(
        [_program("psql"), "--no-password", "-qX", "-v", "ON_ERROR_STOP=1", "-d", address],
        input=dump,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()


def _program(name: str) -> str:
    """Return one of PostgreSQL's programs, beside the embedded server's, else the system's."""
    beside = binaries_for(account_for_server(), Path("/nowhere")) / name
    program = str(beside) if beside.exists() else shutil.which(name)
    assert program, f"there is no {name} on this machine"
    return program


def files() -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of every file in the data folder but the server's own.

    In those, PostgreSQL itself recycles old versions of rows, by vacuum and checkpoints; its log
    is read nevertheless.
    """
    for path in sorted(Path(settings.DATA_DIR).rglob("*")):
        if path.is_file() and "cluster" not in path.parts:
            yield str(path), path.read_bytes()
    beside = Path(connection.settings_dict["HOST"]).parent / "server.log"
    if beside.is_file():
        yield str(beside), beside.read_bytes()


def readings(content: bytes) -> str:
    """Return content in every form in which a word may hide in it, in small letters.

    As it is; as a mail with its parts decoded and long lines joined; with what looks like
    base 64, packed or not, unpacked; with JSON's escapes resolved.
    """
    forms = [content, *_parts(content)]
    forms += [unpacked for form in list(forms) for unpacked in _unpacked(form)]
    text = "\n".join(form.decode(errors="replace") for form in forms)
    joined = re.sub(r"\r?\n[ \t]", "", text)
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return "\n".join((text, joined, plain)).lower()


def _parts(content: bytes) -> Iterator[bytes]:
    if b"MIME-Version" not in content:
        return
    for part in email.message_from_bytes(content, policy=email.policy.default).walk():
        yield "\n".join(str(value) for value in part.values()).encode()
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload


def _unpacked(content: bytes) -> Iterator[bytes]:
    for run in PACKED.findall(content):
        for part in re.split(rb"[:.]", run):
            padded = part.rstrip(b"=") + b"=" * (-len(part.rstrip(b"=")) % 4)
            try:
                raw = base64.b64decode(padded.translate(bytes.maketrans(b"-_", b"+/")))
            except ValueError:
                continue
            yield raw
            try:
                yield zlib.decompress(raw)
            except zlib.error:
                continue


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Collect what the portal's loggers write, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(lambda record: not record.name.startswith("mail."))  # the test's own server
    handler.setFormatter(DiscreetFormatter("{levelname} {name}: {message}", style="{"))
    heard = [logging.getLogger(name) for name in ("", "django")]
    for logger in heard:
        logger.addHandler(handler)
    try:
        yield written
    finally:
        for logger in heard:
            logger.removeHandler(handler)
