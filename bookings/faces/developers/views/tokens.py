"""Access tokens: making one, which is shown once; seeing what it may; revoking it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.callers import connection_of, revoke
from accounts.models import AccessToken
from accounts.tokens import make_token
from bookings.faces.access import one
from bookings.faces.developers import cards, letters
from bookings.faces.developers.access import DeveloperRequest, developer, proven
from bookings.faces.developers.forms import TokenForm
from bookings.faces.developers.frame import show, show_once
from bookings.faces.replies import see_other


@developer("GET", "POST")
@proven
def new_token(request: DeveloperRequest) -> HttpResponse:
    """Ask what for; a POST makes the token and shows it this once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            made, token = make_token(user=request.user, wanted=form.wanted(now=now), now=now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            letters.tell(request.user, "token_made", name=made.name)
            shown = {"card": cards.token_card(made, now=now), "token": token}
            return show_once(request, "developers/token_made.html", shown)
    status = 422 if form.errors else 200
    return show(request, "developers/token_form.html", {"form": form}, here="home", status=status)


@developer("GET")
def token(request: DeveloperRequest, access: UUID) -> HttpResponse:
    """Show what a token may do, and until when."""
    found = _mine(request, access)
    shown = {
        "card": cards.token_card(found, now=timezone.now()),
        "lets": cards.lets(found.scopes),
        "connection": connection_of(found),
        "made": found.created_at,
    }
    return show(request, "developers/token.html", shown, here="home")


@developer("POST")
def revoke_token(request: DeveloperRequest, access: UUID) -> HttpResponse:
    """Let a token be good for nothing from now on."""
    found = _mine(request, access)
    revoke(found, now=timezone.now())
    messages.success(request, _("The token is revoked. Whoever has it is let in no more."))
    return see_other(reverse("developers:home"))


def _mine(request: DeveloperRequest, access: UUID) -> AccessToken:
    """Return a token of one's own.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return one(AccessToken.objects.filter(user=request.user), access)
