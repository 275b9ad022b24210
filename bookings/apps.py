"""The domain's place among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    """Services, resources, appointments and all that keeps them right."""

    name = "bookings"
    verbose_name = _("Bookings")

    def ready(self) -> None:
        """Hang up the bell: a commit that queued a letter wakes a sender."""
        from bookings import outbox, tasks  # noqa: PLC0415  (rows exist only when apps are ready)

        outbox.bells.append(tasks.ring)
