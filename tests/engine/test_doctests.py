"""The worked cases in the engine's docstrings hold."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from bookings.engine import clock, hours, intervals, policy, slots, weekly


@pytest.mark.parametrize(
    "module", [intervals, clock, hours, slots, policy, weekly], ids=lambda m: m.__name__
)
def test_worked_cases_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
