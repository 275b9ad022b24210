"""One HTTP call to a gateway, what it answers, and how its failures are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import httpx

from bookings.calendars.text import one_line
from bookings.outlets.envelope import OutletError

TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
"""Of each step: to connect, to write, to read. Together they stay far below a sender's lease."""
LONGEST_REASON: Final = 300
LONGEST_WAIT: Final = timedelta(days=1)


def post(
    url: str, fields: Mapping[str, str], *, auth: tuple[str, str] | None = None
) -> httpx.Response:
    """Send a form and return the answer, whatever it says. No redirect is followed.

    Raises:
        OutletError: nobody answered; not permanent. A gateway that took the form and then fell
            silent may have sent the text: the next try may be a repeat.
    """
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False, auth=auth) as client:
            return client.post(url, data=dict(fields))
    except httpx.HTTPError as failure:
        reason = one_line(str(failure), LONGEST_REASON) or type(failure).__name__
        raise OutletError(reason, permanent=False) from failure


def said_in(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of an answer, an empty one for anything else."""
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def refused(
    answer: httpx.Response, reason: str, *, number: str, permanent: bool = False
) -> OutletError:
    """Return the refusal that an answer means, in one line that names no number.

    What the gateway asks to wait is taken over, up to a day.
    """
    said = one_line(reason.replace(number, "…").replace(number.lstrip("+"), "…"), LONGEST_REASON)
    return OutletError(
        said or f"HTTP {answer.status_code}",
        permanent=permanent,
        retry_after=_wait(answer),
        status=answer.status_code,
    )


def _wait(answer: httpx.Response) -> timedelta | None:
    """Return the seconds of `Retry-After`, where it has any."""
    said = answer.headers.get("retry-after", "").strip()
    if not (said.isascii() and said.isdigit()):
        return None
    return min(timedelta(seconds=min(int(said), 10**6)), LONGEST_WAIT)
