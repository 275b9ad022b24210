"""A mail taken apart, to be looked at: text, HTML and what is attached."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.http import HttpResponse

from bookings.engine.text import clean_line, clean_text

logger = logging.getLogger(__name__)

FRAME_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)
"""What the HTML of a mail may do in our pages: look like itself and open links, nothing else."""

_HEAD = re.compile("<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """A part that is not shown; `size` is in bytes."""

    name: str
    kind: str
    size: int


@dataclass(frozen=True)
class Reading:
    """What a mail says; headers are harmless lines."""

    subject: str
    sender: str
    to: str
    reply_to: str
    date: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def read(content: bytes) -> Reading:
    """Take a mail apart; whatever of it makes no sense is left empty."""
    mail = message_from_bytes(content, policy=policy.default)
    texts: dict[str, str] = {}
    attachments: list[Attachment] = []
    for part in _parts(mail):
        kind = part.get_content_type()
        is_shown = kind in ("text/plain", "text/html") and not part.is_attachment()
        if is_shown and kind not in texts:
            texts[kind] = _text(part)
        else:
            attachments.append(_attachment(part, kind))
    return Reading(
        subject=header(mail, "Subject"),
        sender=header(mail, "From"),
        to=header(mail, "To"),
        reply_to=header(mail, "Reply-To"),
        date=header(mail, "Date"),
        text=clean_text(texts.get("text/plain", "")),
        html=texts.get("text/html", ""),
        attachments=tuple(attachments),
    )


def header(mail: EmailMessage, name: str) -> str:
    """Return a header as one harmless line, "" where it is missing or broken."""
    try:
        return clean_line(str(mail[name] or ""))
    except Exception:
        logger.info("a mail has a broken header %s", name)
        return ""


def framed(html: str) -> HttpResponse:
    """Answer with the HTML of a mail for a frame: no script, nothing from elsewhere.

    Its links open in a tab of their own, because nothing may be framed.
    """
    opened = '<base target="_blank">'
    head = _HEAD.search(html)
    at = head.end() if head else 0
    response = HttpResponse(html[:at] + opened + html[at:])
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _parts(mail: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in mail.walk() if not part.is_multipart())


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode(errors="replace")


def _attachment(part: EmailMessage, kind: str) -> Attachment:
    payload = part.get_payload(decode=True)
    name = clean_line(part.get_filename() or "")
    return Attachment(name, kind, len(payload) if isinstance(payload, bytes) else 0)
