"""Every operation tried by Schemathesis: no failure of ours, nothing undeclared, no way around."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from bookings.faces.api.operation import Operation
from bookings.faces.api.schema import Generator
from tests.described.studio import ROLES, Studio
from tests.described.trying import NOBODY, Trial, api_for, scenarios, undone

pytestmark = pytest.mark.django_db

PLACES = Generator().places()
WITH_TOKEN = [each.operation.id for each in PLACES if isinstance(each.operation, Operation)]
PUBLIC = [each.operation.id for each in PLACES if not isinstance(each.operation, Operation)]
FEW = ("read_business", "list_free_starts", "reschedule_booking", "invite", "take_time_off")
"""Tried with every run of the tests: a read, a search, and changes."""
EXAMPLES = 12
LEAST = 3
"""So many calls, at least, must have been done: else only refusals would have been tried."""

tried_as = cache(api_for)


@pytest.mark.slow
@pytest.mark.parametrize("operation", WITH_TOKEN)
@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_as_described(studio: Studio, role: str, operation: str) -> None:
    trial = Trial(studio, role, operation)
    trial.run(tried_as(role, examples=EXAMPLES))

    assert trial.tried > LEAST
    assert trial.done >= LEAST or role != "admin"


@pytest.mark.slow
@pytest.mark.parametrize("operation", PUBLIC)
def test_every_public_operation_answers_as_described(studio: Studio, operation: str) -> None:
    trial = Trial(studio, NOBODY, operation)
    trial.run(tried_as(NOBODY, examples=EXAMPLES))

    assert trial.done >= LEAST


@pytest.mark.parametrize("operation", FEW)
def test_a_few_operations_answer_as_described(studio: Studio, operation: str) -> None:
    trial = Trial(studio, "admin", operation)
    trial.run(tried_as("admin", examples=0))

    assert trial.done


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_one_call_follows_from_another(studio: Studio, role: str) -> None:
    machine = scenarios(studio, role)
    machine.run(
        settings=settings(
            max_examples=20,
            stateful_step_count=6,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
    )

    assert machine.followed > 0


def _fail(_status: str, _headers: Any, _body: bytes) -> tuple[str, Any, bytes]:
    return "500 Internal Server Error", [("Content-Type", "application/problem+json")], b"{}"


def _answer_what_is_not_declared(status: str, headers: Any, body: bytes) -> Any:
    return status.replace("200 OK", "202 Accepted"), headers, body


def _answer_a_page(status: str, headers: Any, body: bytes) -> Any:
    told = [each for each in headers if each[0] != "Content-Type"]
    return status, [*told, ("Content-Type", "text/html")], body


def _leave_out_a_field(status: str, headers: Any, body: bytes) -> Any:
    found = json.loads(body) if body else {}
    found.pop("slug", None)
    return status, headers, json.dumps(found).encode()


def _let_anybody_in(_status: str, headers: Any, body: bytes) -> Any:
    return "200 OK", headers, body


def _point_elsewhere(_status: str, headers: Any, _body: bytes) -> Any:
    told = [each for each in headers if each[0] != "Content-Type"]
    problem = {"type": "x", "title": "x", "status": 422, "code": "x", "detail": "x"}
    body = json.dumps({**problem, "errors": [{"pointer": "/colour", "detail": "x"}]}).encode()
    kind = ("Content-Type", "application/problem+json")
    return "422 Unprocessable Content", [*told, kind], body


@pytest.mark.parametrize(
    ("sabotage", "operation", "said"),
    [
        (_fail, "read_business", "Server error"),
        (_answer_what_is_not_declared, "read_business", "Undocumented status code"),
        (_answer_a_page, "read_business", "Undocumented Content-Type"),
        (_leave_out_a_field, "read_business", '"slug" is a required property'),
        (_let_anybody_in, "opt_customer_in", "API accepts"),
        (_point_elsewhere, "invite", "are no fields of the body"),
    ],
)
def test_a_sabotage_is_noticed(
    studio: Studio,
    sabotage: Callable[[str, Any, bytes], tuple[str, Any, bytes]],
    operation: str,
    said: str,
) -> None:
    def sabotaged(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began: list[Any] = []
        body = b"".join(undone(environ, lambda *given: began.extend(given)))
        status, headers, body = sabotage(*began, body)
        headers = [each for each in headers if each[0] != "Content-Length"]
        start_response(status, headers)
        return [body]

    trial = Trial(studio, "admin", operation)
    with pytest.raises(BaseException) as found:  # noqa: PT011
        trial.run(api_for("admin", examples=0, app=sabotaged))

    assert said in _whole(found.value)


def _whole(error: BaseException) -> str:
    inner = getattr(error, "exceptions", ())
    return "\n".join([str(error), *map(_whole, inner)])
