"""Pages for requests that Django itself refuses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form has grown old or came without its cookie."""
    return render(request, "403_csrf.html", status=403)
