"""A PostgreSQL server of this project's own: no port, only a socket that nobody else can open.

`serve` keeps the data in the project's data folder; `throwaway` is for tests. Either way the
server ends with the process that started it, even when that process is killed.

PostgreSQL refuses to run as root. Started by root it runs as `postgres` or `nobody`, and its files
live under `ROOT_PLACE`, because that user may be unable to enter the project's own folder.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from portal.files import written_once
from portal.keeper import Child, Kept, keep
from portal.pgprograms import (
    ROOT_PLACE,
    Account,
    Unavailable,
    account_for_server,
    binaries_for,
    root_place,
)
from portal.processes import command_of, recorded_pid

LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60
STOP_SECONDS = 30
DURABLE = (
    *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"),
    *("-c", "max_connections=100"),
    # The server's log quotes no rows: neither values that collide nor statements that fail.
    *("-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic"),
)
FORGETFUL = (
    *DURABLE,
    *("-c", "max_connections=300"),  # crowds of clients, several at a time
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
)


def entry(data: Path) -> dict[str, Any]:
    """Return the entry of Django's `DATABASES` for the server that `serve(data)` starts."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "portal",
        "HOST": str(socket_folder(data)),
        "OPTIONS": {},
    }


def socket_folder(data: Path) -> Path:
    """Return the folder of the socket on which `serve(data)` answers, whether it runs or not.

    It lies with the cluster, or, where that path is too long for a socket, in a short private one.
    """
    folder = _home(data) / "s"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    note = data / "postgresql-socket"
    short = Path(written_once(note, _new_short_folder))
    if not _is_ours(short):
        note.unlink()
        short = Path(written_once(note, _new_short_folder))
    return short


@contextlib.contextmanager
def serve(data: Path, *, holding: Sequence[int] = ()) -> Iterator[Kept]:
    """Run the server whose files belong to the folder `data`; yields its process.

    The first start makes the cluster. A server left over from a killed run is stopped first. The
    caller sees to it that only one process serves a folder; `holding` are descriptors, a lock's for
    example, that stay open until the server has ended even if the caller is killed.

    Raises:
        Unavailable: there is no PostgreSQL to run, or it does not start.
    """
    account = account_for_server()
    if account.ids:
        root_place()
    home = _home(data)
    _stop_leftover(home / "cluster")
    server = _Server(home, socket_folder(data), account, DURABLE, holding=holding)
    with _running(server) as kept:
        yield kept


@contextlib.contextmanager
def throwaway(options: Sequence[str] = FORGETFUL) -> Iterator[str]:
    """Run an empty server in a new folder that disappears with it; yields its address.

    Unless `options` say otherwise it trades durability for speed, so it is for tests only. Any
    number can run side by side.

    Raises:
        Unavailable: as `serve`.
    """
    account = account_for_server()
    home = Path(tempfile.mkdtemp(prefix="portal-", dir=root_place() if account.ids else "/tmp"))
    server = _Server(home, home / "s", account, options, folder=home)
    with _running(server):
        yield _url(server.socket)


@dataclass(frozen=True)
class _Server:
    home: Path
    socket: Path
    account: Account
    options: Sequence[str]
    folder: Path | None = None
    holding: Sequence[int] = ()


@contextlib.contextmanager
def _running(server: _Server) -> Iterator[Kept]:
    cluster, log = server.home / "cluster", server.home / "server.log"
    binaries = binaries_for(server.account, cluster)
    # Only root writes to what root made, so that nobody can lead it elsewhere by a link.
    server.home.mkdir(exist_ok=True)
    server.home.chmod(0o711 if server.account.ids else 0o700)
    server.account.own(server.socket)
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(server, binaries, cluster)
    _forget_stale_locks(cluster, server.socket)
    with log.open("ab") as output:
        kept = keep(
            Child(
                "PostgreSQL",
                [binaries / "postgres", "-D", cluster, "-k", server.socket, *server.options],
                cwd=Path("/"),
                output=output,
                stop_signal=signal.SIGINT,
                grace=STOP_SECONDS,
                folder=server.folder,
                user=server.account.ids,
                holding=server.holding,
            )
        )
    try:
        _wait_until_ready(kept, _url(server.socket), log)
        yield kept
    finally:
        kept.stop()


def _url(socket: Path) -> str:
    return f"postgresql://portal@/postgres?host={quote(str(socket), safe='')}"


def _home(data: Path) -> Path:
    """Return the folder that holds the cluster of `data`: inside it, unless root runs us.

    For root the name is a random one that is kept in `data`, so that a new clone at an old path
    never meets the old clone's rows.
    """
    if os.geteuid():
        return data / "postgresql"
    return ROOT_PLACE / written_once(data / "postgresql-name", lambda: secrets.token_hex(8))


def _new_short_folder() -> str:
    return tempfile.mkdtemp(prefix="portal-", dir="/tmp")


def _is_ours(folder: Path) -> bool:
    """Tell whether `folder` is a real folder of ours that nobody else can write to."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return found.st_uid == os.geteuid() and found.st_mode & 0o170077 == 0o040000


def _make_cluster(server: _Server, binaries: Path, cluster: Path) -> None:
    """Make an empty cluster; one that was left half made is thrown away first."""
    draft = cluster.with_name("cluster-draft")
    shutil.rmtree(draft, ignore_errors=True)
    server.account.own(draft)
    locale = "C" if sys.platform == "darwin" else "C.UTF-8"
    made = server.account.run(
        *(binaries / "initdb", "-D", draft, "-U", "portal", "-A", "trust", "-E", "UTF8"),
        *("--locale", locale, "--no-instructions", *(["--no-sync"] if server.folder else [])),
    )
    if made.returncode:
        raise Unavailable(f"PostgreSQL could not make its files: {made.stdout.strip()}")
    draft.rename(cluster)


def _stop_leftover(cluster: Path) -> None:
    """Stop the server of a killed run, if one still serves `cluster`."""
    pid = recorded_pid(cluster / "postmaster.pid")
    for number in (signal.SIGINT, signal.SIGQUIT):
        until = time.monotonic() + STOP_SECONDS
        if pid and str(cluster) in command_of(pid):
            os.kill(pid, number)
        while pid and str(cluster) in command_of(pid) and time.monotonic() < until:
            time.sleep(0.05)


def _forget_stale_locks(cluster: Path, socket: Path) -> None:
    """Remove lock files that name a process which is no server of `cluster`."""
    for lock in (cluster / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        pid = recorded_pid(lock)
        if pid and str(cluster) not in command_of(pid):
            lock.unlink()


def _wait_until_ready(server: Kept, address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while server.ended() is None and time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(address, connect_timeout=5).close()
            return
        time.sleep(0.02)
    lines = log.read_text(errors="replace").splitlines()
    said = next((line for line in reversed(lines) if "FATAL" in line), "it gave no reason")
    raise Unavailable(f"PostgreSQL did not start: {said}")
