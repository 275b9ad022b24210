"""The sign-in of the trial portal on one's own machine."""

from __future__ import annotations

import secrets

from django.conf import settings

from accounts.models import User
from portal.files import written_once

ADDRESS = "admin@demo.example"


def password() -> str:
    """Return the demo administrator's first password, made once and kept in the data folder."""
    return written_once(settings.DATA_DIR / "demo-password", lambda: secrets.token_urlsafe(9))


def make_administrator() -> None:
    """Store the demo administrator, unless there is one already."""
    if not User.objects.filter(email=ADDRESS).exists():
        User.objects.create_superuser(ADDRESS, password(), name="Demo administrator")
