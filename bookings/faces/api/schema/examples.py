"""Examples of what is sent and answered, put together from those of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_DNS, uuid5

from bookings.faces.api.schema.components import PREFIX, Json

SERVER: Final = "https://book.example.org"
UNKNOWN: Final = "…"
"""What stands for a text of which no example is known; a test finds it."""

_BY_NAME: Final[Mapping[str, object]] = {
    "created_at": "2031-03-03T08:00:00+01:00",
    "currency": "EUR",
    "email": "jo.meyer@example.org",
    "ends_at": "2031-03-04T09:30:00+01:00",
    "expires_at": "2031-03-03T08:05:00+01:00",
    "language": "en",
    "next": None,
    "phone": "+49 30 1234567",
    "previous": None,
    "starts_at": "2031-03-04T09:00:00+01:00",
    "time_zone": "Europe/Berlin",
    "count": None,
}
"""Names that mean the same wherever they stand."""

_BY_FORMAT: Final[Mapping[str, object]] = {
    "date": "2031-03-04",
    "date-time": "2031-03-04T09:00:00+01:00",
    "duration": "PT30M",
    "email": "jo.meyer@example.org",
    "time": "09:00:00",
    "uri": f"{SERVER}/",
}


def example_of(schema: Json, definitions: Mapping[str, Json], *, name: str = "id") -> Any:
    """Return an example of a schema, for the field `name`.

    The field's own comes first, then what its name, its kind and its default tell.
    """
    if "$ref" in schema and "examples" not in schema:
        found = schema["$ref"].removeprefix(PREFIX)
        named = found if name in ("id", "results") else name
        return example_of(definitions[found], definitions, name=named)
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    if "const" in schema:
        return schema["const"]
    if name in _BY_NAME:
        return _BY_NAME[name]
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        if choice.get("type") != "null":
            return example_of(choice, definitions, name=name)
    if schema.get("default"):
        return schema["default"]
    return _by_type(schema, definitions, name)


def _by_type(schema: Json, definitions: Mapping[str, Json], name: str) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return {
            field: example_of(each, definitions, name=name if field == "id" else field)
            for field, each in schema.get("properties", {}).items()
        }
    if kind == "array":
        return [example_of(schema["items"], definitions, name=name)] if "items" in schema else []
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return False
    if schema.get("format") == "uuid":
        return str(uuid5(NAMESPACE_DNS, f"{name.lower()}.example.org"))
    return _BY_FORMAT.get(schema.get("format", ""), UNKNOWN)
