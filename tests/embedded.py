"""Give the tests a PostgreSQL server and a data folder of their own, before settings are read.

Loaded with `-p tests.embedded`, because a `conftest.py` comes too late for that. `DATABASE_URL`,
when set, names a server to use instead; a crowd of the proofs is 64 connections.

The workers of a parallel run inherit the server of the run, where each has a database of its own,
and have each a folder of its own inside the run's.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile
from pathlib import Path

from portal import pglocal

_until_exit = contextlib.ExitStack()
atexit.register(_until_exit.close)

if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = _until_exit.enter_context(pglocal.throwaway())
    os.environ["DATABASE_POOL"] = "0"
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"], worker))
elif not os.environ.get("DATA_DIR"):
    os.environ["DATA_DIR"] = _until_exit.enter_context(tempfile.TemporaryDirectory())
