"""What is on its way out, and what came of it: by outlet, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Count, Exists, Max, Min, Q, QuerySet

from bookings.models import Instance, Message, Outlet
from bookings.models.outbox import BY_STATE, WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages are asked for; empty fields ask for nothing.

    `since` and `until` are half-open, by when a message is or was due; `business` is a slug.
    """

    ids: Sequence[str] = ()
    business: str = ""
    outlet: str = ""
    state: str = ""
    topic: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def rows(self) -> QuerySet[Message]:
        """Return the messages, in no order. Costs no query."""
        asked = Q(public_id__in=self.ids) if self.ids else Q()
        if self.business:
            asked &= Q(business__slug=self.business)
        if self.outlet:
            asked &= Q(outlet=self.outlet)
        if self.state:
            asked &= BY_STATE[self.state]
        if self.topic:
            asked &= Q(topic=self.topic)
        if self.since:
            asked &= Q(due_at__gte=self.since)
        if self.until:
            asked &= Q(due_at__lt=self.until)
        return Message.objects.filter(asked)


@dataclass(frozen=True, slots=True)
class Pile:
    """How many messages of an outlet are in a state, and when the first of them was due."""

    outlet: str
    state: str
    count: int
    oldest: datetime


def piles(wanted: Wanted) -> list[Pile]:
    """Return how many messages there are, by outlet and state. Cost: a query for each state."""
    found = []
    for state, condition in BY_STATE.items():
        rows = wanted.rows().filter(condition).order_by("outlet").values("outlet")
        for row in rows.annotate(count=Count("pk"), oldest=Min("due_at")):
            found.append(Pile(row["outlet"], state, row["count"], row["oldest"]))
    return sorted(found, key=lambda pile: (pile.outlet, list(BY_STATE).index(pile.state)))


def is_held() -> Exists:
    """Return the condition that sending is held, to be asked along with something else."""
    return Exists(Instance.objects.filter(held_at__isnull=False))


@dataclass(frozen=True, slots=True)
class Held:
    """That sending is held: since when and why, and what waits: how many, due from when to when."""

    since: datetime
    because: str
    count: int
    first: datetime | None
    last: datetime | None


def held(*, now: datetime, within: QuerySet[Message] | None = None) -> Held | None:
    """Return what waits because sending is held, of all or of some messages; None where it is not.

    Cost: one query, two while it is held.
    """
    instance = Instance.objects.filter(held_at__isnull=False).first()
    if instance is None or instance.held_at is None:
        return None
    rows = Message.objects.all() if within is None else within
    told = rows.filter(WAITING, due_at__lte=now).aggregate(
        count=Count("pk"), first=Min("due_at"), last=Max("due_at")
    )
    return Held(instance.held_at, instance.reason, told["count"], told["first"], told["last"])


@dataclass(frozen=True, slots=True)
class Traffic:
    """The state of one outlet: totals of all time but for `waiting`, `later`, `dead` and `age`.

    `waiting` are due, `later` are not yet; `failed` counts tries, the others messages. `age` is
    since when the oldest one is due that no failing endpoint keeps waiting.
    """

    outlet: str
    waiting: int = 0
    later: int = 0
    dead: int = 0
    sent: int = 0
    dropped: int = 0
    failed: int = 0
    age: timedelta = timedelta(0)


_TRAFFIC: Final = """
WITH m AS (
    SELECT m.outlet, m.due_at, m.attempts, m.leased_until, m.sent_at, m.failed_at, m.dropped_at,
        m.sent_at IS NULL AND m.failed_at IS NULL AND m.dropped_at IS NULL AS is_waiting,
        s.failing_since
    FROM bookings_message m LEFT JOIN bookings_subscription s ON s.id = m.subscription_id
)
SELECT outlet,
    count(*) FILTER (WHERE is_waiting AND due_at <= %(now)s),
    count(*) FILTER (WHERE is_waiting AND due_at > %(now)s),
    count(failed_at),
    count(sent_at),
    count(dropped_at),
    coalesce(sum(attempts) FILTER (WHERE attempts > 0), 0) - count(sent_at)
        - count(*) FILTER (WHERE attempts > 0 AND (
            dropped_at IS NOT NULL OR is_waiting AND leased_until > %(now)s)),
    coalesce(%(now)s - min(due_at) FILTER (
        WHERE is_waiting AND due_at <= %(now)s AND failing_since IS NULL), '0')
FROM m GROUP BY outlet
"""


def traffic(*, now: datetime) -> list[Traffic]:
    """Return the state of every outlet, in one order always. Cost: one query, over all messages."""
    with connection.cursor() as cursor:
        cursor.execute(_TRAFFIC, {"now": now})
        found = {row[0]: Traffic(*row) for row in cursor.fetchall()}
    return [found.get(outlet, Traffic(outlet)) for outlet in Outlet.values]
