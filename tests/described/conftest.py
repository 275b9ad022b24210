"""The studio of the examples, set up once for all the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from tests.described.studio import NOW, Studio

UNLIMITED = 1_000_000


@pytest.fixture(scope="module")
def studio(django_db_setup: None, django_db_blocker: Any) -> Iterator[Studio]:
    """Return the studio on its morning, where nobody calls too often."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(API_CALLS_PER_MINUTE=UNLIMITED, PUBLIC_CHANGES_PER_HOUR=UNLIMITED),
        transaction.atomic(),
    ):
        patch.setattr(timezone, "now", lambda: NOW)
        yield Studio()
        transaction.set_rollback(True)
