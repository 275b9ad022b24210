"""What is kept of the calls of programs, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bookings.models import Call, CallCount, KeptAnswer

ANSWERS_KEPT: Final = timedelta(hours=48)
"""How long the same Idempotency-Key gets the same answer."""
CALLS_KEPT: Final = timedelta(days=7)


def forget_calls(*, now: datetime) -> None:
    """Delete answers, notes and counts that are too old. Cost: three deletions."""
    KeptAnswer.objects.filter(created_at__lte=now - ANSWERS_KEPT).delete()
    Call.objects.filter(at__lte=now - CALLS_KEPT).delete()
    CallCount.objects.filter(until__lte=now).delete()
