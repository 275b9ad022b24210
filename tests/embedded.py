"""Give the tests a PostgreSQL server and a data folder of their own, before settings are read.

Loaded with `-p tests.embedded`, because a `conftest.py` comes too late for that. `DATABASE_URL`,
when set, names a server to use instead; workers of a parallel run inherit the first one's.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import tempfile

from portal import pglocal

_until_exit = contextlib.ExitStack()
atexit.register(_until_exit.close)

if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = _until_exit.enter_context(pglocal.throwaway())
    os.environ["DATABASE_POOL"] = "0"
if not os.environ.get("DATA_DIR"):
    os.environ["DATA_DIR"] = _until_exit.enter_context(tempfile.TemporaryDirectory())
