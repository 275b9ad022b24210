"""A clock that stands still."""

from __future__ import annotations

import pytest

from tests.conftest import Clock


@pytest.fixture(autouse=True)
def _monday(clock: Clock) -> None:
    """Visit on the morning of Monday, 3 March 2031."""
