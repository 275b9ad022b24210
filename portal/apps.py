"""The shell's place among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Settings, addresses and processes; no rules and no rows."""

    name = "portal"

    def ready(self) -> None:
        """Register the checks."""
        from portal import checks  # noqa: F401, PLC0415  # the routes need every application
