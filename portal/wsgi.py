"""The WSGI application that a web server loads."""

from __future__ import annotations

import os

from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

refused = run_checks(tags=["doors"])
if refused:
    raise SystemCheckError("\n".join(map(str, refused)))

from bookings.faces.api.journal import journal  # noqa: E402  # its rows need every application

journal.keep()
