"""Every example of a call, made: it does what it is an example of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator

from bookings.faces.api.operation import Operation
from bookings.faces.api.schema import Generator, described
from bookings.faces.api.schema.examples import UNKNOWN
from bookings.faces.api.schema.operations import Place
from tests.described.studio import Studio, at_home

PLACES: list[Place] = Generator().places()
BERLIN = ZoneInfo("Europe/Berlin")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
COMPONENTS = {"components": described()["components"]}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.operation.id)
def test_an_example_of_a_call_does_what_it_says(place: Place, studio: Studio) -> None:
    operation = described()["paths"][place.path][place.method.lower()]
    rows = studio.of(place.operation.id)
    given = {
        where: {
            each["name"]: each["example"]
            for each in operation["parameters"]
            if each.get("in") == where and "example" in each
        }
        for where in ("path", "query")
    }
    path = place.path.format(**at_home(given["path"], rows))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    needs_token = isinstance(place.operation, Operation)
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            place.method,
            f"{path}?{urlencode(at_home(given['query'], rows))}",
            data=json.dumps(at_home(body["example"], rows)) if body else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {studio.tokens['admin']}"} if needs_token else {},
        )
        transaction.set_rollback(True)

    assert answer.status_code == place.operation.status, answer.content.decode()
    if answer.headers.get("Content-Type") == "application/json":
        assert list(elsewhere(answer.json())) == [], "instants on another clock than the studio's"


def elsewhere(said: Any, where: str = "") -> Iterator[str]:
    """Return the instants in an answer that are not on the clock of the studio.

    That of an event is in UTC, as in webhooks.
    """
    if isinstance(said, dict):
        for name, each in said.items():
            yield from elsewhere(each, f"{where}.{name}")
    elif isinstance(said, list):
        for each in said:
            yield from elsewhere(each, where)
    elif isinstance(said, str) and INSTANT.match(said) and not where.endswith(".timestamp"):
        here = datetime.fromisoformat(said).astimezone(BERLIN).isoformat()
        yield from [f"{where}: {said}"] * (said != here)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.operation.id)
def test_an_example_of_an_answer_is_one(place: Place) -> None:
    operation = described()["paths"][place.path][place.method.lower()]
    success = operation["responses"][str(place.operation.status)].get("content", {})
    for content in (success.get("application/json"), *asked(operation)):
        if content is not None:
            validator = Draft202012Validator({**content["schema"], **COMPONENTS})
            assert [each.message for each in validator.iter_errors(content["example"])] == []


def test_an_example_of_a_problem_is_one() -> None:
    problem = Draft202012Validator({"$ref": "#/components/schemas/Problem", **COMPONENTS})
    for code, example in described()["components"]["examples"].items():
        assert list(problem.iter_errors(example["value"])) == []
        assert example["value"]["code"] == code
        assert UNKNOWN not in example["value"]["detail"]


def asked(operation: Any) -> list[Any]:
    """Return what is sent: the one content of the body, or nothing."""
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    return [body["content"]["application/json"] for body in bodies]
