"""Read the settings of text messages; a wrong value stops the start with one sentence."""

from __future__ import annotations

from typing import Final, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

import phonenumbers

from bookings.outlets.sms.gateway import Account
from portal import env

ANY_COUNTRY: Final = "*"
EXAMPLE: Final = "twilio://ACCOUNT_SID:AUTH_TOKEN@SENDER"
KNOWN: Final = ("twilio", "vonage")
OPTIONS: Final = {"twilio": {"api"}, "vonage": {"api", "signature"}}


def account(name: str, value: str, *, own: str) -> Account | None:
    """Return the account with a gateway that an address describes; None for files, when unset.

    `own` names a gateway class of one's own, which takes any scheme and any options.
    """
    if not value:
        if own:
            env.refuse("SMS_GATEWAY", f"it needs {name}, the address of its account.")
        return None
    try:
        parts = urlsplit(value)
        query = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        _refuse(name)
    # The sender stands where a host would, but capitals count in it.
    sign_in, _, sender = parts.netloc.rpartition("@")
    user, _, password = sign_in.partition(":")
    options = dict(query)
    if not (user and password and sender) or parts.path or parts.fragment:
        _refuse(name)
    if not own:
        _check(name, parts.scheme, options)
    return Account(
        scheme=parts.scheme,
        user=unquote(user),
        password=unquote(password),
        sender=unquote(sender),
        options=options,
    )


def countries(name: str, value: str) -> frozenset[str] | None:
    """Return the countries that texts may go to, as two capital letters; None for all.

    Empty when unset: then each business's own country is the only one.
    """
    if value == ANY_COUNTRY:
        return None
    listed = frozenset(item for part in value.split(",") if (item := part.strip().upper()))
    if unknown := sorted(listed - phonenumbers.SUPPORTED_REGIONS):
        env.refuse(name, f"there is no country {unknown[0]}; write them as DE, AT, CH.")
    return listed


def _check(name: str, scheme: str, options: dict[str, str]) -> None:
    """Refuse what the gateways that are built in do not know."""
    if scheme not in KNOWN:
        _refuse(name)
    if unknown := sorted(set(options) - OPTIONS[scheme]):
        env.refuse(name, f"{scheme} has no option “{unknown[0]}”.")
    if not _is_api(options.get("api", "https://api.example.org")):
        env.refuse(name, "its api must be https://host; http only for a stand-in on this machine.")


def _is_api(url: str) -> bool:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    stands_in = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    is_bare = bool(parts.hostname) and not (parts.path or parts.query or parts.fragment)
    return is_bare and (parts.scheme == "https" or stands_in)


def _refuse(name: str) -> NoReturn:
    env.refuse(name, f"it must look like {EXAMPLE} or vonage://KEY:SECRET@SENDER.")
