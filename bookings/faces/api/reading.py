"""Reading what a program sends: nothing unknown is dropped, every wrong field is named."""

from __future__ import annotations

import json
from typing import Final, TypeVar, get_origin

from django.http import QueryDict
from pydantic import BaseModel, ValidationError
from rest_framework.request import Request

from bookings.faces.api.problems import Problem
from bookings.faces.api.shapes import Asked

ModelT = TypeVar("ModelT", bound=BaseModel)
AskedT = TypeVar("AskedT", bound=Asked)

_SAID = {
    "extra_forbidden": "There is no such field.",
    "missing": "This is needed.",
}
"""What is said in our own words; the library's are clear enough for the rest."""
_AS_IT_IS: Final = ("", "identity")
_CHARSETS: Final = ("", "utf-8", "utf8")


def body_of(model: type[ModelT], request: Request) -> ModelT:
    """Return the body of a request; none counts as an empty object.

    Raises:
        Problem: 415, it is something else than JSON; 400, it is no JSON or not of this shape, and
            every wrong field is named.
    """
    sent = request.body or b"{}"
    if request.body:
        _refuse_other_media(request)
    try:
        found = model.model_validate_json(sent, strict=True)
        json.loads(sent, object_pairs_hook=_once, parse_int=str)
    except _GivenTwice as wrong:
        errors = [{"pointer": "", "detail": f"“{wrong}” is given more than once."}]
    except ValidationError as wrong:
        errors = [
            {"pointer": "".join(f"/{_escaped(each)}" for each in where), "detail": said}
            for where, said in _wrong(wrong)
        ]
    else:
        return found
    raise Problem(400, "bad_body", "The body is not as it should be.", errors=errors)


def refuse_body(request: Request) -> None:
    """Refuse a body where none is expected: what it asks for would not be done.

    Raises:
        Problem: 400, there is one, and it is no empty object.
    """
    if request.body.strip() not in (b"", b"{}"):
        raise Problem(400, "bad_request", "This takes no body.")


def query_of(model: type[AskedT], query: QueryDict) -> AskedT:
    """Return the parameters of an address.

    What takes several values takes them with commas between them, and one by one: many programs
    can only repeat a parameter.

    Raises:
        Problem: 400, one is unknown, given twice or wrong; each is named.
    """
    sent, errors = query.dict(), []
    for name in (name for name, values in query.lists() if len(values) > 1):
        if _takes_several(model, name):
            sent[name] = ",".join(query.getlist(name))
        else:
            errors.append({"parameter": name, "detail": "This is given more than once."})
    try:
        found = model.model_validate_strings(sent)
    except ValidationError as wrong:
        errors += [{"parameter": str(where[0]), "detail": said} for where, said in _wrong(wrong)]
    else:
        if not errors:
            return found
    raise Problem(400, "bad_query", "The address is not as it should be.", errors=errors)


def _takes_several(model: type[Asked], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and get_origin(field.annotation) is frozenset


class _GivenTwice(Exception):
    """A name that an object has more than once: nobody could tell which value is meant."""


def _once(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object that has a name twice (RFC 8259 §4).

    Raises:
        _GivenTwice: it has.
    """
    names: set[str] = set()
    for name, _value in pairs:
        if name in names:
            raise _GivenTwice(name)
        names.add(name)


def _refuse_other_media(request: Request) -> None:
    """Refuse what is no JSON in UTF-8 as it is (RFC 8259 §8.1, RFC 9110 §15.5.16).

    Raises:
        Problem: 415, with what is taken.
    """
    sent = request._request  # noqa: SLF001 - Django has read the header, this only passes it on
    said, charset = sent.content_type, (sent.content_params or {}).get("charset", "").lower()
    if said != "application/json" or charset not in _CHARSETS:
        detail, headers = "Send the body as application/json.", {"Accept": "application/json"}
    elif sent.headers.get("Content-Encoding", "").strip().lower() not in _AS_IT_IS:
        detail, headers = "Send the body uncompressed.", {"Accept-Encoding": "identity"}
    else:
        return
    raise Problem(415, "unsupported_media_type", detail, headers=headers)


def _wrong(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [(each["loc"], _SAID.get(each["type"], f"{each['msg']}.")) for each in found]


def _escaped(step: int | str) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
