"""Examples of what is sent and answered, put together from those of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import NAMESPACE_DNS, uuid5

from bookings.faces.api.schema.components import PREFIX, Json
from bookings.faces.api.schema.words import BY_FORMAT, BY_NAME, BY_OWNER

UNKNOWN: Final = "…"
"""What stands for a text of which no example is known; a test finds it."""


def example_of(
    schema: Json, definitions: Mapping[str, Json], *, owner: str = "", name: str = ""
) -> Any:
    """Return an example of a schema, which is that of the field `name` of `owner`.

    The field's own comes first, then what its name, its default and its kind tell.
    """
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    for words, key in ((BY_OWNER, f"{owner}.{name}"), (BY_NAME, name)):
        if key in words and _may_be(words[key], schema):
            return words[key]
    if "enum" in schema:
        return schema["enum"][0]
    if "$ref" in schema:
        found = schema["$ref"].removeprefix(PREFIX)
        what = found.removesuffix("Asked").removesuffix("Changed").lower()
        return example_of(definitions[found], definitions, owner=owner, name=name or what)
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        if choice.get("type") != "null":
            return example_of(choice, definitions, owner=owner, name=name)
    if schema.get("default") is not None:
        return schema["default"]
    return _by_type(schema, definitions, owner, name)


def id_of(kind: str) -> str:
    """Return the id that one of a kind has in all examples."""
    return str(uuid5(NAMESPACE_DNS, f"{kind}.example.org"))


def _may_be(word: object, schema: Json) -> bool:
    """Say whether a word can stand where the schema is, which is no object and no array then."""
    choices = [schema, *schema.get("anyOf", ())]
    if any("$ref" in each or each.get("type") in ("array", "object") for each in choices):
        return False
    if word is None:
        return any(each.get("type") == "null" for each in choices)
    return "enum" not in schema or word in schema["enum"]


def _by_type(schema: Json, definitions: Mapping[str, Json], owner: str, name: str) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return {
            field: example_of(each, definitions, owner=name, name=field)
            for field, each in schema.get("properties", {}).items()
        }
    if kind == "array":
        item = schema.get("items")
        inside = "" if name == "results" else name
        return [example_of(item, definitions, owner=owner, name=inside)] if item else []
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return False
    if schema.get("format") == "uuid":
        return id_of(owner if name == "id" else name)
    return BY_FORMAT.get(schema.get("format", ""), UNKNOWN)
