"""How many queries a call costs."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.faces.api.conftest import Program


def cost(program: Program, path: str) -> tuple[int, int]:
    """Return how many results a list has, and how many queries it took."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = program.get(path)
    assert answer.status_code == 200, answer.content
    return len(answer.json()["results"]), len(queries)


def costs_the_same(program: Program, path: str, grow: Callable[[], object]) -> bool:
    """Say whether a list of one costs as many queries as a list of thirty."""
    grow()
    program.get(path)  # the first call of a minute notes that the token is used
    few, cheap = cost(program, path)
    for _ in range(29):
        grow()
    many, dear = cost(program, f"{path}{'&' if '?' in path else '?'}limit=100")
    assert (few, many) == (1, 30)
    return cheap == dear
