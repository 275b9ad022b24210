"""What went wrong, as programs read it: problem details for HTTP APIs (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions

from bookings.errors import BookingError, Busy, Invalid, NotFound, TooOften
from bookings.faces.replies import RETRY_SECONDS, status_of
from bookings.faces.words import said

logger = logging.getLogger(__name__)


class Problem(Exception):
    """An answer that is a refusal.

    `errors` say what is wrong with which field: each has a `detail`, and a `pointer` into the body
    (RFC 6901) or the name of a `parameter`. `more` is what else a program can use.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), more

    def body(self) -> dict[str, Any]:
        """Return the members of the problem."""
        members: dict[str, Any] = {
            "type": f"{settings.PUBLIC_URL}/developers/problems/#{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }
        return members | ({"errors": self.errors} if self.errors else {})


def problem_of(error: Exception, *, is_read: bool = False) -> Problem:
    """Return what a program is told of an error; what nobody expected is logged.

    `is_read` where all that was sent stands in the address.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, BookingError):
        return _refusal(error, is_read=is_read)
    if isinstance(error, exceptions.MethodNotAllowed):
        return Problem(405, "method_not_allowed", "This address does not take this method.")
    if isinstance(error, Http404):
        return Problem(404, "not_found", "There is nothing here under this name.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "too_large", "The body is too large.")
    if isinstance(error, SuspiciousOperation | exceptions.ParseError):
        return Problem(400, "bad_request", "The request could not be read.")
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("a call failed: %s", error)
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return Problem(503, "unavailable", "The portal cannot answer right now.", headers=headers)
    logger.exception("a call failed", exc_info=error)
    return Problem(500, "failed", "Something went wrong on our side. It has been noted.")


def _refusal(error: BookingError, *, is_read: bool) -> Problem:
    headers = {}
    if isinstance(error, Busy):
        headers = {"Retry-After": str(RETRY_SECONDS)}
    if isinstance(error, TooOften):
        headers = {"Retry-After": str(error.params["seconds"])}
    errors = [
        ({"parameter": name} if is_read else {"pointer": f"/{name.replace('.', '/')}"})
        | {"detail": _(sentence)}
        for name, sentence in _wrong_in(error).items()
    ]
    return Problem(status_of(error), error.code, said(error), errors=errors, headers=headers)


def _wrong_in(error: BookingError) -> Mapping[str, str]:
    """Return what is wrong with which field, where that is known."""
    if isinstance(error, Invalid):
        return error.fields
    named = error.params.get("named") if isinstance(error, NotFound) else None
    return {str(named): error.text} if named else {}
