"""The whole description, put together from the routes."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from django.utils.translation import override
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator

from bookings.faces.api.answering import PROBLEM
from bookings.faces.api.operation import Endpoint
from bookings.faces.api.schema.components import PREFIX, Components, Json, components
from bookings.faces.api.schema.headers import ANSWERED, NOT_MODIFIED, SENT
from bookings.faces.api.schema.operations import Place, operation_at
from bookings.faces.api.schema.refusals import PROBLEM_SCHEMA, Refusals
from bookings.faces.api.schema.security import schemes
from bookings.faces.api.schema.tags import TAGS

INFO: Final[Json] = {
    "title": "Booking portal",
    "version": "1.0.0",
    "description": (
        "Everything that people do in the portal, for programs.\n\n"
        "Send an access token as a bearer. It says what a program may do (scopes); the role of its"
        " owner in each business still rules.\n\n"
        "Bodies are JSON. A field that is not known here is refused, never dropped. Instants are"
        " ISO 8601 with an offset, durations ISO 8601, money is a decimal string with its"
        " currency.\n\n"
        "A `POST` with an `Idempotency-Key` may be repeated for 48 hours and happens once. A change"
        " with `If-Match` happens only to what you have seen.\n\n"
        f"Refusals are `{PROBLEM}` (RFC 9457) with a stable `code`. Answers may get new fields and"
        " problems new codes; nothing is taken away from this version."
    ),
}


class Generator(SchemaGenerator):
    """Walks the routes as drf-spectacular does; operations and shapes say all the rest."""

    def places(self) -> list[Place]:
        """Return where the operations are, in the order of their addresses."""
        routes = EndpointEnumerator(self.patterns, self.urlconf)
        found: list[tuple[str, str, str, Any]] = routes.get_api_endpoints()  # type: ignore[no-untyped-call]
        return [
            Place(callback.cls, method, path, route)
            for path, route, method, callback in found
            if issubclass(callback.cls, Endpoint) and method in callback.cls.operations()
        ]

    def get_schema(self, request: Any = None, public: bool = False) -> Json:  # noqa: FBT001
        """Return the document: an OpenAPI Object. It is the same for every caller."""
        places = self.places()
        shapes, refusals = _shapes(places), Refusals()
        paths: Json = {}
        for place in places:
            methods = paths.setdefault(place.path, {})
            methods[place.method.lower()] = operation_at(place, shapes, refusals)
        return {
            "openapi": "3.1.0",
            "info": INFO,
            "servers": [{"url": "/"}],
            "tags": [{"name": tag, "description": said} for tag, said in TAGS.items()],
            "paths": paths,
            "components": _components(places, shapes, refusals),
        }


@cache
def described() -> Json:
    """Return the description of the whole API, in English. Cost: made once in a process."""
    with override("en"):
        return Generator().get_schema()  # type: ignore[no-untyped-call]


@cache
def written() -> str:
    """Return the description as a file has it."""
    return json.dumps(described(), indent=1, ensure_ascii=False) + "\n"


def _shapes(places: list[Place]) -> Components:
    operations = [place.operation for place in places]
    return components(
        [each.shows for each in operations if each.shows],
        [shape for each in operations for shape in (each.query, each.body) if shape],
    )


def _components(places: list[Place], shapes: Components, refusals: Refusals) -> Json:
    queries = {
        shapes.asked(place.operation.query)["$ref"] for place in places if place.operation.query
    }
    known = {
        name: each for name, each in shapes.definitions.items() if PREFIX + name not in queries
    }
    return {
        "schemas": {"Problem": PROBLEM_SCHEMA, **known},
        "parameters": SENT,
        "headers": ANSWERED,
        "examples": refusals.examples,
        "responses": {"NotModified": NOT_MODIFIED, **refusals.answers},
        "securitySchemes": schemes(),
    }
