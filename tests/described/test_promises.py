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
QUESTIONS = "/api/v1/businesses/{business}/questions/"
EXPORT = "/api/v1/businesses/{business}/exports/bookings/"
CSV = "text/csv; charset=utf-8"
PUBLIC = "/api/v1/public/businesses/{slug}/"


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
    post["security"] = [*post["security"], {"key": []}]
    shapes["QuestionKind"]["enum"].append("colour")
    changed["paths"]["/api/v1/colours/"] = {"get": post}

    assert taken_away(described(), changed) == []


def _shapes(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def _lose_an_operation(document: Any) -> None:
    del document["paths"][BOOKINGS]["get"]


def _lose_a_path(document: Any) -> None:
    del document["paths"][BOOKINGS]


def _rename(document: Any) -> None:
    document["paths"][BOOKINGS]["post"]["operationId"] = "book"


def _need_another_scope(document: Any) -> None:
    document["paths"][BOOKINGS]["get"]["security"] = [{"token": ["bookings:write"]}]


def _need_a_token(document: Any) -> None:
    document["paths"][PUBLIC]["get"]["security"] = [{"token": ["businesses:read"]}]


def _lose_an_answer(document: Any) -> None:
    del document["paths"][BOOKINGS]["get"]["responses"]["304"]


def _lose_a_field(document: Any) -> None:
    del _shapes(document, "Booking")["properties"]["reference"]


def _leave_a_field_out(document: Any) -> None:
    _shapes(document, "Booking")["required"].remove("reference")


def _answer_another_type(document: Any) -> None:
    _shapes(document, "Booking")["properties"]["seats"] = {"type": "string"}


def _answer_null(document: Any) -> None:
    field = _shapes(document, "Booking")["properties"]
    field["seats"] = {"anyOf": [field["seats"], {"type": "null"}]}


def _answer_other_files(document: Any) -> None:
    del document["paths"][EXPORT]["get"]["responses"]["200"]["content"][CSV]


def _need_a_field(document: Any) -> None:
    _shapes(document, "BookingAsked").setdefault("required", []).append("staff")


def _need_a_new_field(document: Any) -> None:
    shape = _shapes(document, "ContactAsked")
    shape["properties"]["colour"] = {"type": "string"}
    shape.setdefault("required", []).append("colour")


def _take_no_field(document: Any) -> None:
    del _shapes(document, "ContactAsked")["properties"]["phone"]


def _take_less_text(document: Any) -> None:
    _shapes(document, "ContactAsked")["properties"]["name"]["maxLength"] = 2


def _take_another_type(document: Any) -> None:
    _shapes(document, "ContactAsked")["properties"]["name"] = {"type": "integer"}


def _take_fewer_values(document: Any) -> None:
    _shapes(document, "QuestionKind")["enum"].remove("number")


def _take_a_few_values(document: Any) -> None:
    _shapes(document, "ContactAsked")["properties"]["name"]["enum"] = ["Jo"]


def _need_a_parameter(document: Any) -> None:
    wanted = {"name": "dry", "in": "query", "required": True, "schema": {"type": "boolean"}}
    document["paths"][BOOKINGS]["get"]["parameters"].append(wanted)


def _take_no_parameter(document: Any) -> None:
    given = document["paths"][BOOKINGS]["get"]["parameters"]
    given[:] = [each for each in given if each.get("name") != "limit"]


def _take_less_of_a_parameter(document: Any) -> None:
    for each in document["paths"][BOOKINGS]["get"]["parameters"]:
        if each.get("name") == "limit":
            each["schema"]["maximum"] = 10


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [
        (_lose_an_operation, f"GET {BOOKINGS} is gone"),
        (_lose_a_path, f"POST {BOOKINGS} is gone"),
        (_rename, f"POST {BOOKINGS} is no longer called create_booking"),
        (
            _need_another_scope,
            f"GET {BOOKINGS} no longer lets in with"
            " [{'token': ['bookings:read']}, {'oauth2': ['bookings:read']}]",
        ),
        (_need_a_token, f"GET {PUBLIC} no longer lets in with [{{}}]"),
        (_lose_an_answer, f"GET {BOOKINGS} no longer answers 304"),
        (_lose_a_field, f"POST {BOOKINGS} → 201.reference is gone"),
        (_leave_a_field_out, f"POST {BOOKINGS} → 201.reference is not always there any more"),
        (_answer_another_type, f"POST {BOOKINGS} → 201.seats can be string now"),
        (_answer_null, f"POST {BOOKINGS} → 201.seats can be null now"),
        (_answer_other_files, f"GET {EXPORT} → 200 is no {CSV} any more"),
        (_need_a_field, f"POST {BOOKINGS} ←.staff has to be sent now"),
        (_need_a_new_field, f"POST {BOOKINGS} ←.contact.colour has to be sent now"),
        (_take_no_field, f"POST {BOOKINGS} ←.contact.phone is gone"),
        (_take_less_text, f"POST {BOOKINGS} ←.contact.name has a smaller maxLength now"),
        (_take_another_type, f"POST {BOOKINGS} ←.contact.name may not be string any more"),
        (_take_fewer_values, f"POST {QUESTIONS} ←.kind may not be one of ['number'] any more"),
        (_take_a_few_values, f"POST {BOOKINGS} ←.contact.name may only be one of a few values now"),
        (_need_a_parameter, f"GET {BOOKINGS} cannot do without the parameter dry any more"),
        (_take_no_parameter, f"GET {BOOKINGS} takes no parameter limit any more"),
        (_take_less_of_a_parameter, f"GET {BOOKINGS} ? limit has a smaller maximum now"),
    ],
)
def test_every_broken_promise_is_named(changed: Any, sabotage: Any, said: str) -> None:
    sabotage(changed)

    assert said in taken_away(described(), changed)
