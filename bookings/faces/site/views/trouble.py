"""Pages for requests that Django itself refuses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from bookings.faces import unsent


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form has grown old or came without its cookie.

    A form of the desk grows old when its sender signs in again in another tab; what was typed is
    then shown, to be sent with a fresh token. Only a page of ours may ask for that.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and request.path.startswith(reverse("desk:home")):
        unsent.keep(request, now=timezone.now())
        return redirect("desk:resume")
    return render(request, "403_csrf.html", status=403)
