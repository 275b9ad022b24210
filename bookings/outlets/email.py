"""The e-mail outlet: one letter becomes one message, and leaves or says why not."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import override

from bookings.calendars.ics import invitation
from bookings.calendars.text import one_line
from bookings.outlets.envelope import Envelope, OutletError, Receipt
from bookings.outlets.harmless import harmless
from bookings.outlets.invite import entry, is_address, method_for
from bookings.outlets.kept import name_of
from bookings.outlets.letter import Letter, Letterhead
from bookings.outlets.wording import language_of, worded

_LINE: ContextVar[BaseEmailBackend | None] = ContextVar("line", default=None)
"""The talk with the mail server that is kept, where one is."""

_LONGEST_NAME = 60
_LONGEST_SUBJECT = 150
_LONGEST_REASON = 500


def send(envelope: Envelope) -> Receipt:
    """Hand the letter to the mail server, or to the files that stand for it.

    Raises:
        OutletError: permanent when the address is impossible or the server refuses this
            address or this message for good; otherwise (no connection, a time-out, "try
            later", a server that takes us for a stranger) another try may help. A server
            that dies after the text may have taken it: the next try carries the same
            Message-ID.
    """
    if not is_address(envelope.address):
        raise OutletError("This is not an e-mail address.", permanent=True)
    message = composed(envelope, stamp=datetime.now(UTC))
    message.connection = _LINE.get()
    try:
        message.send()
    except smtplib.SMTPException as refusal:
        _hang_up()
        raise OutletError(_reason(refusal), permanent=_is_final(refusal)) from refusal
    except OSError as failure:
        _hang_up()
        raise OutletError(_reason(failure), permanent=False) from failure
    return Receipt()


@contextlib.contextmanager
def talking() -> Iterator[None]:
    """Let the letters that this thread sends in the block leave in one talk with the mail server.

    A talk in which something went wrong is ended, and the next letter begins another.
    """
    token = _LINE.set(get_connection(keeps=True))
    try:
        yield
    finally:
        _hang_up()
        _LINE.reset(token)


def _hang_up() -> None:
    if line := _LINE.get():
        line.close()


def composed(envelope: Envelope, *, stamp: datetime) -> EmailMultiAlternatives:
    """Return the message: text, HTML and calendar as alternatives, the calendar attached too.

    Outlook and Gmail read an invitation from the alternatives, the calendar last; Apple
    Mail and many phones open the attachment. Both are the same file.
    """
    letter = harmless(envelope.letter)
    with override(language_of(letter)):
        words = worded(letter)
        message = EmailMultiAlternatives(
            subject=_header(words.subject, _LONGEST_SUBJECT),
            body=words.text,
            from_email=_sender(letter.business),
            to=[envelope.address],
            reply_to=_answers_to(letter.business),
            headers={
                "Message-ID": message_id(envelope.key),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "OOF, AutoReply",
                **_way_out(letter.unsubscribe_url),
            },
        )
        message.attach_alternative(words.html, "text/html")
        _add_calendar(message, letter, envelope.address, stamp)
    return message


def message_id(key: str) -> str:
    """Return the Message-ID of the message with this key: the same for every try."""
    return f"<{name_of(key)}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def _way_out(url: str) -> dict[str, str]:
    """Return the headers by which mail readers offer to end such letters, with one click.

    RFC 2369 and RFC 8058; one click is for https alone, by section 3.1 of the latter.
    """
    if not url:
        return {}
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {"List-Unsubscribe": f"<{url}>"} | (one_click if url.startswith("https:") else {})


def _add_calendar(
    message: EmailMultiAlternatives, letter: Letter, address: str, stamp: datetime
) -> None:
    """Add the calendar file, for letters that have one."""
    event = entry(letter)
    if event is None or letter.occasion is None or letter.occasion.invite is None:
        return
    method = method_for(address, letter.occasion.invite, letter.business)
    file = invitation(event, method=method, stamp=stamp)
    message.attach_alternative(file.decode(), f"text/calendar; method={method}")
    message.attach("invite.ics", file, "application/ics")


def _sender(business: Letterhead) -> str:
    """Return the installation's address under the name that the business gives itself."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((_header(business.sender or business.name, _LONGEST_NAME), address))


def _answers_to(business: Letterhead) -> list[str]:
    """Return where answers go: the address of the business for them, else its mailbox."""
    wanted = (business.reply_to, business.mailbox)
    return [address for address in wanted if is_address(address)][:1]


def _header(text: str, limit: int) -> str:
    """Return `text` as one line that no mail reader decodes into something else."""
    return one_line(text.replace("=?", "= ?"), limit)


def _is_final(refusal: smtplib.SMTPException) -> bool:
    """Say whether the server refused this address or this message for good.

    What it says of the sender, the password or itself is about the installation, which
    someone can put right while the letter waits.
    """
    match refusal:
        case smtplib.SMTPRecipientsRefused():
            return all(code >= 500 for code, _ in refusal.recipients.values())
        case smtplib.SMTPDataError():
            return refusal.smtp_code >= 500
        case smtplib.SMTPNotSupportedError():
            return True
    return False


def _reason(failure: Exception) -> str:
    """Return in one line what went wrong, as the server said it."""
    match failure:
        case smtplib.SMTPRecipientsRefused():
            said = [f"{code} {_decoded(text)}" for code, text in failure.recipients.values()]
            return one_line("; ".join(said), _LONGEST_REASON)
        case smtplib.SMTPResponseException():
            said_last = f"{failure.smtp_code} {_decoded(failure.smtp_error)}"
            return one_line(said_last, _LONGEST_REASON)
    return one_line(str(failure), _LONGEST_REASON) or type(failure).__name__


def _decoded(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
