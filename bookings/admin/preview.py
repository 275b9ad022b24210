"""A queued message as the mail that would leave now."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from bookings.admin.reading import Reading, read
from bookings.composing.letters import letter_of
from bookings.models import Message
from bookings.outlets.email import composed
from bookings.outlets.envelope import Envelope
from bookings.outlets.letter import Letter

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preview:
    """The mail, or nothing with the reason: there is nothing true to say, or it is broken."""

    mail: Reading | None = None
    is_broken: bool = False


def preview(message: Message) -> Preview:
    """Return a message as it would leave now; writes nothing and carries no working link.

    Cost: as `letter_of`, and what it writes is taken back.
    """
    now = datetime.now(UTC)
    try:
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


def _masked(letter: Letter) -> Letter:
    """Return a letter without its capabilities: whoever looks on is not the customer."""
    nowhere = f"{settings.PUBLIC_URL}/m/not-shown-here/"
    links = tuple(replace(link, url=nowhere) for link in letter.links)
    occasion = letter.occasion
    if occasion is not None and occasion.manage_url:
        occasion = replace(occasion, manage_url=nowhere)
    return replace(letter, links=links, occasion=occasion)
