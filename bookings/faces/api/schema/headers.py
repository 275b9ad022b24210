"""Headers that calls send and answers carry."""

from __future__ import annotations

from typing import Final

from bookings.faces.api.schema.components import Json

LIMITS: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
"""On every answer."""


def _header(description: str, schema: Json | None = None) -> Json:
    return {"description": description, "schema": schema or {"type": "string"}}


_NUMBER: Final[Json] = {"type": "integer", "minimum": 0}

ANSWERED: Final[Json] = {
    "ETag": _header("Stands for what is shown; it changes whenever that does."),
    "Idempotency-Replayed": _header(
        "`true` where this is the answer that an earlier call with the same key got."
    ),
    "Location": _header("The address of what was made.", {"type": "string", "format": "uri"}),
    "RateLimit-Limit": _header("How many calls may be made in a span of time.", _NUMBER),
    "RateLimit-Remaining": _header("How many of them are left.", _NUMBER),
    "RateLimit-Reset": _header("Seconds until the span ends.", _NUMBER),
    "Retry-After": _header("Seconds until it is worth trying again.", _NUMBER),
    "WWW-Authenticate": _header("What is wrong with the token (RFC 6750)."),
}
NOT_MODIFIED: Final[Json] = {
    "description": "It is as you have it already.",
    "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", *LIMITS)},
}


def _sent(name: str, description: str, schema: Json) -> Json:
    return {"name": name, "in": "header", "description": description, "schema": schema}


SENT: Final[Json] = {
    "IdempotencyKey": _sent(
        "Idempotency-Key",
        "A name of your own for this call. Within 48 hours the same call with the same key does"
        " nothing again and gets the same answer.",
        {"type": "string", "minLength": 1, "maxLength": 255},
    ),
    "IfMatch": _sent(
        "If-Match",
        "The ETag of what you have seen: the change is refused (412) where it is no longer that.",
        {"type": "string"},
    ),
    "IfNoneMatch": _sent(
        "If-None-Match",
        "The ETag of what you have: it is not sent again (304) while it is still that.",
        {"type": "string"},
    ),
    "Prefer": _sent(
        "Prefer",
        "`count=exact` asks how many there are in all (RFC 7240).",
        {"type": "string"},
    ),
}
"""Components: name → parameter."""
