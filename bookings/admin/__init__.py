"""Django's admin for the domain: one module per area."""

from __future__ import annotations

from bookings.admin import (
    businesses,
    customers,
    hours,
    questions,
    resources,
    services,
)

__all__ = [
    "businesses",
    "customers",
    "hours",
    "questions",
    "resources",
    "services",
]
