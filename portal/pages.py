"""Answers to what goes wrong outside of any view. None of them needs the database."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request as bad_request_page

from bookings.faces.api.answering import refused
from bookings.faces.api.problems import problem_of

RETRY_SECONDS = 10


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to what Django itself refuses, such as a host that is not ours."""
    if _is_program(request):
        return refused(problem_of(exception)).response()
    return bad_request_page(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a time to come back while the database is away, else 500."""
    error = sys.exception()
    if _is_program(request) and isinstance(error, Exception):
        return refused(problem_of(error)).response()
    if isinstance(error, OperationalError | InterfaceError):
        return unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503 and say when to come back."""
    return HttpResponse(
        render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_SECONDS)}
    )


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
