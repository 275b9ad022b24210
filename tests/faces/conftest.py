"""A clock that stands still."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests import make


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visit on the morning of Monday, 3 March 2031."""
    monkeypatch.setattr(timezone, "now", lambda: make.NOW)
