"""OAuth clients: making and changing one, its secret, which is shown once, its end."""

from __future__ import annotations

from functools import wraps

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import clients
from accounts.callers import connection_of
from bookings.errors import NotFound
from bookings.faces.developers import cards, letters
from bookings.faces.developers.access import DeveloperRequest, View, developer, proven
from bookings.faces.developers.forms import ClientForm
from bookings.faces.developers.frame import show, show_once
from bookings.faces.replies import see_other
from bookings.queries.calls import last_called


@developer("GET", "POST")
@proven
def new_client(request: DeveloperRequest) -> HttpResponse:
    """Ask what for; a POST makes the client and shows its secret this once."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            made, secret = clients.make_client(owner=request.user, wanted=form.wanted(), now=now)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            letters.tell(request.user, "client_made", name=made.name)
            return _shown_once(request, made, secret)
    status = 422 if form.errors else 200
    return show(request, "developers/client_form.html", {"form": form}, here="home", status=status)


def mine(view: View[[Client]]) -> View[[str]]:
    """Give a view the client of one's own that the address names.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """

    @wraps(view)
    def answer(request: DeveloperRequest, /, client: str) -> HttpResponseBase:
        found = Client.objects.filter(owner=request.user, pk=client).first()
        if found is None:
            raise NotFound()
        return view(request, found)

    return answer


@developer("GET")
@mine
def client(request: DeveloperRequest, found: Client) -> HttpResponse:
    """Show what a client is for, and how it gets in."""
    connection = connection_of(found)
    shown = {
        "card": cards.client_card(found, last_called([connection]).get(connection)),
        "lets": cards.lets(found.get_scopes()),
        "connection": connection,
        "made": found.created_at,
        "endpoints": _endpoints(found),
    }
    return show(request, "developers/client.html", shown, here="home")


@developer("GET", "POST")
@mine
@proven
def edit_client(request: DeveloperRequest, found: Client) -> HttpResponse:
    """Show what a client is for; a POST changes it."""
    form = ClientForm(request.POST if request.method == "POST" else None, of=found)
    if request.method == "POST" and form.is_valid():
        try:
            clients.change_client(client=found, wanted=form.wanted())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved."))
            return see_other(reverse("developers:client", args=[found.pk]))
    shown, status = {"form": form, "client": found}, 422 if form.errors else 200
    return show(request, "developers/client_form.html", shown, here="home", status=status)


@developer("POST")
@mine
@proven
def rotate_client(request: DeveloperRequest, found: Client) -> HttpResponse:
    """Give a client another secret, and show it this once."""
    if found.type == Client.Type.PUBLIC:
        raise NotFound()
    secret = clients.rotate_client_secret(found)
    letters.tell(request.user, "secret_changed", name=found.name)
    return _shown_once(request, found, secret)


@developer("GET", "POST")
@mine
def delete_client(request: DeveloperRequest, found: Client) -> HttpResponse:
    """Say what goes with a client; a POST deletes it."""
    if request.method != "POST":
        return show(request, "developers/client_delete.html", {"client": found}, here="home")
    clients.delete_client(found)
    messages.success(request, _("The client is deleted. Whoever it let in is let in no more."))
    return see_other(reverse("developers:home"))


def _endpoints(client: Client) -> list[tuple[str, str]]:
    """Return where a client goes to get in, each with what for."""
    ways = [(_("Fetches tokens from"), "token"), (_("Finds all of this at"), "metadata")]
    if clients.CODE in client.get_grant_types():
        ways.insert(0, (_("Sends people to"), "authorize"))
    return [(said, settings.PUBLIC_URL + reverse(f"oauth:{name}")) for said, name in ways]


def _shown_once(request: DeveloperRequest, client: Client, secret: str) -> HttpResponse:
    shown = {"card": cards.client_card(client, None), "secret": secret}
    return show_once(request, "developers/client_made.html", shown)
