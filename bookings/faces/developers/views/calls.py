"""What somebody's programs have called lately."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone

from accounts.clients import clients_of
from accounts.tokens import ended_tokens, working_tokens
from bookings.commands.calls import CALLS_KEPT
from bookings.faces.developers import cards
from bookings.faces.developers.access import DeveloperRequest, developer
from bookings.faces.developers.frame import show
from bookings.queries.calls import LATEST, latest_calls

MOST_ENDED = 50
"""So many of the tokens that no longer work are still looked after."""


@developer("GET")
def calls(request: DeveloperRequest) -> HttpResponse:
    """List the latest calls, of one key or all, or those that failed. Cost: four queries."""
    user, now = request.user, timezone.now()
    working = list(working_tokens(user, now=now))
    ended = list(ended_tokens(user, now=now)[:MOST_ENDED])
    names = cards.names_of([*working, *ended], clients_of(user))
    key, is_failed = request.GET.get("key", ""), request.GET.get("show") == "failed"
    asked = [key] if key in names else list(names)
    shown = {
        "names": list(names.items()),
        "key": key if key in names else "",
        "is_failed": is_failed,
        "lines": [
            cards.call_line(call, names) for call in latest_calls(asked, is_failed=is_failed)
        ],
        "most": LATEST,
        "days": CALLS_KEPT.days,
    }
    return show(request, "developers/calls.html", shown, here="calls")
