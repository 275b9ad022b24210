"""The description of the API: valid, the same for everybody, and readable by people."""

from __future__ import annotations

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from bookings.faces.api.schema import described


def test_the_description_is_valid_openapi() -> None:
    validate_schema(described())


def test_anybody_may_read_the_description(client: Client) -> None:
    answer = client.get("/api/v1/schema/")

    assert answer.status_code == 200
    assert answer.json() == described()
    again = client.get("/api/v1/schema/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/api/v1/schema/", "/api/v1/reference/"])
def test_the_description_is_only_read(client: Client, path: str) -> None:
    answer = client.post(path)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_reference_names_the_description(client: Client) -> None:
    assert b'data-schema="/api/v1/schema/"' in client.get("/api/v1/reference/").content
