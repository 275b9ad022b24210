"""The outbox: facts and messages written beside a decision, claimed and settled by a sender.

The row is the queue, the lease and the retry schedule in one; no broker is ever the truth.
"""

from __future__ import annotations

from bookings.outbox.claiming import LEASE, Busy, claim
from bookings.outbox.clearing import drop, replay
from bookings.outbox.delivering import note_delivery
from bookings.outbox.endpoints import FAILING, disable, forgive, note, remove
from bookings.outbox.freezing import freeze
from bookings.outbox.instance import hold, release, remember, standing
from bookings.outbox.queueing import Recipient, bells, put, put_alone, resend, wake
from bookings.outbox.recording import record, record_alone, tell_one
from bookings.outbox.repeating import repeat_between, told_between
from bookings.outbox.settling import (
    is_spent,
    settle_dropped,
    settle_later,
    settle_refused,
    settle_sent,
)
from bookings.outbox.spending import Budget, Over, spend
from bookings.outbox.trying import KEPT, Exchange, forget_tries

__all__ = [
    "FAILING",
    "KEPT",
    "LEASE",
    "Budget",
    "Busy",
    "Exchange",
    "Over",
    "Recipient",
    "bells",
    "claim",
    "disable",
    "drop",
    "forget_tries",
    "forgive",
    "freeze",
    "hold",
    "is_spent",
    "note",
    "note_delivery",
    "put",
    "put_alone",
    "record",
    "record_alone",
    "release",
    "remember",
    "remove",
    "repeat_between",
    "replay",
    "resend",
    "settle_dropped",
    "settle_later",
    "settle_refused",
    "settle_sent",
    "spend",
    "standing",
    "tell_one",
    "told_between",
    "wake",
]
