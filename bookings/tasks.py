"""The few things that run beside the web: sending what is due, ending what is over."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from bookings import commands, outbox, sender
from bookings.outlets.kept import shred
from bookings.queries.records import letters_to_shred


@shared_task(name="bookings.deliver", ignore_result=True)
def deliver(**_: object) -> int:
    """Send what is due and return how many messages left.

    Beat runs it every few seconds and every booking rings for it; two at once are safe.
    """
    return sender.send_due()


@shared_task(name="bookings.sweep", ignore_result=True)
def sweep(**_: object) -> None:
    """End the holds that are over, forget those that became nothing, and shred letters.

    Letters in files about people who are erased go here rather than where that is decided: a
    sender may just be writing one, and a process that is killed in between leaves nothing over.
    """
    commands.sweep_expired(now=timezone.now())
    commands.forget_expired(now=timezone.now())
    shred(letters_to_shred())


@shared_task(name="bookings.forget", ignore_result=True)
def forget(**_: object) -> None:
    """Delete what was noted of tries long ago. Beat runs it every hour."""
    outbox.forget_tries(now=timezone.now())


def ring() -> None:
    """Wake a sender. A broker that is away loses nothing: beat polls the outbox."""
    deliver.apply_async(retry=False)
