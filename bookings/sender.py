"""The sender: claims what is due, sends it outside any transaction, and settles it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.utils import timezone

from bookings import outbox
from bookings.composing import Later, Needless, compose
from bookings.lanes import Lanes
from bookings.models import Message
from bookings.outbox import Busy
from bookings.outlets import OutletError, Receipt, send
from bookings.outlets.email import talking

logger = logging.getLogger(__name__)


LANES: Final = Lanes()
"""What this process is sending."""

DEADLY: Final = "Whoever tried to send it never came back to say what became of it."
"""Why a message is given up that no try has an outcome of."""


def send_due(*, more: Callable[[], object] = lambda: None) -> int:
    """Send what is due, one message after the other, and return how many left.

    `more` is called with each message: there may be more, and somebody else could send it while
    this one is on its way. Nothing is sent while sending is held.
    """
    sent: list[int] = []
    if outbox.standing(now=timezone.now()).held_at:
        return 0
    with talking():
        while _send_next(sent, more):
            pass
    if sent:
        outbox.remember(sent=sent[-1])
    return len(sent)


def _send_next(sent: list[int], more: Callable[[], object]) -> bool:
    """Send one message and note that it left, or give it up; say whether there was one."""
    with LANES.next(_claim) as message:
        if message is None:
            return False
        more()
        if outbox.is_spent(message):
            outbox.settle_refused(message, error=DEADLY, permanent=True, now=timezone.now())
        elif send_one(message):
            sent.append(message.pk)
        return True


def _claim(busy: Busy) -> Message | None:
    return outbox.claim(now=timezone.now(), busy=busy)


def send_one(message: Message) -> bool:
    """Send one claimed message and settle it; say whether it left and is noted so.

    What left may have been settled otherwise meanwhile, or be another sender's by now. A message
    that cannot even be composed is settled as refused: one poisoned row never stops the queue.
    """
    try:
        parcel = compose(message, now=timezone.now())
        if parcel is None:
            outbox.settle_dropped(message, now=timezone.now())
            return False
        receipt = send(parcel)
    except Later as wait:
        outbox.settle_later(message, until=wait.until)
        return False
    except Needless as needless:
        outbox.settle_dropped(message, because=str(needless), now=timezone.now())
        return False
    except OutletError as refusal:
        outbox.settle_refused(
            message,
            error=str(refusal),
            permanent=refusal.permanent,
            retry_after=refusal.retry_after,
            said=_said(refusal),
            now=timezone.now(),
        )
        return False
    except Exception as error:
        logger.exception("message %s could not be composed or sent", message.public_id)
        outbox.settle_refused(
            message, error=type(error).__name__, permanent=False, now=timezone.now()
        )
        return False
    return outbox.settle_sent(
        message, remote_id=receipt.remote_id, said=_said(receipt), now=timezone.now()
    )


def _said(answer: Receipt | OutletError) -> outbox.Exchange:
    return outbox.Exchange(status=answer.status, answer=answer.answer, headers=answer.headers)
