"""After a session ended in the middle of typing: what was typed, to send it after all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import Door, opens_to
from bookings.faces import unsent
from bookings.faces.replies import see_other, takes


@opens_to(Door.SIGNED_IN)
@takes("GET", "POST")
@login_required
def resume(request: HttpRequest) -> HttpResponse:
    """Show what waits to be sent; a POST drops it."""
    if request.method == "POST":
        unsent.forget(request)
        messages.info(request, _("What you typed has been thrown away."))
        return see_other(reverse("desk:home"))
    form = unsent.waiting(request, now=timezone.now())
    shown = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in (form.fields if form else [])
        if value.strip() and not _is_id(value)
    ]
    return render(request, "desk/resume.html", {"unsent": form, "shown": shown})


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
