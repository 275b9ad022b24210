"""How an operation refuses: for each status its codes, as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from http import HTTPStatus
from typing import Final

from bookings.errors import BookingError, Busy, NotAllowed, NotFound
from bookings.faces.api.answering import PROBLEM
from bookings.faces.api.schema.components import PREFIX, Json
from bookings.faces.api.schema.words import SERVER
from bookings.faces.explained import OF_CALLS, Explained, refusals


class Trait(Enum):
    """What about an operation makes it refuse, and with which codes."""

    ANY = ("bad_query", "bad_request", "too_many_calls", Busy.code)
    TOKEN = ("unauthenticated", "invalid_token", "insufficient_scope", "factor_required")
    ROLE = (NotAllowed.code,)
    NAMES = (NotFound.code,)
    BODY = ("bad_body", "too_large", "unsupported_media_type")
    REPEATED = ("bad_key", "under_way", "erased", "answer_lost", "key_reused")
    GUARDED = ("precondition_failed",)


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
_DETAILS: Final = {
    "changed_meanwhile": "This has been changed meanwhile by Anna Weber.",
    "party_too_large": "This service takes at most 8 people at a time.",
    "port_not_called": "Only these ports are called: 80, 443.",
    "too_many_subscriptions": "A business has at most 20 webhooks. Delete one first.",
}
"""Code → its sentence where that names something."""

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
        "answered": {
            "type": "integer",
            "description": "The status of the answer that is lost.",
        },
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
        """Begin with every code that is explained to people."""
        self._known = {each.code: each for each in (*OF_CALLS, *refusals())}
        self.answers: Json = {}
        self.examples: Json = {}

    def of(self, traits: Iterable[Trait], refuses: Iterable[type[BookingError]]) -> Json:
        """Return the answers, by status, that refuse a call; each names its codes in examples."""
        general = [code for trait in traits for code in trait.value]
        codes = dict.fromkeys([*general, *(refusal.code for refusal in refuses)])
        by_status: dict[int, list[str]] = {}
        for code in codes:
            by_status.setdefault(self._known[code].status, []).append(code)
        return {
            str(status): self._answer(by_status[status], general) for status in sorted(by_status)
        }

    def _answer(self, codes: list[str], general: list[str]) -> Json:
        """Return an answer, or a reference to it where it is nobody's own."""
        known = [self._known[code] for code in codes]
        answer = {
            "description": "\n".join(f"- `{each.code}`: {_said(each)}" for each in known),
            "headers": {
                name: {"$ref": f"#/components/headers/{name}"}
                for name in _HEADERS.get(known[0].status, ())
            },
            "content": {
                PROBLEM: {
                    "schema": {"$ref": f"{PREFIX}Problem"},
                    "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
                }
            },
        }
        self.examples |= {each.code: {"value": _problem(each)} for each in known}
        if not set(codes) <= set(general):
            return answer
        name = "Or".join(code.title().replace("_", "") for code in codes)
        self.answers[name] = answer
        return {"$ref": f"#/components/responses/{name}"}


def _said(problem: Explained) -> str:
    return " ".join(filter(None, (str(problem.meaning), str(problem.help))))


def _problem(problem: Explained) -> Json:
    members: Json = {
        "type": f"{SERVER}/developers/problems/#{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "code": problem.code,
        "detail": _DETAILS.get(problem.code) or str(problem.meaning),
    }
    return members | ({"errors": [_ERRORS[problem.code]]} if problem.code in _ERRORS else {})
