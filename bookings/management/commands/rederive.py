"""`manage.py rederive`: run it after an update of the time-zone database."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings import commands


class Command(BaseCommand):
    help = "Derive the instants of coming appointments again from their wall clocks."

    def handle(self, *args: object, **options: object) -> None:
        moved = commands.rederive(now=timezone.now())
        for each in moved:
            agreed = f"{each.appointment.wall_date} {each.appointment.wall_time:%H:%M}"
            change = (
                f"stays at {each.was:%H:%M} UTC: {each.refusal}"
                if each.refusal
                else f"{each.was:%H:%M} -> {each.appointment.starts_at:%H:%M} UTC"
            )
            self.stdout.write(f"{agreed} {each.appointment.zone}  {change}")
        kept = sum(each.refusal is not None for each in moved)
        self.stdout.write(f"Moved: {len(moved) - kept}. Could not be moved: {kept}.")
