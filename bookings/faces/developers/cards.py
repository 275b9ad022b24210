"""Keys in words: what they are called, how they do, what they may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from allauth.idp.oidc.models import Client
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.callers import connection_of
from accounts.clients import GRANTS, Granted
from accounts.models import AccessToken
from accounts.oauth.consent import WORDS
from bookings.faces.words import dated, instant
from bookings.models import Call
from bookings.queries.calls import FAILED

ZONE: Final = "UTC"
"""The clock of these pages: keys belong to people, and people have no zone of their own."""
SOON: Final = timedelta(days=7)


@dataclass(frozen=True)
class Card:
    """A token: a word on how it does and the tone to say it in, and two sentences."""

    token: AccessToken
    word: str
    tone: str
    used: str
    ends: str


@dataclass(frozen=True)
class ClientCard:
    """A client: what it is for, and when it called last."""

    client: Client
    grants: list[str]
    used: str

    @property
    def is_public(self) -> bool:
        """Whether it runs where nothing stays secret."""
        return bool(self.client.type == Client.Type.PUBLIC)


@dataclass(frozen=True)
class GrantedCard:
    """A client that somebody has let in, whose it is, and what for."""

    client: Client
    owner: str
    since: str
    lets: list[tuple[str, str | Promise]]


@dataclass(frozen=True)
class CallLine:
    """A call: who made it and when, and how it went."""

    call: Call
    who: str
    when: str
    word: str
    tone: str


def token_card(token: AccessToken, *, now: datetime) -> Card:
    """Return a token in words."""
    word, tone = _state(token, now)
    return Card(token, word, tone, _used(token.last_used_at), _ends(token, now))


def client_card(client: Client, last_called: datetime | None) -> ClientCard:
    """Return a client in words."""
    grants = [str(GRANTS.get(each, each)) for each in client.get_grant_types()]
    when = {"when": instant(last_called, ZONE)} if last_called else {}
    used = _("Last call %(when)s.") % when if when else _("No recent call.")
    return ClientCard(client, grants, used)


def granted_card(granted: Granted) -> GrantedCard:
    """Return a client that somebody has let in, in words."""
    owner = granted.client.owner
    return GrantedCard(
        client=granted.client,
        owner=f"{owner} ({owner.email})" if owner else "",
        since=instant(granted.since, ZONE),
        lets=lets(granted.scopes),
    )


def lets(scopes: Iterable[str]) -> list[tuple[str, str | Promise]]:
    """Return scopes with what they let a program do, in the order of the list of all."""
    wanted = set(scopes)
    return [(scope, said) for scope, said in WORDS.items() if scope in wanted]


def call_line(call: Call, names: dict[str, str]) -> CallLine:
    """Return a call in words; `names` are those of the callers by their connections."""
    tone = "bad" if call.status >= 500 else "warn" if call.status >= FAILED else "ok"
    named = {each.value: each.phrase for each in HTTPStatus}
    word = f"{call.status} {named.get(call.status, '')}".strip()
    return CallLine(call, names[call.caller], f"{instant(call.at, ZONE)}:{call.at:%S}", word, tone)


def names_of(tokens: Sequence[AccessToken], clients: Sequence[Client]) -> dict[str, str]:
    """Return the names of keys by their connections, to choose one and to say who called."""
    return {connection_of(key): key.name for key in (*tokens, *clients)}


def _state(token: AccessToken, now: datetime) -> tuple[str, str]:
    if token.revoked_at is not None:
        return _("revoked"), "off"
    if token.expires_at is None:
        return _("works"), "ok"
    if token.expires_at <= now:
        return _("expired"), "off"
    return (_("ends soon"), "warn") if token.expires_at - now <= SOON else (_("works"), "ok")


def _used(at: datetime | None) -> str:
    return _("Last used %(when)s.") % {"when": instant(at, ZONE)} if at else _("Not used yet.")


def _ends(token: AccessToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return _("Revoked %(when)s.") % {"when": dated(token.revoked_at.date())}
    if token.expires_at is None:
        return _("It works until you revoke it.")
    when = {"when": instant(token.expires_at, ZONE)}
    return (_("Expired %(when)s.") if token.expires_at <= now else _("Expires %(when)s.")) % when
