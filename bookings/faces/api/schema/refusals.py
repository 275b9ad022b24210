"""How an operation refuses: for each status its codes, as problem details (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from http import HTTPStatus
from typing import Final

from bookings.errors import BookingError, Busy, NotAllowed, NotFound
from bookings.faces.api.answering import PROBLEM
from bookings.faces.api.schema.components import PREFIX, Json
from bookings.faces.api.schema.examples import SERVER
from bookings.faces.replies import status_of

Codes = Mapping[str, str]
"""Code → what it says."""


class Trait(Enum):
    """What about an operation makes it refuse, in which ways."""

    ANY = {
        400: {
            "bad_query": "The address is not as it should be.",
            "bad_request": "The request could not be read.",
        },
        429: {"too_many_calls": "Too many calls in too short a time."},
        503: {Busy.code: Busy.text},
    }
    TOKEN = {
        401: {
            "unauthenticated": "Send an access token as a bearer.",
            "invalid_token": "The access token is unknown, expired or revoked.",
        },
        403: {"insufficient_scope": "The access token lacks the scope."},
    }
    ROLE = {403: {NotAllowed.code: NotAllowed.text}}
    NAMES = {404: {NotFound.code: NotFound.text}}
    BODY = {
        400: {"bad_body": "The body is not as it should be."},
        413: {"too_large": "The body is too large."},
        415: {"unsupported_media_type": "Send the body as application/json."},
    }
    REPEATED = {
        400: {"bad_key": "An Idempotency-Key has 1 to 255 printable characters."},
        409: {"under_way": "The same call is still under way."},
        410: {"erased": "Whom the answer was about has been erased since."},
        422: {"key_reused": "This Idempotency-Key was used for something else."},
    }
    GUARDED = {412: {"precondition_failed": "This has changed since you last saw it."}}


_HEADERS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    409: ("Retry-After",),
    412: ("ETag",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
_ERRORS: Final[Mapping[str, Json]] = {
    "bad_query": {"parameter": "limit", "detail": "Input should be less than or equal to 100."},
    "bad_body": {"pointer": "/name", "detail": "This is needed."},
    "invalid": {"pointer": "/name", "detail": "This is needed."},
}

PROBLEM_SCHEMA: Final[Json] = {
    "type": "object",
    "description": "What went wrong, and what can be done about it (RFC 9457).",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where the code is explained."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": "For programs; it never changes. There may be new ones one day: go by"
            " the status where you do not know it.",
        },
        "detail": {"type": "string", "description": "A sentence for people."},
        "scope": {"type": "string", "description": "The scope that the token lacks."},
        "errors": {
            "type": "array",
            "description": "What is wrong with which field.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "Where it stands in the body (RFC 6901).",
                    },
                    "parameter": {"type": "string", "description": "Its name in the address."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class Refusals:
    """The refusals of all operations: `answers` that several share, and `examples` by code."""

    def __init__(self) -> None:
        self.answers: Json = {}
        self.examples: Json = {}

    def of(self, traits: Iterable[Trait], refuses: Iterable[type[BookingError]]) -> Json:
        """Return the answers, by status, that refuse a call; each names its codes in examples."""
        general: dict[int, dict[str, str]] = {}
        for trait in traits:
            for status, said in trait.value.items():
                general.setdefault(status, {}).update(said)
        own: dict[int, dict[str, str]] = {}
        for refusal in refuses:
            own.setdefault(status_of(refusal), {})[refusal.code] = refusal.text
        return {
            str(status): self._answer(status, general.get(status, {}), own.get(status, {}))
            for status in sorted({*general, *own})
        }

    def _answer(self, status: int, general: Codes, own: Codes) -> Json:
        """Return an answer, or a reference to it where it is nobody's own."""
        answer = self._written(status, {**general, **own})
        if set(own) - set(general):
            return answer
        name = "Or".join(code.title().replace("_", "") for code in general)
        self.answers[name] = answer
        return {"$ref": f"#/components/responses/{name}"}

    def _written(self, status: int, codes: Codes) -> Json:
        for code, text in codes.items():
            self.examples[code] = {"value": _problem(status, code, text)}
        headers = _HEADERS.get(status, ())
        return {
            "description": "\n".join(f"- `{code}`: {_plain(text)}" for code, text in codes.items()),
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
            "content": {
                PROBLEM: {
                    "schema": {"$ref": f"{PREFIX}Problem"},
                    "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
                }
            },
        }


def _problem(status: int, code: str, text: str) -> Json:
    members: Json = {
        "type": f"{SERVER}/developers/problems/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": _plain(text),
    }
    return members | ({"errors": [_ERRORS[code]]} if code in _ERRORS else {})


def _plain(text: str) -> str:
    """Return a sentence with an ellipsis for each of its variable parts."""
    return re.sub(r"%\(\w+\)s", "…", text)
