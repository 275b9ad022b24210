"""A queued message as the mail that would leave now."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from bookings.admin.reading import Reading, read
from bookings.composing.letters import letter_of
from bookings.composing.short import worded
from bookings.engine.text import pretty_json
from bookings.models import Message, Outlet
from bookings.outlets.email import composed
from bookings.outlets.envelope import Envelope
from bookings.outlets.letter import Letter
from bookings.outlets.sms import segments

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preview:
    """The mail or the text, or nothing with the reason: nothing is true to say, or it is broken.

    `parts` says how many parts the text has, `payload` what a webhook said when it was tried.
    """

    mail: Reading | None = None
    text: str = ""
    parts: int = 0
    is_webhook: bool = False
    payload: str = ""
    is_broken: bool = False


def preview(message: Message) -> Preview:
    """Return a letter or text as it would leave now; writes nothing and carries no working link.

    Cost: as `letter_of`, and what it writes is taken back.
    """
    now = datetime.now(UTC)
    try:
        if message.outlet == Outlet.SMS:
            return _text(message)
        if message.outlet == Outlet.WEBHOOK:
            return Preview(payload=pretty_json(message.body), is_webhook=True)
        with transaction.atomic():
            letter = letter_of(message, now=now)
            transaction.set_rollback(True)
        if letter is None:
            return Preview()
        envelope = Envelope(key=message.key, address=message.address, letter=_masked(letter))
        mail = composed(envelope, stamp=now).message()
        return Preview(mail=read(mail.as_bytes()))
    except Exception:
        logger.exception("message %s cannot be shown", message.public_id)
        return Preview(is_broken=True)


def _text(message: Message) -> Preview:
    """Return a text, whether or not it may leave now; its link is as long as the real one."""
    if message.booking is None:
        return Preview()
    words = worded(message, message.booking, link=f"{settings.PUBLIC_URL}/m/{'x' * 43}/")
    return Preview(text=words, parts=segments(words))


def _masked(letter: Letter) -> Letter:
    """Return a letter without its capabilities: whoever looks on is not the customer."""
    nowhere = f"{settings.PUBLIC_URL}/m/not-shown-here/"
    links = tuple(replace(link, url=nowhere) for link in letter.links)
    occasion = letter.occasion
    if occasion is not None:
        manage_url = nowhere if occasion.manage_url else ""
        options = tuple(replace(option, url=nowhere) for option in occasion.options)
        occasion = replace(occasion, manage_url=manage_url, options=options)
    return replace(
        letter,
        links=links,
        occasion=occasion,
        feed_url=nowhere if letter.feed_url else "",
        unsubscribe_url=nowhere if letter.unsubscribe_url else "",
    )
