"""Reading what a program sends: nothing unknown is dropped, every wrong field is named."""

from __future__ import annotations

from typing import TypeVar

from django.http import QueryDict
from pydantic import BaseModel, ValidationError
from rest_framework.request import Request

from bookings.faces.api.problems import Problem

ModelT = TypeVar("ModelT", bound=BaseModel)

_SAID = {
    "extra_forbidden": "There is no such field.",
    "missing": "This is needed.",
    "json_invalid": "This is not JSON.",
    "json_type": "This is not JSON.",
}
"""What is said in our own words; the library's are clear enough for the rest."""


def body_of(model: type[ModelT], request: Request) -> ModelT:
    """Return the body of a request; none counts as an empty object.

    Raises:
        Problem: 415, it is something else than JSON; 400, it is no JSON or not of this shape, and
            every wrong field is named.
    """
    if request.body and request.content_type != "application/json":
        raise Problem(415, "unsupported_media_type", "Send the body as application/json.")
    try:
        return model.model_validate_json(request.body or b"{}", strict=True)
    except ValidationError as wrong:
        errors = [
            {"pointer": "".join(f"/{_escaped(each)}" for each in where), "detail": said}
            for where, said in _wrong(wrong)
        ]
        raise Problem(400, "bad_body", "The body is not as it should be.", errors=errors) from None


def refuse_body(request: Request) -> None:
    """Refuse a body where none is expected: what it asks for would not be done.

    Raises:
        Problem: 400, there is one, and it is no empty object.
    """
    if request.body.strip() not in (b"", b"{}"):
        raise Problem(400, "bad_request", "This takes no body.")


def query_of(model: type[ModelT], query: QueryDict) -> ModelT:
    """Return the parameters of an address.

    Raises:
        Problem: 400, one is unknown, given twice or wrong; each is named.
    """
    twice = [name for name, values in query.lists() if len(values) > 1]
    errors = [{"parameter": name, "detail": "This is given more than once."} for name in twice]
    try:
        found = model.model_validate_strings(query.dict())
    except ValidationError as wrong:
        errors += [{"parameter": str(where[0]), "detail": said} for where, said in _wrong(wrong)]
    else:
        if not errors:
            return found
    raise Problem(400, "bad_query", "The address is not as it should be.", errors=errors)


def _wrong(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [(each["loc"], _SAID.get(each["type"], f"{each['msg']}.")) for each in found]


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
