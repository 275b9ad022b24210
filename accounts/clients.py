"""OAuth clients (RFC 6749) as their owners look after them, and those that one has let in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import plain
from accounts.models import User
from accounts.wanted import locked, refuse, why_not_name, why_not_scopes

MOST: Final = 10
"""How many clients somebody may have."""
MOST_URIS: Final = 10
LONGEST_URI: Final = 500
SECRET_PREFIX: Final = "bps_"
"""How secrets of clients begin, so that people and scanners of secrets know one."""

CREDENTIALS: Final = str(Client.GrantType.CLIENT_CREDENTIALS)
CODE: Final = str(Client.GrantType.AUTHORIZATION_CODE)
REFRESH: Final = str(Client.GrantType.REFRESH_TOKEN)
GRANTS: Final[Mapping[str, Promise]] = {
    CREDENTIALS: gettext_lazy("It works for me, without anybody signing in"),
    CODE: gettext_lazy("Others sign in here and let it work for them"),
    REFRESH: gettext_lazy("It stays let in when nobody is there"),
}
"""Grant type → what it lets a client do."""

_LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}
_LET_IN_BY: Final[Mapping[str, Q]] = {
    CREDENTIALS: Q(user=None),
    CODE: Q(user__isnull=False),
    REFRESH: Q(type=Token.Type.REFRESH_TOKEN),
}
"""Grant type → the tokens that come of it."""


@dataclass(frozen=True)
class WantedClient:
    """A client as typed: a public one runs on people's devices, where nothing stays secret."""

    name: str
    is_public: bool
    grants: Collection[str]
    redirect_uris: Sequence[str]
    scopes: Sequence[str]


@dataclass(frozen=True)
class Granted:
    """A client that somebody has let in: what for, and since when."""

    client: Client
    scopes: list[str]
    since: datetime


@transaction.atomic
def make_client(*, owner: User, wanted: WantedClient, now: datetime) -> tuple[Client, str]:
    """Make a client; returns it and its secret, which is never shown again.

    A public client has none. Locks the user. Cost: three queries.

    Raises:
        ValidationError: by field, what cannot be; or they have too many.
    """
    names = list(Client.objects.filter(owner=locked(owner)).values_list("name", flat=True))
    _check(wanted, names)
    if len(names) >= MOST:
        said = _("You have %(most)s clients, which is the most. Delete one first.")
        raise ValidationError(said % {"most": MOST})
    kind = Client.Type.PUBLIC if wanted.is_public else Client.Type.CONFIDENTIAL
    client = Client(owner=owner, type=kind, created_at=now)
    _fill(client, wanted)
    secret = "" if wanted.is_public else _give_secret(client)
    client.save(force_insert=True)
    return client, secret


@transaction.atomic
def change_client(*, client: Client, wanted: WantedClient) -> None:
    """Change a client; what it is no longer for ends at once. Whether it is public stays.

    Locks the owner. Cost: at most four queries.

    Raises:
        ValidationError: by field, what cannot be.
    """
    others = Client.objects.filter(owner=locked(client.owner)).exclude(pk=client.pk)
    _check(wanted, list(others.values_list("name", flat=True)))
    ended = set(client.get_grant_types()) - set(wanted.grants)
    _fill(client, wanted)
    client.save(update_fields=["name", "scopes", "default_scopes", "grant_types", "redirect_uris"])
    for grant in ended & set(_LET_IN_BY):
        Token.objects.filter(_LET_IN_BY[grant], client=client).delete()


@transaction.atomic
def rotate_client_secret(client: Client) -> str:
    """Give a client another secret and return it; the old one, and what it let in, end at once.

    People who let the client in need not do so again: it fetches new tokens with the new secret.
    """
    secret = _give_secret(client)
    client.save(update_fields=["secret"])
    Token.objects.filter(client=client, type=Token.Type.ACCESS_TOKEN).delete()
    return secret


def delete_client(client: Client) -> None:
    """Delete a client; whoever let it in lets it in no more. Cost: two queries."""
    client.delete()


def clients_of(user: User) -> list[Client]:
    """Return the clients of a user in the order in which they were made. Cost: one query."""
    return list(Client.objects.filter(owner=user).order_by("created_at", "pk"))


def granted_by(user: User, *, now: datetime) -> list[Granted]:
    """Return the clients that a user has let in and that still are, by name. Cost: one query."""
    kept = Q(expires_at=None) | Q(expires_at__gt=now)
    kinds = [Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN]
    rows = Token.objects.filter(kept, user=user, type__in=kinds, client__isnull=False)
    by_client: dict[str, list[Token]] = {}
    for token in rows.select_related("client__owner").order_by("client__name", "created_at"):
        by_client.setdefault(token.client_id, []).append(token)
    return [
        Granted(
            client=tokens[0].client,
            scopes=sorted({scope for token in tokens for scope in token.get_scopes()}),
            since=tokens[0].created_at,
        )
        for tokens in by_client.values()
    ]


def shut_out(user: User, client_id: str) -> bool:
    """End all that a user has let a client do; say whether there was anything."""
    ended, _by_model = Token.objects.filter(user=user, client_id=client_id).delete()
    return bool(ended)


def why_not_uri(uri: str) -> str:
    """Return why nobody is sent back to an address, "" where they are (RFC 6749 §3.1.2).

    >>> why_not_uri("https://crm.example/callback"), why_not_uri("http://127.0.0.1:8765/")
    ('', '')
    """
    said = {"uri": uri[:80]}
    if len(uri) > LONGEST_URI:
        return _("%(uri)s… is too long.") % said
    is_plain = uri.isascii() and uri.isprintable() and not set(' \\*<>"') & set(uri)
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("%(uri)s is not a complete web address.") % said
    if not is_plain or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:.]+", host):
        return _("%(uri)s is not a complete web address.") % said
    if "#" in uri or "@" in parts.netloc:
        return _("%(uri)s has a name, a password or a # in it, which it must not.") % said
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return _("%(uri)s has to begin with https://, or with http://127.0.0.1.") % said
    return ""


def _check(wanted: WantedClient, names: list[str]) -> None:
    refuse(
        name=why_not_name(plain(wanted.name), names),
        grants=_why_not_grants(wanted),
        redirect_uris=_why_not_uris(wanted),
        scopes=why_not_scopes(wanted.scopes),
    )


def _why_not_grants(wanted: WantedClient) -> str:
    grants = set(wanted.grants)
    if not grants & {CREDENTIALS, CODE} or not grants <= set(GRANTS):
        return _("Please choose for whom it works.")
    if wanted.is_public and CREDENTIALS in grants:
        return _("What cannot keep a secret cannot work without somebody signing in.")
    if REFRESH in grants and CODE not in grants:
        return _("Only what others let in can stay let in.")
    return ""


def _why_not_uris(wanted: WantedClient) -> str:
    if len(wanted.redirect_uris) > MOST_URIS:
        return _("There are at most %(most)s addresses.") % {"most": MOST_URIS}
    if CODE in wanted.grants and not wanted.redirect_uris:
        return _("Please give the address that people come back to after they have signed in.")
    return next((said for uri in wanted.redirect_uris if (said := why_not_uri(uri))), "")


def _fill(client: Client, wanted: WantedClient) -> None:
    client.name = plain(wanted.name)
    client.set_scopes(sorted(set(wanted.scopes)))
    client.set_default_scopes(sorted(set(wanted.scopes)))
    client.set_grant_types([grant for grant in GRANTS if grant in wanted.grants])
    client.set_redirect_uris(list(dict.fromkeys(wanted.redirect_uris)))


def _give_secret(client: Client) -> str:
    secret = SECRET_PREFIX + secrets.token_urlsafe(32)
    client.set_secret(secret)
    return secret
