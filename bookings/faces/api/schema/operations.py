"""One operation as the description has it."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from accounts.roles import TABLE, Reach, Role
from bookings.faces.api.answering import CONTENT_TYPE
from bookings.faces.api.operation import Described, Endpoint, Operation
from bookings.faces.api.schema.components import Components, Json
from bookings.faces.api.schema.examples import example_of, id_of
from bookings.faces.api.schema.headers import LIMITS
from bookings.faces.api.schema.refusals import Refusals, Trait
from bookings.faces.api.schema.security import needing
from bookings.faces.api.schema.tags import tag_of
from bookings.faces.api.schema.words import BY_NAME, BY_OWNER
from bookings.faces.api.shapes import Listed

_ID: Final = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
_FOR_US: Final = re.compile(r"^\s*(?:Cost|Locks|Raises|Order|Returns): ?", re.MULTILINE)
_KINDS: Final[Json] = {
    "uuid": {"type": "string", "format": "uuid"},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
    "str": {"type": "string", "minLength": 1},
}
_IN_PATHS: Final = {
    ("slug", "slug"): BY_NAME["slug"],
    ("slug", "service"): BY_OWNER["service.slug"],
    ("str", "token"): BY_NAME["token"],
}
_SECRET: Final = "What it is known by to whoever holds it: a secret."


@dataclass(frozen=True)
class Place:
    """An operation where it is: an endpoint, a method in capitals, an address.

    `path` is the address as OpenAPI has it, `route` as Django has it.
    """

    endpoint: type[Endpoint]
    method: str
    path: str
    route: str

    @property
    def operation(self) -> Described:
        """Return what the method does there."""
        return self.endpoint.operations()[self.method]

    @property
    def tag(self) -> str:
        """Return the word for what it is about."""
        return tag_of(self.path)

    @property
    def is_guarded(self) -> bool:
        """Say whether it changes what somebody may have seen before."""
        ids = [found["name"] for found in _ID.finditer(self.route)]
        return self.method in ("PUT", "PATCH", "DELETE") or (
            self.method == "POST" and bool(set(ids) - {"business", "slug"})
        )


def operation_at(place: Place, shapes: Components, refusals: Refusals) -> Json:
    """Return the description of an operation: an Operation Object of OpenAPI 3.1."""
    operation = place.operation
    described: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": _description(place),
        "tags": [place.tag],
        "parameters": [*_ids(place), *_query(operation, shapes), *_headers(place)],
        "security": needing(operation.scope) if isinstance(operation, Operation) else [],
    }
    if operation.body is not None:
        body = shapes.asked(operation.body)
        described["requestBody"] = {
            "required": bool(shapes.definition(body).get("required")),
            "content": {CONTENT_TYPE: _content(body, shapes)},
        }
    refused = refusals.of(_traits(place), operation.refuses)
    described["responses"] = {**_answers(place, shapes), **refused}
    return described


def _description(place: Place) -> str:
    """Return what the method's docstring says to callers, and whom it lets in."""
    operation = place.operation
    handler = getattr(place.endpoint, place.method.lower())
    said = _FOR_US.split(inspect.getdoc(handler) or "")[0].strip()
    return f"{said}\n\n{_who(operation)}"


def _who(operation: Described) -> str:
    if not isinstance(operation, Operation):
        return "Needs no token."
    needed = f"Needs the scope `{operation.scope}`"
    if operation.needs is None:
        return f"{needed}."
    reaches = zip(Role, TABLE[operation.needs], strict=True)
    roles = [
        f"{role.replace('_', ' ')}{' (what is theirs)' if reach is Reach.OWN else ''}"
        for role, reach in reaches
        if reach is not Reach.NONE
    ]
    return f"{needed} and one of these roles: {', '.join(roles)}."


def _ids(place: Place) -> list[Json]:
    return [
        {
            "name": found["name"],
            "in": "path",
            "required": True,
            "description": _named(found["kind"], found["name"]),
            "schema": _KINDS[found["kind"]],
            "example": _IN_PATHS.get((found["kind"], found["name"])) or id_of(found["name"]),
        }
        for found in _ID.finditer(place.route)
    ]


def _named(kind: str, name: str) -> str:
    """Return what an address has a thing by."""
    if kind == "slug":
        return f"How the {'business' if name == 'slug' else name} is called in addresses."
    return _SECRET if kind == "str" else f"Id of the {name.replace('_', ' ')}."


def _query(operation: Described, shapes: Components) -> list[Json]:
    """Return the fields of the query; several values of one stand with commas between them.

    Those that are needed have an example: who tries a call begins with it.
    """
    if operation.query is None:
        return []
    shape = shapes.definition(shapes.asked(operation.query))
    needed = shape.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "description": field.get("description", ""),
            "schema": _without_null(field),
            **({"style": "form", "explode": False} if field.get("type") == "array" else {}),
            **({"example": _example(name, field, shapes)} if name in needed else {}),
        }
        for name, field in shape.get("properties", {}).items()
    ]


def _example(name: str, field: Json, shapes: Components) -> Any:
    return example_of(field, shapes.definitions, owner="query", name=name)


def _without_null(field: Json) -> Json:
    """Return the schema of a parameter: left out rather than null; a name may stand twice."""
    schema = {k: each for k, each in field.items() if k not in ("description", "uniqueItems")}
    if schema.get("default", "") is None:
        del schema["default"]
    choices = [each for each in schema.pop("anyOf", ()) if each.get("type") != "null"]
    if len(choices) == 1:
        return {**choices[0], **schema}
    return {**schema, "anyOf": choices} if choices else schema


def _headers(place: Place) -> list[Json]:
    names = {
        "IdempotencyKey": place.method == "POST",
        "IfMatch": place.is_guarded,
        "IfNoneMatch": place.method == "GET" and place.operation.shows is not None,
        "Prefer": _is_list(place.operation),
    }
    return [{"$ref": f"#/components/parameters/{name}"} for name, is_so in names.items() if is_so]


def _is_list(operation: Described) -> bool:
    return operation.shows is not None and issubclass(operation.shows, Listed)


def _answers(place: Place, shapes: Components) -> Json:
    operation = place.operation
    headers = list(LIMITS)
    answer: Json = {"description": _said(operation)}
    if operation.shows is not None:
        answer["content"] = {CONTENT_TYPE: _content(shapes.shown(operation.shows), shapes)}
        headers.append("ETag")
    if operation.sends:
        answer["content"] = {kind: {"schema": {}} for kind in operation.sends}
    if place.method == "POST":
        headers += ["Idempotency-Replayed"]
    if operation.status == HTTPStatus.CREATED:
        headers += ["Location"]
    answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    answers = {str(operation.status): answer}
    if place.method == "GET" and operation.shows is not None:
        answers["304"] = {"$ref": "#/components/responses/NotModified"}
    return answers


def _said(operation: Described) -> str:
    if operation.sends:
        return "The file."
    if operation.shows is None:
        return "Done; there is nothing to show."
    return (inspect.getdoc(operation.shows) or operation.summary).partition("\n")[0]


def _content(schema: Json, shapes: Components) -> Json:
    return {"schema": schema, "example": example_of(schema, shapes.definitions)}


def _traits(place: Place) -> list[Trait]:
    operation = place.operation
    found: list[tuple[Trait, Any]] = [
        (Trait.ANY, True),
        (Trait.TOKEN, isinstance(operation, Operation)),
        (Trait.ROLE, isinstance(operation, Operation) and operation.needs),
        (Trait.NAMES, _ID.search(place.route)),
        (Trait.BODY, operation.body),
        (Trait.REPEATED, place.method == "POST"),
        (Trait.GUARDED, place.is_guarded),
    ]
    return [trait for trait, is_so in found if is_so]
