"""Promises: what programs were told once stays true, and the file that tells them is current."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from bookings.faces.api.schema import described, written
from tests.described import FILE
from tests.described.promises import taken_away

BOOKINGS = "/api/v1/businesses/{business}/bookings/"


@pytest.fixture
def changed() -> Any:
    """Return a description to be changed."""
    return deepcopy(described())


def test_nothing_that_was_promised_is_taken_away() -> None:
    assert taken_away(json.loads(FILE.read_text()), described()) == []


def test_the_promised_description_is_current() -> None:
    assert FILE.read_text() == written(), "write it with `make schema`"


def test_more_is_no_broken_promise(changed: Any) -> None:
    post = changed["paths"][BOOKINGS]["post"]
    shapes = changed["components"]["schemas"]
    shapes["BookingAsked"]["properties"]["colour"] = {"type": "string"}
    shapes["Booking"]["properties"]["colour"] = {"type": "string"}
    shapes["Booking"]["required"].append("colour")
    post["parameters"].append({"name": "dry", "in": "query", "schema": {"type": "boolean"}})
    changed["paths"]["/api/v1/colours/"] = {"get": post}

    assert taken_away(described(), changed) == []


def test_every_broken_promise_is_named(changed: Any) -> None:
    shapes = changed["components"]["schemas"]
    del changed["paths"][BOOKINGS]["get"]
    changed["paths"][BOOKINGS]["post"]["operationId"] = "book"
    del shapes["Booking"]["properties"]["reference"]
    shapes["Booking"]["properties"]["seats"] = {"type": "string"}
    shapes["ContactAsked"]["properties"]["name"]["maxLength"] = 2
    shapes["BookingAsked"].setdefault("required", []).append("staff")
    del shapes["ContactAsked"]["properties"]["phone"]

    said = set(taken_away(described(), changed))

    post = f"POST {BOOKINGS}"
    assert said >= {
        f"GET {BOOKINGS} is gone",
        f"{post} is no longer called create_booking",
        f"{post} → 201.reference is gone",
        f"{post} → 201.seats can be string now",
        f"{post} ←.contact.name has a smaller maxLength now",
        f"{post} ←.staff has to be sent now",
        f"{post} ←.contact.phone is gone",
    }
