"""The worked cases in the engine's docstrings hold."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from bookings.engine import (
    addresses,
    clock,
    hours,
    intervals,
    lookalike,
    offers,
    policy,
    slots,
    urls,
    weekly,
)


@pytest.mark.parametrize(
    "module",
    [addresses, intervals, clock, hours, lookalike, offers, slots, policy, urls, weekly],
    ids=lambda m: m.__name__,
)
def test_worked_cases_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
