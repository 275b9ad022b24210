"""What a program sends: the example of an operation, with rows of a business in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Model

from bookings.faces.api.schema import described
from portal.routes import Route


def body_for(route: Route, verb: str, rows: Mapping[str, Model]) -> str:
    """Return a body that an operation can do something with, empty where it takes none."""
    endpoint: Any = getattr(route.view, "cls", None)
    operation = endpoint.operations().get(verb) if endpoint else None
    if operation is None or operation.body is None:
        return ""
    return json.dumps(with_rows(_examples()[operation.id], rows))


def with_rows(example: Any, rows: Mapping[str, Model], name: str = "") -> Any:
    """Return an example in which what is named after a kind of row is the id of such a row."""
    if isinstance(example, dict):
        return {field: with_rows(each, rows, field) for field, each in example.items()}
    if isinstance(example, list):
        return [with_rows(each, rows, name.removesuffix("s")) for each in example]
    row = rows.get(name)
    return str(getattr(row, "public_id", example)) if isinstance(example, str) else example


@cache
def _examples() -> dict[str, Any]:
    """Return the example of what is sent, by operation."""
    return {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["example"]
        for methods in described()["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    }
