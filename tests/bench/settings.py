"""The portal's settings, with the addresses of the benchmark."""

from __future__ import annotations

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
INSTALLED_APPS += ["rest_framework.authtoken"]  # noqa: F405  # for what ours are compared with
API_CALLS_PER_MINUTE = 1_000_000
