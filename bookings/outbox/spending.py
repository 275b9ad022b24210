"""What text messages cost: parts in 24 hours, to one number and in all."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from django.db import connection, transaction

from bookings.models import Message
from bookings.outbox.queueing import tell_house

logger = logging.getLogger(__name__)

WINDOW: Final = timedelta(hours=24)
_LOCK: Final = 0x5345474D  # of this module alone

_SPENT: Final = """
SELECT coalesce(sum(segments) FILTER (WHERE address = %(number)s), 0), coalesce(sum(segments), 0)
FROM bookings_message
WHERE segments > 0 AND id <> %(own)s AND (
    sent_at > %(since)s OR sent_at IS NULL AND failed_at IS NULL AND dropped_at IS NULL)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Most parts of texts in 24 hours."""

    per_number: int
    in_all: int


class Over(Enum):
    """Which budget a text would break; the value stands in the key of the notice."""

    NUMBER = "texts_to_number"
    ALL = "texts"


def spend(message: Message, *, segments: int, budget: Budget, now: datetime) -> Over | None:
    """Set the parts of a text aside, in a transaction of its own; return what forbids it, if so.

    What counts are the parts of texts that were sent in the last 24 hours or are on their way,
    whoever sends them: two senders never spend the same parts. A text that is tried again has
    its parts already. Of what forbids it, the house is told once a day.
    Cost: at most four statements. Locks: that of all spending, until the end of the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            _SPENT, {"number": message.address, "own": message.pk, "since": now - WINDOW}
        )
        to_number, in_all = cursor.fetchone()
        if in_all + segments > budget.in_all:
            over = Over.ALL
        elif to_number + segments > budget.per_number:
            over = Over.NUMBER
        else:
            Message.objects.filter(pk=message.pk).update(segments=segments)
            return None
        tell_house(message.business, over.value, now=now)
    logger.warning("text %s not sent: %s of 24 hours are spent", message.public_id, over.value)
    return over
