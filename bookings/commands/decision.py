"""One decision, one transaction: time limits, and another try where the database asks for it."""

from __future__ import annotations

import contextlib
import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
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


class Company(Protocol):
    """What goes along with a decision, in its transaction; a refusal of either undoes all of it.

    A decision that is tried again is accompanied anew.
    """

    def before(self) -> None:
        """Do what comes first: nothing is read or locked yet."""

    def after(self, result: object) -> None:
        """Do what comes last; `result` is what the decision returns."""


_company: ContextVar[Company | None] = ContextVar("company", default=None)


@contextlib.contextmanager
def accompanied(company: Company | None) -> Iterator[None]:
    """Let `company` go along with the decision of the one command that is called inside."""
    token = _company.set(company)
    try:
        yield
    finally:
        _company.reset(token)


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


def aside(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """Run a command as `decision` does, but with no company: it tidies before a decision."""
    decide = decision(command)

    @functools.wraps(command)
    def tidy(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        with accompanied(None):
            return decide(*args, **kwargs)

    return tidy


def _once(command: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
    company = _company.get()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '5s'")
        if company is None:
            return command(*args, **kwargs)
        with accompanied(None):
            company.before()
            result = command(*args, **kwargs)
            company.after(result)
            return result
