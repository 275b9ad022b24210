"""One decision, one transaction: time limits, and another try where the database asks for it."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, Protocol, TypeVar

from django.db import OperationalError, connection, transaction

from bookings.commands.actor import Actor
from bookings.errors import Busy
from bookings.models import Booking

logger = logging.getLogger(__name__)

Params = ParamSpec("Params")
Result = TypeVar("Result")

TRIES = 4
AGAIN = {"40P01", "40001"}
"""SQLSTATE of a deadlock and of a serialization failure."""
WAITED_TOO_LONG = {"55P03", "57014"}
"""SQLSTATE of a lock timeout and of a statement timeout."""


class BookingDecision(Protocol):
    """A decision about one booking that needs to know no more than who decides, and when."""

    def __call__(self, *, booking: Booking, now: datetime, actor: Actor) -> Booking: ...


def decision(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """Run a command in a transaction of its own with limits on waiting.

    A deadlock or serialization failure is tried again, at most three times, with a short
    random pause; the lock order of the commands makes them unexpected, so each is logged.
    Inside a transaction of the caller nothing can be tried again, so nothing is.

    Raises:
        Busy: a lock or a statement took too long; nothing was written.
    """

    @functools.wraps(command)
    def decide(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        tries = 1 if connection.in_atomic_block else TRIES
        while True:
            tries -= 1
            try:
                return _once(command, *args, **kwargs)
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state in WAITED_TOO_LONG:
                    raise Busy() from error
                if state not in AGAIN or not tries:
                    raise
                logger.warning("%s met %s and is tried again", command.__name__, state)
                time.sleep(random.uniform(0.005, 0.020))

    return decide


def _once(command: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s'")
        return command(*args, **kwargs)
