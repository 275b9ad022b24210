"""Vonage: its SMS API, and its callbacks signed with SHA-256 HMAC."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from bookings.outlets.envelope import Receipt, Text
from bookings.outlets.sms.asking import post, refused, said_in
from bookings.outlets.sms.gateway import Account, Call, Delivery, Inbound, Report
from bookings.outlets.sms.segments import is_plain

API: Final = "https://rest.nexmo.com"

FINAL_STATUSES: Final = frozenset(
    {
        "6",  # no way to this number
        "7",  # barred
        "12",  # too long
    }
)
"""Refusals for which this number or these words are to blame; others are about the account, the
load or the moment, and are tried again."""

DELIVERIES: Final = {
    "accepted": Delivery.SENT,
    "buffered": Delivery.SENT,
    "submitted": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "expired": Delivery.UNDELIVERED,
    "deleted": Delivery.UNDELIVERED,
    "unknown": Delivery.UNDELIVERED,
    "failed": Delivery.FAILED,
    "rejected": Delivery.FAILED,
}


class Vonage:
    """`vonage://KEY:SECRET@SENDER?signature=SIGNATURE_SECRET`; without the last no call counts."""

    name: ClassVar[str] = "vonage"

    def __init__(self, account: Account) -> None:
        self.account = account
        self.api = account.options.get("api", API)
        self.signature = account.options.get("signature", "")

    def send(self, text: Text, *, report_url: str) -> Receipt:
        """Send one text, as `Gateway.send` says; the answer is about its first part."""
        fields = {
            "api_key": self.account.user,
            "api_secret": self.account.password,
            "from": self.account.sender.lstrip("+"),
            "to": text.number.lstrip("+"),
            "text": text.words,
            "type": "text" if is_plain(text.words) else "unicode",
        }
        if report_url:
            fields |= {"callback": report_url, "status-report-req": "true"}
        answer = post(f"{self.api}/sms/json", fields)
        first = _first(said_in(answer))
        status = str(first.get("status", ""))
        if answer.status_code != 200 or status != "0":
            reason = " ".join(each for each in (status, str(first.get("error-text", ""))) if each)
            final = answer.status_code == 200 and status in FINAL_STATUSES
            raise refused(answer, reason, number=text.number, permanent=final)
        return Receipt(
            remote_id=str(first.get("message-id", ""))[:100],
            status=answer.status_code,
            answer=Delivery.QUEUED.value,
        )

    def is_genuine(self, call: Call) -> bool:
        """Check `sig`: HMAC over `&name=value` of all other fields, sorted by name.

        In the values `&` and `=` are replaced by `_`, so that none can pass for two fields.
        """
        signed = "".join(
            f"&{name}={value.replace('&', '_').replace('=', '_')}"
            for name, value in sorted(call.fields.items())
            if name != "sig"
        )
        given = call.fields.get("sig", "").lower()
        digest = hmac.new(self.signature.encode(), signed.encode(), "sha256").hexdigest()
        return bool(self.signature) and hmac.compare_digest(digest.encode(), given.encode())

    def report(self, call: Call) -> Report | None:
        """Read a delivery receipt."""
        known_as = call.fields.get("messageId", "")
        delivery = DELIVERIES.get(call.fields.get("status", ""))
        if not known_as or delivery is None:
            return None
        code = call.fields.get("err-code", "0")
        return Report(remote_id=known_as, delivery=delivery, reason="" if code == "0" else code)

    def inbound(self, call: Call) -> Inbound | None:
        """Read an incoming message; Vonage answers none itself."""
        said = call.fields
        if not said.get("messageId") or not said.get("msisdn"):
            return None
        return Inbound(
            remote_id=said["messageId"],
            number=f"+{said['msisdn'].lstrip('+')}",
            words=said.get("text", ""),
        )


def _first(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer says of the first part, nothing where it is no such answer."""
    messages = said.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    return first if isinstance(first, dict) else {}
