"""The few things that run beside the web: sending what is due, ending what is over."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from bookings import commands, outbox
from bookings.letters import compose
from bookings.models import Message
from bookings.outlets import send
from bookings.outlets.envelope import Envelope, OutletError
from bookings.outlets.kept import shred
from bookings.queries.records import letters_to_shred

logger = logging.getLogger(__name__)


@shared_task(name="bookings.deliver", ignore_result=True)
def deliver(**_: object) -> int:
    """Send what is due and return how many letters left.

    Beat runs it every few seconds and every booking rings for it; two at once are safe.
    """
    sent = 0
    while message := outbox.claim(now=timezone.now()):
        sent += deliver_one(message)
    return sent


def deliver_one(message: Message) -> bool:
    """Send one claimed message outside any transaction and settle it; say whether it left.

    A message that cannot even be composed is settled as refused: one poisoned row never stops
    the queue.
    """
    try:
        letter = compose(message, now=timezone.now())
        if letter is None:
            outbox.settle_dropped(message, now=timezone.now())
            return False
        send(message.outlet, Envelope(key=message.key, address=message.address, letter=letter))
    except OutletError as refusal:
        outbox.settle_refused(
            message, error=str(refusal), permanent=refusal.permanent, now=timezone.now()
        )
        return False
    except Exception as error:
        logger.exception("message %s could not be composed or sent", message.public_id)
        outbox.settle_refused(
            message, error=type(error).__name__, permanent=False, now=timezone.now()
        )
        return False
    outbox.settle_sent(message, now=timezone.now())
    return True


@shared_task(name="bookings.sweep", ignore_result=True)
def sweep(**_: object) -> None:
    """End the holds that are over, forget those that became nothing, and shred letters.

    Letters in files about people who are erased go here rather than where that is decided: a
    sender may just be writing one, and a process that is killed in between leaves nothing over.
    """
    commands.sweep_expired(now=timezone.now())
    commands.forget_expired(now=timezone.now())
    shred(letters_to_shred())


def ring() -> None:
    """Wake a sender. A broker that is away loses nothing: beat polls the outbox."""
    deliver.apply_async(retry=False)
