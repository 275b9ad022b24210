"""Text messages: through the gateway that the settings name, or into files.

`Gateway` says what a gateway must be able to do; README how to name one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from bookings.outlets.envelope import Receipt, Text
from bookings.outlets.sms.file import FileGateway
from bookings.outlets.sms.gateway import Account, Call, Delivery, Gateway, Inbound, Report
from bookings.outlets.sms.segments import segments, thrifty
from bookings.outlets.sms.twilio import Twilio
from bookings.outlets.sms.vonage import Vonage

__all__ = [
    "Account",
    "Call",
    "Delivery",
    "Gateway",
    "Inbound",
    "Report",
    "gateway",
    "segments",
    "send",
    "thrifty",
]

GATEWAYS: Final[Mapping[str, Callable[[Account], Gateway]]] = {"twilio": Twilio, "vonage": Vonage}
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def send(text: Text) -> Receipt:
    """Hand one text to the gateway and return what that calls it.

    Raises:
        OutletError: it did not leave; permanent where the number or the words are to blame.
    """
    carrier = gateway()
    return carrier.send(text, report_url=_report_url(carrier))


def gateway() -> Gateway:
    """Return the gateway that the settings name, the one that writes files where none is.

    Raises:
        ImportError: `SMS_GATEWAY` names no class.
    """
    account: Account | None = settings.SMS
    if account is None:
        return FileGateway(settings.SMS_DIR)
    if settings.SMS_GATEWAY:
        own: Callable[[Account], Gateway] = import_string(settings.SMS_GATEWAY)
        return own(account)
    return GATEWAYS[account.scheme](account)


def _report_url(carrier: Gateway) -> str:
    """Return where the gateway may report; "" where it could not reach us.

    Gateways refuse texts whose callback is on no public host, except one that stands in for them
    on this machine.
    """
    stands_in = _is_here(settings.SMS.options.get("api", "")) if settings.SMS else False
    if _is_here(settings.PUBLIC_URL) and not stands_in:
        return ""
    return f"{settings.PUBLIC_URL}/sms/{carrier.name}/report/"


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in HERE or host.endswith(".localhost")
