"""Pages for what goes wrong. None of them needs the database."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_SECONDS = 10


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a time to come back while the database is away, else 500."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    if away:
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503 and say when to come back."""
    return HttpResponse(
        render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)}
    )
