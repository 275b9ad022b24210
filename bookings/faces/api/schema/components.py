"""Shapes as the description names them: one component for each, the same wherever it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

Json = dict[str, Any]

PREFIX: Final = "#/components/schemas/"

_LISTED: Final = re.compile(r"(?:Listed|Followed)\[(\w+?)(Shown)?\]")
_SUFFIX: Final = re.compile(r"(?<=\w)Shown$")


class _Named(GenerateJsonSchema):
    """Calls a `BookingShown` Booking and a `Listed[BookingShown]` BookingList."""

    def normalize_name(self, name: str) -> str:
        """Return the name of a component."""
        if listed := _LISTED.fullmatch(name):
            return f"{listed[1]}List"
        return super().normalize_name(_SUFFIX.sub("", name))

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say that no field gets a title: it would only repeat the name."""
        return False


@dataclass(frozen=True)
class Components:
    """The shapes of every operation; `definitions` are their JSON Schemas (2020-12) by name."""

    definitions: Mapping[str, Json]
    _refs: Mapping[tuple[type[Any], JsonSchemaMode], Json]

    def shown(self, shape: type[BaseModel]) -> Json:
        """Return the schema that refers to what is answered."""
        return self._refs[shape, "serialization"]

    def asked(self, shape: type[BaseModel]) -> Json:
        """Return the schema that refers to what is sent."""
        return self._refs[shape, "validation"]

    def definition(self, schema: Json) -> Json:
        """Return the schema itself, where `schema` only refers to one."""
        name = schema.get("$ref", "").removeprefix(PREFIX)
        return self.definitions[name] if name else schema


def components(shown: Iterable[type[BaseModel]], asked: Iterable[type[BaseModel]]) -> Components:
    """Return the components for what is answered and what is sent.

    They are made in one go: two shapes of one name would get two names, never share one.
    """
    shapes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((shape, "serialization") for shape in dict.fromkeys(shown)),
        *((shape, "validation") for shape in dict.fromkeys(asked)),
    ]
    refs, made = models_json_schema(
        shapes, ref_template=PREFIX + "{model}", schema_generator=_Named
    )
    definitions = made.get("$defs", {})
    for definition in definitions.values():
        definition.pop("title", None)
    for (_, mode), ref in refs.items():
        if mode == "serialization":
            _let_grow(ref, definitions)
    return Components(definitions, dict(refs))


def _let_grow(schema: Any, definitions: Mapping[str, Json]) -> None:
    """Take out of answers that there is nothing but this in them: one day there may be."""
    if isinstance(schema, list):
        for each in schema:
            _let_grow(each, definitions)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).removeprefix(PREFIX)
    if name:
        schema = definitions[name]
    if schema.get("additionalProperties") is False:
        del schema["additionalProperties"]
    elif name:
        return
    for each in schema.values():
        _let_grow(each, definitions)
