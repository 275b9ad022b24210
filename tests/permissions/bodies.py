"""What a program sends: the example of an operation, with rows of a business in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Model

from bookings.faces.api.schema import described
from bookings.faces.api.schema.examples import example_of
from portal.routes import Route

IS_ID = re.compile(r"[0-9a-f-]{36}")


def body_for(route: Route, verb: str, rows: Mapping[str, Model | str]) -> str:
    """Return a body that an operation can do something with, empty where it takes none."""
    endpoint: Any = getattr(route.view, "cls", None)
    operation = endpoint.operations().get(verb) if endpoint else None
    if operation is None or operation.body is None:
        return ""
    return json.dumps(with_rows(_examples()[operation.id], rows))


def asked_of(route: Route, verb: str, rows: Mapping[str, Model | str]) -> dict[str, Any]:
    """Return the parameters that an operation cannot do without, and all that it expands."""
    endpoint: Any = getattr(route.view, "cls", None)
    operation = endpoint.operations().get(verb) if hasattr(endpoint, "operations") else None
    if operation is None or operation.query is None:
        return {}
    shape = operation.query.model_json_schema()
    asked = {
        name: with_rows(example_of(field, shape.get("$defs", {}), name=name), rows, name)
        for name, field in shape["properties"].items()
        if name in shape.get("required", ())
    }
    if "expand" in shape["properties"]:
        names = shape["properties"]["expand"]["items"]
        asked["expand"] = ",".join(names.get("enum") or [names["const"]])
    return asked


def with_rows(example: Any, rows: Mapping[str, Model | str], name: str = "") -> Any:
    """Return an example in which what is named after a kind of row is the id of such a row.

    An `id` is one of what it stands in. `rows` may have words for a name instead of a row.
    """
    if isinstance(example, dict):
        return {
            field: with_rows(each, rows, name if field == "id" else field)
            for field, each in example.items()
        }
    if isinstance(example, list):
        return [with_rows(each, rows, name.removesuffix("s")) for each in example]
    row = rows.get(name)
    if row is None or isinstance(row, str):
        return row or example
    known_as = "public_id" if IS_ID.fullmatch(str(example)) else "slug"
    return str(getattr(row, known_as, example))


@cache
def _examples() -> dict[str, Any]:
    """Return the example of what is sent, by operation."""
    return {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["example"]
        for methods in described()["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    }
