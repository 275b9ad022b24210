"""What is kept of the calls of programs."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, for whoever makes the same call again.

    `digest` is of who called, the address and the key; `fingerprint` is of what was sent, under
    the key. The answer is `sealed` for the same key. `about` are the public ids and the references
    of bookings that stand in it; where it named somebody who was erased, nothing of it is left.
    """

    digest = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    about = ArrayField(models.CharField(max_length=36), default=list)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class Call(models.Model):
    """A call that a program has made, for those whose program it is to look at.

    `caller` names the token or client, `path` is the address as it is described, without the ids
    that stood in it; `method` is empty where HTTP knows none of that name. `code` says why the
    call was refused.
    """

    caller = models.CharField(max_length=80)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    took_ms = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["caller", "-at"], name="call_of_caller"),
            models.Index(
                fields=["caller", "-at"],
                condition=models.Q(status__gte=400),
                name="failed_call_of_caller",
            ),
            BrinIndex(fields=["at"], name="call_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class CallCount(models.Model):
    """How many calls somebody has made in the stretch of time that ends at `until`.

    Counted where no Redis is. The table is unlogged: a crash of the server forgets the counts of
    the present stretches, and no more.
    """

    caller = models.CharField(max_length=80)
    until = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller"], name="call_count_once_per_caller")
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.count}"
