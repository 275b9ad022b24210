"""E-mail without a mail server: each message becomes a file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from bookings.outlets.kept import letter_name
from portal.files import write_whole


class FileBackend(BaseEmailBackend):
    """Write every message to a file of its own in `MAIL_DIR`.

    The files' names sort by time of sending, and end in the name of the letter.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages as they would go over the wire; returns how many."""
        for message in email_messages:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
            known_as = message.extra_headers.get("Message-ID", "")
            name = letter_name(str(known_as)) or secrets.token_hex(20)
            file = settings.MAIL_DIR / f"{stamp}-{name}.eml"
            write_whole(file, message.message().as_bytes())
        return len(email_messages)
