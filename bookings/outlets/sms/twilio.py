"""Twilio: the Messages resource of its REST API (2010-04-01), and its signed callbacks."""

from __future__ import annotations

import base64
import hmac
import re
from typing import ClassVar, Final
from urllib.parse import quote, urlsplit

from bookings.outlets.envelope import Receipt, Text
from bookings.outlets.sms.asking import post, refused, said_in
from bookings.outlets.sms.gateway import Account, Call, Delivery, Inbound, Report

API: Final = "https://api.twilio.com"
POOL: Final = re.compile(r"MG[0-9a-fA-F]{32}")
SHORT_CODE: Final = re.compile(r"[0-9]{3,8}")

FINAL_CODES: Final = frozenset(
    {
        21211,  # not a valid number
        21217,
        21265,  # a short code
        21266,  # our own number
        21602,  # no words
        21605,  # too long
        21610,  # its owner answered STOP
        21612,  # no way from this sender to this number
        21614,  # not a mobile number
        21617,  # too long
        21635,  # a landline
        30005,  # nobody has this number
        30006,  # a landline, or a carrier that cannot be reached
    }
)
"""Errors for which this number or these words are to blame. Twilio adds codes and moves their
meaning, so that whatever is not listed is tried again: the account may be put right meanwhile."""

DELIVERIES: Final = {
    "accepted": Delivery.QUEUED,
    "scheduled": Delivery.QUEUED,
    "queued": Delivery.QUEUED,
    "sending": Delivery.SENT,
    "sent": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.UNDELIVERED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}

ANSWERED_BY_TWILIO: Final = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
    | {"start", "yes", "unstop"}
    | {"help", "info"}
)
"""Words that Twilio answers itself on ordinary numbers; on short codes it leaves them to us."""


class Twilio:
    """`twilio://ACCOUNT_SID:AUTH_TOKEN@SENDER`; a number, a name or a service (MG…) sends."""

    name: ClassVar[str] = "twilio"

    def __init__(self, account: Account) -> None:
        self.account = account
        self.api = account.options.get("api", API)

    def send(self, text: Text, *, report_url: str) -> Receipt:
        """Create one message, as `Gateway.send` says."""
        sender = "MessagingServiceSid" if POOL.fullmatch(self.account.sender) else "From"
        fields = {"To": text.number, sender: self.account.sender, "Body": text.words}
        if report_url:
            fields["StatusCallback"] = report_url
        sid = quote(self.account.user, safe="")
        answer = post(
            f"{self.api}/2010-04-01/Accounts/{sid}/Messages.json",
            fields,
            auth=(self.account.user, self.account.password),
        )
        said = said_in(answer)
        if answer.status_code != 201 or not said.get("sid"):
            code = said.get("code")
            reason = " ".join(str(each) for each in (code, said.get("message")) if each)
            final = answer.status_code == 400 and code in FINAL_CODES
            raise refused(answer, reason, number=text.number, permanent=final)
        return Receipt(
            remote_id=str(said["sid"])[:100],
            status=answer.status_code,
            answer=str(said.get("status", ""))[:40],
        )

    def is_genuine(self, call: Call) -> bool:
        """Check `X-Twilio-Signature`: HMAC-SHA1 over the address and the sorted fields.

        Twilio signs the address sometimes with and sometimes without its port.
        """
        given = call.headers.get("x-twilio-signature", "")
        fields = "".join(f"{name}{value}" for name, value in sorted(call.fields.items()))
        key = self.account.password.encode()
        genuine = False
        for url in _with_and_without_port(call.url):
            digest = hmac.new(key, (url + fields).encode(), "sha1").digest()
            genuine |= hmac.compare_digest(base64.b64encode(digest), given.encode())
        return genuine

    def report(self, call: Call) -> Report | None:
        """Read a status callback."""
        sid = call.fields.get("MessageSid", "")
        delivery = DELIVERIES.get(call.fields.get("MessageStatus", ""))
        if not sid or delivery is None:
            return None
        return Report(remote_id=sid, delivery=delivery, reason=call.fields.get("ErrorCode", ""))

    def inbound(self, call: Call) -> Inbound | None:
        """Read an incoming message.

        `OptOutType` is there where a service answers words of the customer's own choice.
        """
        said = call.fields
        if not said.get("MessageSid") or not said.get("From"):
            return None
        words = said.get("Body", "")
        is_answered = "OptOutType" in said or (
            words.strip().lower() in ANSWERED_BY_TWILIO
            and SHORT_CODE.fullmatch(said.get("To", "")) is None
        )
        return Inbound(
            remote_id=said["MessageSid"],
            number=said["From"],
            words=words,
            is_answered=is_answered,
        )


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = re.sub(r":[0-9]+$", "", host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (
        parts._replace(netloc=f"{bare}:{port}").geturl(),
        parts._replace(netloc=bare).geturl(),
    )
