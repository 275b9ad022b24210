"""The portal's settings, with the addresses of the benchmark."""

from __future__ import annotations

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
