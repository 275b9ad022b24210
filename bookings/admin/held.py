"""Telling admins that nothing is sent at the moment."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bookings.admin.scope import scope_of
from bookings.admin.show import zoned
from bookings.models import Message
from bookings.queries import outgoing


def tell_held(request: HttpRequest, *, now: datetime) -> None:
    """Say above the page why nothing is sent and how much of one's own waits, where it is so.

    Cost: one query, two while sending is held.
    """
    own = scope_of(request).rows(Message.objects.all())
    held = outgoing.held(now=now, within=own)
    if held is None:
        return
    said = _("Nothing is sent since %(since)s. %(because)s Messages held back: %(count)d.") % {
        "since": zoned(held.since, "UTC"),
        "because": held.because,
        "count": held.count,
    }
    if held.first is not None and held.last is not None:
        told = {"first": zoned(held.first, "UTC"), "last": zoned(held.last, "UTC")}
        said = f"{said} {_('They were due from %(first)s to %(last)s.') % told}"
    messages.warning(request, said)
