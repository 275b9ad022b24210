"""The description of the API: valid, complete, the same for everybody, and readable by people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema
from pydantic import ValidationError

from accounts.scopes import SCOPES
from bookings.faces.api.operation import Operation
from bookings.faces.api.schema import Generator, described
from bookings.faces.api.schema.examples import UNKNOWN
from bookings.faces.api.schema.operations import Place
from bookings.faces.api.schema.tags import TAGS

PLACES: list[Place] = Generator().places()


def written(place: Place) -> dict[str, Any]:
    """Return an operation as it is described."""
    found: dict[str, Any] = described()["paths"][place.path][place.method.lower()]
    return found


def answers(place: Place) -> dict[str, Any]:
    """Return the answers of an operation by status, those that it shares included."""
    shared = described()["components"]["responses"]
    return {
        status: shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for status, each in written(place)["responses"].items()
    }


def without_example(example: Any, where: str = "") -> Iterator[str]:
    """Return the places in an example where nobody knows what could stand there."""
    if isinstance(example, dict):
        for name, each in example.items():
            yield from without_example(each, f"{where}.{name}".removeprefix("."))
    elif isinstance(example, list):
        for each in example:
            yield from without_example(each, where)
    elif example == UNKNOWN:
        yield where


def each_operation() -> Any:
    return pytest.mark.parametrize("place", PLACES, ids=lambda place: place.operation.id)


def test_the_description_is_valid_openapi() -> None:
    validate_schema(described())


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [place.operation.id for place in PLACES]

    assert sorted(set(ids)) == sorted(ids)
    assert [each for each in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)*", each)] == []


@each_operation()
def test_every_operation_says_what_it_is(place: Place) -> None:
    operation = written(place)

    assert re.fullmatch(r"[A-Z][^.]*[^. ]", operation["summary"]), "a title, no sentence"
    said = operation["description"].partition("\n\nNeeds ")[0]
    assert said.endswith("."), "give the method a docstring: a sentence for those who call it"
    assert [
        each for each in operation["parameters"] if not (each.keys() & {"description", "$ref"})
    ] == []


@each_operation()
def test_every_operation_says_who_may_and_how_it_refuses(place: Place) -> None:
    expected = {"400", "429", "503"}
    if isinstance(place.operation, Operation):
        scope = [place.operation.scope.value]
        assert written(place)["security"] == [{"token": scope}, {"oauth2": scope}]
        expected |= {"401", "403"}
    else:
        assert written(place)["security"] == []
    if "{" in place.path:
        expected |= {"404"}
    if place.operation.body is not None:
        expected |= {"413", "415"}

    assert expected - set(answers(place)) == set()
    for status, answer in answers(place).items():
        if status >= "400":
            assert answer["content"]["application/problem+json"]["examples"], status


@each_operation()
def test_every_operation_has_believable_examples(place: Place) -> None:
    operation = written(place)
    success = operation["responses"][str(place.operation.status)]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in (*bodies, success):
        example = body.get("content", {}).get("application/json", {}).get("example")
        unknown = sorted(set(without_example(example)))
        assert unknown == [], "give these fields `Field(examples=[…])`"


@each_operation()
def test_what_is_given_as_an_example_is_taken(place: Place) -> None:
    if place.operation.body is None:
        return
    example = written(place)["requestBody"]["content"]["application/json"]["example"]
    try:
        place.operation.body.model_validate_json(json.dumps(example), strict=True)
    except ValidationError as wrong:
        pytest.fail(f"the example is refused; give the shape or its fields a better one: {wrong}")


@pytest.mark.django_db
def test_it_says_where_clients_get_a_token_and_for_what(client: Client) -> None:
    known = client.get("/.well-known/oauth-authorization-server").json()
    scheme = described()["components"]["securitySchemes"]["oauth2"]

    assert set(scheme["flows"]) == {"authorizationCode", "clientCredentials"}
    for flow in scheme["flows"].values():
        assert flow["scopes"] == {scope.value: str(said) for scope, said in SCOPES.items()}
        assert known["token_endpoint"].endswith(flow["tokenUrl"])
    code = scheme["flows"]["authorizationCode"]
    assert known["authorization_endpoint"].endswith(code["authorizationUrl"])
    assert code["refreshUrl"] == code["tokenUrl"]
    assert known["code_challenge_methods_supported"] == ["S256"]
    assert "PKCE, S256" in scheme["description"]


def test_anybody_may_read_the_description(client: Client) -> None:
    answer = client.get("/api/v1/schema/")

    assert answer.status_code == 200
    assert answer.json() == described()
    again = client.get("/api/v1/schema/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_is_only_read(client: Client) -> None:
    answer = client.post("/api/v1/schema/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == "application/problem+json"


def test_every_operation_is_in_a_group_that_is_described() -> None:
    assert {place.tag for place in PLACES} == set(TAGS)


@pytest.mark.django_db
def test_the_address_of_the_api_leads_to_everything(client: Client) -> None:
    found = client.get("/api/v1/").json()
    answered = {name: client.get(urlsplit(url).path) for name, url in found.items()}

    assert {name: answer.status_code for name, answer in answered.items()} == {
        "businesses": 401,
        "schema": 200,
        "authorization_server": 200,
        "developers": 302,
        "reference": 200,
        "problems": 200,
    }
