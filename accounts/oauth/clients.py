"""Which client asks, and what it may ask for (RFC 6749 §2)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client

IDENTITY: Final = ("openid", "profile", "email")
"""Scopes about who somebody is; whatever people sign in to may ask for them."""

BY_SECRET: Final = ("client_secret_basic", "client_secret_post")
"""How a client that keeps a secret proves who it is."""

_LOOPBACK: Final = re.compile(r"http://(127\.0\.0\.1|\[::1\])(:\d{1,5})?(?=[/?]|$)")


def working_client(client_id: object) -> Client | None:
    """Return the client of this name; None where there is none or its owner is switched off.

    Cost: one query.
    """
    if not isinstance(client_id, str) or "\0" in client_id:
        return None
    client: Client | None = Client.objects.filter(pk=client_id).select_related("owner").first()
    is_off = client is not None and client.owner is not None and not client.owner.is_active
    return None if is_off else client


def may_return_to(uri: str, client: Client) -> bool:
    """Say whether people may be sent back to an address: it is a registered one to the letter.

    Programs on people's own machines choose their port when they run (RFC 8252 §7.3).
    """
    known = client.get_redirect_uris()
    return uri in known or (
        _LOOPBACK.match(uri) is not None
        and _portless(uri) in {_portless(each) for each in known if _LOOPBACK.match(each)}
    )


def host_of(uri: str) -> str:
    """Return where an address leads, as people read it."""
    return urlsplit(uri).netloc


def _portless(uri: str) -> str:
    return _LOOPBACK.sub(r"http://\1", uri)
