"""Somebody's keys at a glance, the programs they let in, and the webhooks of their businesses."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import clients, tokens
from accounts.callers import connection_of
from accounts.roles import Capability, may
from bookings.errors import NotFound
from bookings.faces.developers import cards
from bookings.faces.developers.access import DeveloperRequest, developer
from bookings.faces.developers.frame import show
from bookings.faces.replies import see_other
from bookings.queries.calls import last_called
from bookings.queries.colleagues import businesses_of, roles_of

MOST_ENDED = 20
"""So many of the tokens that no longer work are shown."""
MOST_BUSINESSES = 50


@developer("GET")
def home(request: DeveloperRequest) -> HttpResponse:
    """Show tokens, clients, what was let in and the businesses. Cost: seven queries."""
    user, now = request.user, timezone.now()
    mine = clients.clients_of(user)
    last = last_called([connection_of(client) for client in mine])
    working = [cards.token_card(token, now=now) for token in tokens.working_tokens(user, now=now)]
    ended = tokens.ended_tokens(user, now=now)[:MOST_ENDED]
    roles = roles_of(user)
    rows = businesses_of(user, Capability.OPEN_DESK).annotate(hooks=Count("subscriptions"))
    shown = {
        "tokens": working,
        "may_make_token": len(working) < tokens.MOST,
        "most_tokens": tokens.MOST,
        "ended": [cards.token_card(token, now=now) for token in ended],
        "clients": [cards.client_card(each, last.get(connection_of(each))) for each in mine],
        "may_make_client": len(mine) < clients.MOST,
        "most_clients": clients.MOST,
        "granted": [cards.granted_card(each) for each in clients.granted_by(user, now=now)],
        "businesses": [
            (each, roles is None or may(roles[each.pk], Capability.CONTROL_SUBSCRIPTIONS))
            for each in rows[:MOST_BUSINESSES]
        ],
    }
    return show(request, "developers/home.html", shown, here="home")


@developer("POST")
def shut_out(request: DeveloperRequest, client: str) -> HttpResponse:
    """Shut a program out that one has let in.

    Raises:
        NotFound: it is not let in.
    """
    if not clients.shut_out(request.user, client):
        raise NotFound()
    messages.success(request, _("The program is shut out. What it could do for you has ended."))
    return see_other(reverse("developers:home"))
