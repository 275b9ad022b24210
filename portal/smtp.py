"""SMTP that ends in time: a talk fits into a sender's lease, whatever the mail server does."""

from __future__ import annotations

import io
import smtplib
import socket
import time
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend

WHOLE_TALK_SECONDS: Final = 80.0
"""From the first byte to the last; what is left of it after the text is for the server to answer.

Servers that look through what they get take long over that answer, and have often taken the text
where nobody waits for it: the next try would be a repeat.
"""
LEAVE_SECONDS: Final = 2.0
LETTERS_IN_A_TALK: Final = 50
"""Mail servers end a talk that goes on for ever."""
HEARD: Final = 250
"""What a mail server answers when all is well (RFC 5321)."""
LONGEST_ANSWER: Final = 64 * 1024
"""Bytes that a server may say in all; no honest one needs a tenth of them."""


class _Ear(io.RawIOBase):
    """What the server says, until the talk has to end."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk
        self._heard = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for what comes next, as long as there is time."""
        self._talk.limit()
        count = self._talk.sock.recv_into(buffer)
        self._heard += count
        if self._heard > LONGEST_ANSWER:
            raise OSError("The mail server talks without an end.")
        return count


class _Talk(smtplib.SMTP):
    """A talk with a mail server that is over at a fixed time, even if every byte comes in time.

    Up to the text it may take `timeout`, with it `WHOLE_TALK_SECONDS`.
    """

    sock: socket.socket
    file: io.BufferedReader | None

    def __init__(self, *args: Any, timeout: float, **kwargs: Any) -> None:
        self._letters = 0
        self._patience = timeout
        self._begin()
        kwargs["timeout"] = timeout
        super().__init__(*args, **kwargs)

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._until = self._began + self._patience

    def goes_on(self) -> bool:
        """Say whether the server takes another letter in this talk, with as much time as before."""
        self._letters += 1
        if self._letters >= LETTERS_IN_A_TALK:
            return False
        self._begin()
        self.file = None
        try:
            return self.noop()[0] == HEARD
        except (OSError, smtplib.SMTPException):
            return False

    def limit(self) -> None:
        """Let nothing that is done next with the connection take longer than there is time.

        Raises:
            TimeoutError: there is none left.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.sock.settimeout(left)

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's answer."""
        if self.file is None:
            self.file = io.BufferedReader(_Ear(self))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send text or bytes."""
        if self.sock:
            try:
                self.limit()
            except TimeoutError as late:
                self.close()
                raise smtplib.SMTPServerDisconnected(str(late)) from None
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the text and return the answer to it, for which there is more time."""
        self._until = self._began + WHOLE_TALK_SECONDS
        return super().data(msg)

    def quit(self) -> tuple[int, bytes]:
        """Take leave, without much waiting for an answer that changes nothing."""
        self._until = time.monotonic() + LEAVE_SECONDS
        return super().quit()


class _TalkOverTls(_Talk, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpBackend(EmailBackend):
    """Send by SMTP, in bounded time; `EMAIL_TIMEOUT` is for all that comes before the text.

    One made to keep its talk says several letters in it, until it is closed.
    """

    def __init__(self, *args: Any, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keeps = keeps

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the class of a talk."""
        return _TalkOverTls if self.use_ssl else _Talk

    def open(self) -> bool | None:
        """Begin a talk, or go on with the one that was kept if the server still listens.

        Returns whether the talk is to end with this letter.
        """
        kept = self.connection
        if self._keeps and isinstance(kept, _Talk) and not kept.goes_on():
            self.close()
        begun = super().open()
        return begun and not self._keeps

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        """End a talk; what goes wrong in that makes no letter unsent."""
        try:
            connection.quit()
        except OSError:
            connection.close()
