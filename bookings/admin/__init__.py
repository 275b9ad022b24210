"""Django's admin for the domain: one module per area."""

from __future__ import annotations

from bookings.admin import (
    appointments,
    businesses,
    customers,
    guests,
    hours,
    outbox,
    questions,
    resources,
    services,
    times_off,
    wordings,
)

__all__ = [
    "appointments",
    "businesses",
    "customers",
    "guests",
    "hours",
    "outbox",
    "questions",
    "resources",
    "services",
    "times_off",
    "wordings",
]
