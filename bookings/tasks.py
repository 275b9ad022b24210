"""The few things that run beside the web: sending what is due, ending what is over."""

from __future__ import annotations

from typing import Final

from celery import bootsteps, shared_task
from django.db import connections
from django.utils import timezone

from bookings import commands, outbox, sender
from bookings.bell import Bell
from bookings.lookout import Lookout
from bookings.outlets.kept import shred
from bookings.queries.records import letters_to_shred


@shared_task(name="bookings.deliver", ignore_result=True)
def deliver(**_: object) -> int:
    """Send what is due and return how many messages left.

    Beat runs it every few seconds and every booking rings for it. Any number at once are safe,
    and while there is something to send each of them calls for another, so that what one of
    them has to wait for keeps nothing else waiting.
    """
    lookout.called()
    return sender.send_due(more=ring)


@shared_task(name="bookings.sweep", ignore_result=True)
def sweep(**_: object) -> None:
    """End holds and offers that are over, offer what is free, forget holds, and shred letters.

    Letters in files about people who are erased go here rather than where that is decided: a
    sender may just be writing one, and a process that is killed in between leaves nothing over.
    """
    commands.sweep_expired(now=timezone.now())
    commands.offer_free_places(now=timezone.now())
    commands.forget_expired(now=timezone.now())
    shred(letters_to_shred())


@shared_task(name="bookings.replan", ignore_result=True)
def replan(**_: object) -> int:
    """Plan reminders again where the rules have changed; return of how many appointments."""
    return commands.replan(now=timezone.now())


@shared_task(name="bookings.forget", ignore_result=True)
def forget(**_: object) -> None:
    """Delete what was noted of tries and of calls long ago. Beat runs it every hour."""
    outbox.forget_tries(now=timezone.now())
    commands.forget_calls(now=timezone.now())


def _wake_sender() -> None:
    """Ask the broker to run a sender. One that is away loses nothing: beat polls the outbox."""
    deliver.apply_async(retry=False)


ring: Final = Bell(_wake_sender, every=0.25).ring
"""Wakes a sender, a few times a second at most, however many messages are queued."""


def _look() -> None:
    """Do what beat asks for every few seconds."""
    try:
        for task in (sweep, replan, deliver):
            task()
    finally:
        connections.close_all()


lookout: Final = Lookout(_look, after=20)
"""Sends what is due although neither bell nor beat is heard."""


class LookingOut(bootsteps.StartStopStep):
    """The part of a worker that looks by itself, from its start, whether a broker answers or not.

    It stops before the pool does: what is being sent by then is sent to the end.
    """

    requires = ("celery.worker.components:Pool",)

    def start(self, parent: object) -> None:
        """Begin to look."""
        lookout.start()

    def stop(self, parent: object) -> None:
        """Finish a look that has begun, and look no more."""
        lookout.stop()
