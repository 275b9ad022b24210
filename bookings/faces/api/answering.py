"""From what is shown to the bytes of an answer, and the tags that stand for them (RFC 9110)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from django.http import HttpResponse
from pydantic import BaseModel
from rest_framework.request import Request

from bookings.faces.api.problems import Problem
from bookings.faces.api.shapes import Listed, Shown

CONTENT_TYPE = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    """An answer, ready to be sent or kept."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        """Return it as Django sends it."""
        response = HttpResponse(self.body, status=self.status)
        if not self.body:
            del response["Content-Type"]
        for name, value in self.headers.items():
            response[name] = value
        return response


def answer(
    shown: BaseModel | None, *, status: int = 200, only: frozenset[str] = frozenset()
) -> Answer:
    """Return the answer that shows something; None shows nothing.

    `only` are the fields that are wanted of it, or of each thing in a list. Its ETag begins with
    that of the thing as it is shown where neither less nor more of it is wanted.
    """
    if shown is None:
        return Answer(status, "")
    body = _only(shown, only) if only else shown.model_dump_json()
    is_plain = not only and not _expandable(shown)
    tag = tag_of(body if is_plain else _plainly(shown))
    if only or any(getattr(shown, name) is not None for name in _expandable(shown)):
        tag = f'{tag[:-1]}-{tag_of(body)[1:9]}"'
    return Answer(status, body, {"Content-Type": CONTENT_TYPE, "ETag": tag})


def written(body: str) -> Answer:
    """Return the answer whose JSON is written already."""
    return Answer(200, body, {"Content-Type": CONTENT_TYPE, "ETag": tag_of(body)})


def _only(shown: BaseModel, only: frozenset[str]) -> str:
    if not isinstance(shown, Listed):
        return shown.model_dump_json(include=set(only))
    around = dict.fromkeys(set(type(shown).model_fields) - {"results"}, True)
    return shown.model_dump_json(include={**around, "results": {"__all__": set(only)}})


def _plainly(shown: BaseModel) -> str:
    """Return how something is shown where no more of it is wanted."""
    return shown.model_dump_json(exclude=set(_expandable(shown)))


def _expandable(shown: BaseModel) -> frozenset[str]:
    return shown.expandable if isinstance(shown, Shown) else frozenset()


def refused(problem: Problem) -> Answer:
    """Return the answer that a problem is."""
    headers = {"Content-Type": PROBLEM, "Cache-Control": "no-store"} | problem.headers
    return Answer(problem.status, json.dumps(problem.body(), ensure_ascii=False), headers)


def tag_of(body: str) -> str:
    """Return the entity tag of a whole resource."""
    return f'"{sha256(body.encode()).hexdigest()[:32]}"'


def is_known(request: Request, given: Answer) -> bool:
    """Say whether the caller has this answer already (If-None-Match)."""
    if "ETag" not in given.headers:
        return False
    known = _tags(request.headers.get("If-None-Match", ""))
    return "*" in known or _bare(given.headers["ETag"]) in known


def refuse_changed(expected: str, shown: BaseModel) -> None:
    """Refuse a change of something that is no longer as the caller saw it (If-Match).

    Raises:
        Problem: 412, with the tag that it has now.
    """
    tag = tag_of(_plainly(shown))
    known = {each.partition("-")[0] for each in _tags(expected)}
    if "*" not in known and _bare(tag) not in known:
        detail = "This has changed since you last saw it."
        raise Problem(412, "precondition_failed", detail, headers={"ETag": tag})


def _tags(header: str) -> set[str]:
    """Return the tags of a header, weak ones too: compression on the way makes ours weak."""
    return {_bare(each) for each in header.split(",") if each.strip()}


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')
