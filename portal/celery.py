"""The Celery application; its tasks live in `bookings.tasks`, the shell's own one here."""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from django.core.management import call_command
from django.utils import timezone
from kombu.transport import TRANSPORT_ALIASES

# Celery warns root because of pickled messages; ours are JSON.
warnings.filterwarnings("ignore", category=SecurityWarning)

TRANSPORT_ALIASES["filesystem"] = "portal.folder:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("bookings.tasks:LookingOut")


@app.task(name="portal.tidy", ignore_result=True)
def tidy() -> None:
    """Delete sessions and tokens that are over. Beat runs it every hour; two at once are safe."""
    from accounts.oauth.grants import forget_ended  # noqa: PLC0415  # rows need every application

    call_command("clearsessions")
    forget_ended(now=timezone.now())
