"""The broker: it only rings the bell, what must happen stands in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

IMPATIENT: dict[str, Any] = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 0.5,
}
"""A server that is away must not keep a customer waiting: one quick try, then beat will do."""


def options(folder: Path) -> dict[str, Any]:
    """Return the transport options of Celery's `filesystem://` broker; makes the folders."""
    parts = {part: folder / part for part in ("messages", "control")}
    for part in parts.values():
        part.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(parts["messages"]),
        "data_folder_out": str(parts["messages"]),
        "control_folder": str(parts["control"]),
        "polling_interval": 0.2,
    }


def counter_url(broker: str) -> str:
    """Return the broker's address as a Redis client reads it, "" where the broker is no Redis."""
    scheme, _, rest = broker.partition("://")
    if scheme not in ("redis", "rediss", "redis+socket"):
        return ""
    return f"unix://{rest.replace('virtual_host=', 'db=')}" if "socket" in scheme else broker


SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "bookings.deliver": 5.0,
        "bookings.sweep": 15.0,
        "bookings.replan": 5.0,
        "bookings.forget": 3600.0,
        "portal.tidy": 3600.0,
    }.items()
}
"""How often beat rings for each task, in seconds; what comes late is not rung for twice."""
