"""The web server's workers: what they cannot read as HTTP they refuse in words for programs.

Gunicorn's own refuse it with a page of theirs, before Django knows that anybody has come.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.workers.gthread import ThreadWorker

OURS: Final = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)
"""Mistakes that gunicorn calls by the same name, but that no caller can make."""


class Worker(ThreadWorker):
    """A worker with threads; its refusals are problems as the API's (RFC 9457)."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what could not be read; who has gone meanwhile is not waited for."""
        if not isinstance(exc, ParseException) or isinstance(exc, OURS):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("invalid request: %s", exc)
        with suppress(OSError):
            util.write_nonblock(client, _refusal(exc))


def _refusal(error: ParseException) -> bytes:
    # The server loads its workers' class before Django is set up.
    from bookings.faces.api.answering import refused  # noqa: PLC0415
    from bookings.faces.api.problems import Problem  # noqa: PLC0415

    if isinstance(error, LimitRequestLine):
        problem = Problem(414, "address_too_long", "The address is too long.")
    elif isinstance(error, LimitRequestHeaders):
        problem = Problem(431, "headers_too_large", "The headers are too many or too long.")
    else:
        problem = Problem(400, "bad_request", "The request could not be read.")
    answer = refused(problem)
    body = answer.body.encode()
    head = [
        f"HTTP/1.1 {problem.status} {problem.body()['title']}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body
