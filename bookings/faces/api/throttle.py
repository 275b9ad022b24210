"""How many calls somebody may make, and how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from bookings.faces.api.problems import Problem
from bookings.faces.counting import Limit, Quota, counter

STRETCH: Final = timedelta(seconds=60)


def count_call(caller: str, *, now: datetime) -> Quota:
    """Count a call, whatever it is for, and return what is left."""
    return counter.count(caller, Limit(settings.API_CALLS_PER_MINUTE, STRETCH), now=now)


def told(quota: Quota) -> Mapping[str, str]:
    """Return what every answer says of it (draft-ietf-httpapi-ratelimit-headers-06)."""
    return {
        "RateLimit-Limit": str(quota.limit.most),
        "RateLimit-Remaining": str(max(0, quota.limit.most - quota.used)),
        "RateLimit-Reset": str(quota.seconds),
    }


def enforce(quota: Quota) -> None:
    """Refuse a call that is one too many.

    Raises:
        Problem: 429, with the seconds to wait (RFC 6585).
    """
    if quota.is_over:
        said = f"More than {quota.limit.most} calls in {STRETCH.seconds} seconds."
        headers = {"Retry-After": str(quota.seconds)}
        raise Problem(429, "too_many_calls", said, headers=headers)
