"""E-mail without a mail server: each message becomes a file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal.files import write_whole


class FileBackend(BaseEmailBackend):
    """Write every message to a file of its own in `MAIL_DIR`; names sort by time of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages as they would go over the wire; returns how many."""
        for message in email_messages:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
            file = settings.MAIL_DIR / f"{stamp}-{secrets.token_hex(4)}.eml"
            write_whole(file, message.message().as_bytes())
        return len(email_messages)
