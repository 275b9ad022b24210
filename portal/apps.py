"""The shell's and the admin's places among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Settings, addresses and processes; no rules and no rows."""

    name = "portal"

    def ready(self) -> None:
        """Register the checks."""
        from portal import checks  # noqa: F401, PLC0415  # the routes need every application


class OfficeConfig(AdminConfig):
    """Django's admin with our site in the place of its own."""

    default_site = "portal.office.Office"
