"""A real mail server on loopback that keeps what it gets, or refuses as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import socket
from collections.abc import Coroutine
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# A line for each word of a talk would take longer than the talk.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Sink:
    """What the server answers (empty: accept) and what it has taken.

    `talks` names the connection in which each message came.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[list[str]] = []
        self.to_sender = ""
        self.to_recipient = ""
        self.to_text = ""
        self.talks: list[object] = []
        self.dies_after_text = False
        self.leaves_after_text = False

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the sender's address."""
        if not self.to_sender:
            envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to the recipient's address."""
        if not self.to_recipient:
            envelope.rcpt_tos.append(address)
        return self.to_recipient or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, and answer or die."""
        if self.to_text:
            return self.to_text
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)
        self.senders.append(str(envelope.mail_from))
        self.recipients.append(list(envelope.rcpt_tos))
        self.talks.append(session.peer)
        assert server.transport is not None
        if self.dies_after_text:
            server.transport.abort()
        if self.leaves_after_text:
            asyncio.get_running_loop().call_later(0.02, server.transport.close)
        return "250 OK"


class Server(Controller):
    """The sink on a port that the system gives, held from the beginning."""

    def __init__(self, sink: Sink) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(sink, hostname="127.0.0.1", port=self._socket.getsockname()[1])

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)


def part(message: EmailMessage, content_type: str) -> str:
    """Return the text of the one part of that type."""
    (found,) = (each for each in message.walk() if each.get_content_type() == content_type)
    content = found.get_content()
    return content.decode() if isinstance(content, bytes) else str(content)
