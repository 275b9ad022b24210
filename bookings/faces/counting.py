"""How often somebody does something: counted where every process sees it.

The count stands in Redis where the broker is one, else in PostgreSQL; while Redis is away it stands
in PostgreSQL too, so that a limit never vanishes with it. It is a count of whole stretches of
time: the first call begins one, and the first after its end begins the next.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 0.25
"""So long a call waits for Redis."""
SHUNNED_SECONDS: Final = 5.0
"""So long no call waits for a Redis that has just kept one waiting in vain."""

_COUNT: Final = """
INSERT INTO bookings_callcount AS known (caller, until, count) VALUES (%(caller)s, %(until)s, 1)
ON CONFLICT (caller) DO UPDATE
  SET until = CASE WHEN known.until > %(now)s THEN known.until ELSE excluded.until END,
      count = CASE WHEN known.until > %(now)s THEN known.count + 1 ELSE 1 END
RETURNING count, until
"""


@dataclass(frozen=True)
class Limit:
    """So many times in a stretch of time."""

    most: int
    stretch: timedelta


@dataclass(frozen=True)
class Quota:
    """What somebody has used of a limit; it is free again in `seconds`."""

    limit: Limit
    used: int
    seconds: int

    @property
    def is_over(self) -> bool:
        """Whether this was one time too many."""
        return self.used > self.limit.most


class Counter:
    """Counts in Redis as long as it answers, else in PostgreSQL; any thread may use it."""

    def __init__(self) -> None:
        """Set up a counter that trusts Redis."""
        self._client: Redis | None = None
        self._address = ""
        self._shunned_until = 0.0

    def count(self, caller: str, limit: Limit, *, now: datetime) -> Quota:
        """Count one call and return what is left. Cost: one statement, or one trip to Redis."""
        stretch = limit.stretch
        used, left = self._in_redis(caller, stretch) or _in_database(caller, stretch, now=now)
        return Quota(limit, used, max(1, math.ceil(left)))

    def _in_redis(self, caller: str, stretch: timedelta) -> tuple[int, float] | None:
        """Return the count and how many seconds it lasts; None where there is no Redis now."""
        if not settings.COUNTER_URL or time.monotonic() < self._shunned_until:
            return None
        try:
            with self._redis(settings.COUNTER_URL).pipeline(transaction=True) as steps:
                key = f"calls:{caller}"
                steps.set(key, 0, px=stretch, nx=True)
                steps.incr(key)
                steps.pttl(key)
                _, used, left = steps.execute()
        except RedisError as error:
            self._shunned_until = time.monotonic() + SHUNNED_SECONDS
            logger.warning("calls are counted in PostgreSQL, Redis is away: %s", error)
            return None
        return int(used), int(left) / 1000

    def _redis(self, address: str) -> Redis:
        """Return the client; its connections are made when needed, and never shared by a fork."""
        if self._client is None or self._address != address:
            self._client = Redis.from_url(
                address,
                socket_timeout=PATIENCE_SECONDS,
                socket_connect_timeout=PATIENCE_SECONDS,
                retry=Retry(NoBackoff(), 1),
            )
            self._address = address
        return self._client


def _in_database(caller: str, stretch: timedelta, *, now: datetime) -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"caller": caller, "now": now, "until": now + stretch})
        used, until = cursor.fetchone()
    return used, (until - now).total_seconds()


counter: Final = Counter()
