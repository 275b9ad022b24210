"""A server on loopback that behaves like Twilio's documented API, its errors included.

It knows one account, creates messages, refuses what Twilio refuses in Twilio's words, and calls
back with signed reports and incoming texts. Whoever texts it STOP gets nothing more through it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx

SID, TOKEN = "AC" + "0123456789abcdef" * 2, "the-token:of the/account"
NUMBER, SERVICE = "+4915735981111", "MG" + "0123456789abcdef" * 2
E164 = re.compile(r"\+[1-9][0-9]{7,14}")
STOPPING = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
STARTING = {"START", "YES", "UNSTOP"}

Answer = tuple[int, dict[str, Any], dict[str, str]]


@dataclass
class Twilio:
    """The account: its messages by id, and what is to go wrong next.

    `busy`: how many calls are refused as too many; `retry_after`: what is said of it then;
    `dies_after_taking`: the next message is taken, and the line breaks; `silent_for` seconds
    every answer is held back; `raw`: said in the place of any answer, with its status.
    """

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    landlines: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    busy: int = 0
    retry_after: str = ""
    dies_after_taking: bool = False
    silent_for: float = 0.0
    raw: tuple[int, bytes] | None = None
    url: str = ""

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Return the number and the words of what was taken, in order."""
        return [(each["to"], each["body"]) for each in self.messages.values()]

    def answer(self, path: str, authorization: str, body: bytes) -> Answer:
        """Answer one request as the Messages resource does."""
        said = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        self.asked.append(said)
        expected = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if authorization != f"Basic {expected}":
            return _error(401, 20003, "Authenticate")
        if path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return _error(404, 20404, f"The requested resource {path} was not found")
        if self.busy:
            self.busy -= 1
            status, problem, headers = _error(429, 20429, "Too Many Requests")
            return (
                status,
                problem,
                headers | ({"Retry-After": self.retry_after} if self.retry_after else {}),
            )
        return self._refusal(said) or self._created(said)

    def _refusal(self, said: dict[str, str]) -> Answer | None:
        number, words = said.get("To", ""), said.get("Body", "")
        if not number:
            return _error(400, 21604, "A 'To' phone number is required.")
        if not said.get("From") and not said.get("MessagingServiceSid"):
            return _error(400, 21603, "A 'From' phone number is required.")
        if not words:
            return _error(400, 21602, "Message body is required.")
        if len(words) > 1600:
            return _error(400, 21617, "The concatenated message body exceeds the 1600 limit.")
        if not E164.fullmatch(number):
            return _error(400, 21211, f"Invalid 'To' Phone Number: {number}")
        if said.get("From", NUMBER) != NUMBER:
            return _error(400, 21606, f"The 'From' phone number {said['From']} is not yours.")
        if number in self.landlines:
            return _error(400, 21614, f"'To' number: {number}, is not a valid mobile number")
        if number in self.stopped:
            return _error(400, 21610, "Attempt to send to unsubscribed recipient")
        return None

    def _created(self, said: dict[str, str]) -> Answer:
        sid = "SM" + hashlib.md5(str(len(self.messages)).encode()).hexdigest()
        pooled = "MessagingServiceSid" in said
        created = {
            "sid": sid,
            "account_sid": SID,
            "api_version": "2010-04-01",
            "body": said["Body"],
            "date_created": formatdate(1_930_000_000),
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": None if pooled else said["From"],
            "messaging_service_sid": said.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": "0" if pooled else "1",
            "price": None,
            "price_unit": "USD",
            "status": "accepted" if pooled else "queued",
            "to": said["To"],
            "uri": f"/2010-04-01/Accounts/{SID}/Messages/{sid}.json",
        }
        self.messages[sid] = created | {"callback": said.get("StatusCallback", "")}
        return 201, created, {}

    def call_back(self, sid: str, status: str, *, error: str = "") -> dict[str, str]:
        """Return the fields of a report that a message is in this state by now."""
        message = self.messages[sid]
        fields = {
            "AccountSid": SID,
            "ApiVersion": "2010-04-01",
            "From": message["from"] or NUMBER,
            "MessageSid": sid,
            "MessageStatus": status,
            "SmsSid": sid,
            "SmsStatus": status,
            "To": message["to"],
        }
        return fields | ({"ErrorCode": error} if error else {})

    def texted(self, number: str, words: str, *, sid: str = "SM1", to: str = NUMBER) -> dict:
        """Return the fields of the call when somebody sends us a text."""
        if words.strip().upper() in STOPPING:
            self.stopped.add(number)
        if words.strip().upper() in STARTING:
            self.stopped.discard(number)
        return {
            "AccountSid": SID,
            "ApiVersion": "2010-04-01",
            "Body": words,
            "From": number,
            "FromCountry": "DE",
            "MessageSid": sid,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": to,
        }

    def post(self, url: str, fields: dict[str, str]) -> httpx.Response:
        """Call an address over HTTP, signed."""
        signed = {"X-Twilio-Signature": signature(url, fields)}
        return httpx.post(url, data=fields, headers=signed, trust_env=False)


def signature(url: str, fields: dict[str, str], *, token: str = TOKEN) -> str:
    """Return what Twilio puts into `X-Twilio-Signature`."""
    text = url
    for name in sorted(fields):
        text += name + fields[name]
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def _error(status: int, code: int, message: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": message, "more_info": more, "status": status}, {}


@contextmanager
def running() -> Iterator[Twilio]:
    """Run the stand-in on a port that the system gives."""
    twilio = Twilio()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, said, headers = twilio.answer(
                self.path, self.headers.get("Authorization", ""), body
            )
            time.sleep(twilio.silent_for)
            if twilio.dies_after_taking:
                twilio.dies_after_taking = False
                self.close_connection = True
                return
            content = json.dumps(said).encode()
            if twilio.raw:
                status, content = twilio.raw
            with suppress(BrokenPipeError):  # whoever asked may have given up
                self._say(status, headers, content)

        def _say(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    twilio.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield twilio
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
