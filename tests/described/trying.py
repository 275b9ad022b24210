"""The API as Schemathesis tries it: in this process, in the studio of the examples."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import schemathesis
from django.db import transaction
from django.test.client import ClientHandler
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import negative_data_rejection

from bookings.faces.api.answering import PROBLEM
from bookings.faces.api.schema import described
from tests.described.studio import Rows, Studio, at_home

SEED: Final = 5
NOBODY: Final = "nobody"

App = Callable[[dict[str, Any], Any], Iterable[bytes]]

ANSWERS: Final = [
    *("2xx", "304", "400", "401", "403", "404", "409", "410", "412", "413", "422", "429"),
]
"""What valid data may meet: the domain refuses more than a schema can say."""


def portal(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the portal does, uncompressed."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)
    response = ClientHandler(enforce_csrf_checks=False)(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [b"".join(response)]


def undone(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the portal does, and take back what was written."""
    with transaction.atomic():
        body = portal(environ, start_response)
        transaction.set_rollback(True)
    return body


def api_for(role: str, *, examples: int, app: App = undone) -> Any:
    """Return the description, to be tried in this process as a role, or as nobody.

    With so many examples of each operation made up, beside those that the schema implies. What is
    wrong with a call is found before anybody looks at roles; so one role makes all the wrong calls
    that the schema implies, the others only the right ones.
    """
    every = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    modes = every if role in ("admin", NOBODY) else every[:1]
    phases = PhasesConfig(
        coverage=CoveragePhaseConfig(generation=GenerationConfig(modes=modes)),
        fuzzing=FuzzingPhaseConfig(
            enabled=examples > 0,
            generation=GenerationConfig(max_examples=examples or None, deterministic=True),
        ),
    )
    project = ProjectConfig(
        checks=ChecksConfig(
            positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=ANSWERS)
        ),
        generation=GenerationConfig(
            with_security_parameters=False, deterministic=True, database="none"
        ),
        phases=phases,
    )
    config = SchemathesisConfig(seed=SEED, projects=ProjectsConfig(default=project))
    loaded = schemathesis.openapi.from_dict(described(), config=config)
    loaded.app = app
    return loaded


@dataclass
class Trial:
    """Calls of one operation, and what became of those that were right by the schema."""

    studio: Studio
    role: str
    operation: str
    tried: int = 0
    done: int = 0

    def run(self, api: Any) -> None:
        """Make every call that Schemathesis has for the operation."""
        operation = api.find_operation_by_id(self.operation)

        def call(case: Any) -> None:
            self.check(case)

        build_operation_test(
            config=api.config,
            operation=operation,
            test_func=call,
            given_kwargs={},
            feedback=FeedbackSources(),
        )()

    def check(self, case: Any) -> None:
        """Make a call and hold the answer to what is described."""
        settle(case, self.studio.of(self.operation))
        response = case.call_and_validate(
            headers=headers_of(self.studio, self.role),
            additional_checks=[points_to_what_was_sent],
            excluded_checks=not_meant(case),
        )
        if case.meta.generation.mode is GenerationMode.POSITIVE:
            self.tried += 1
            self.done += response.status_code < HTTPStatus.BAD_REQUEST


def headers_of(studio: Studio, role: str) -> dict[str, str]:
    """Return what says who calls; nobody says nothing."""
    return {} if role == NOBODY else {"Authorization": f"Bearer {studio.tokens[role]}"}


def scenarios(studio: Studio, role: str) -> Any:
    """Return a state machine that goes from what one operation made or showed to the next.

    What begins a scenario is an example; what is written stays until its end. `followed` counts
    the steps that were done with what an earlier one had answered. A viewer only reads.
    """
    api = api_for(role, examples=0, app=portal)
    machine = (api.include(method="GET") if role == "viewer" else api).as_state_machine()

    class Scenarios(machine):  # type: ignore[misc, valid-type]
        followed = 0

        def setup(self) -> None:
            self.changes = transaction.atomic()
            self.changes.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.changes.__exit__(None, None, None)

        def step(self, input: Any) -> Any:  # noqa: A002
            operation = input.case.operation.definition.raw
            rows = studio.of(operation["operationId"])
            if input.is_applied:
                rows = {name: rows[name] for name in ("business", "slug")}
            elif "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                input.case.body = deepcopy(content["example"])
            settle(input.case, rows)
            output = super().step(input)
            print(
                "STEP",
                operation["operationId"],
                input.is_applied,
                input.transition and input.transition.id,
                output.response.status_code,
            )
            if input.is_applied and output.response.status_code < HTTPStatus.BAD_REQUEST:
                type(self).followed += 1
            return output

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers_of(studio, role)}

        def validate_response(self, response: Any, case: Any, *_checks: Any, **kept: Any) -> None:
            case.validate_response(
                response,
                additional_checks=[points_to_what_was_sent],
                excluded_checks=not_meant(case),
                headers=kept["headers"],
                transport_kwargs=kept,
                recorder=self.recorder,
            )

    return Scenarios


def settle(case: Any, rows: Rows) -> None:
    """Let a case name rows that there are, wherever it names some as it should."""
    for place, part in (
        (ParameterLocation.PATH, case.path_parameters),
        (ParameterLocation.QUERY, case.query),
    ):
        if part and _is_right(case, place):
            part.update(at_home(dict(part), rows))
    if _is_right(case, ParameterLocation.BODY):
        case.body = at_home(case.body, rows)


def _is_right(case: Any, place: ParameterLocation) -> bool:
    component = case.meta.components.get(place)
    return component is not None and component.mode.is_positive


def points_to_what_was_sent(_context: Any, response: Any, case: Any) -> None:
    """Refuse a problem that points to a field which the body does not have."""
    if response.status_code != HTTPStatus.UNPROCESSABLE_ENTITY or PROBLEM not in str(
        response.headers.get("content-type")
    ):
        return
    wrong = json.loads(response.content).get("errors", ())
    named = {each["pointer"].split("/")[1] for each in wrong if "pointer" in each}
    known = fields_of(case.operation.definition.raw)
    assert named <= known, f"{sorted(named - known)} are no fields of the body"


def fields_of(operation: Any) -> set[str]:
    """Return the fields of what is sent to an operation."""
    if "requestBody" not in operation:
        return set()
    ref = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return set(described()["components"]["schemas"][ref.rpartition("/")[2]]["properties"])


def not_meant(case: Any) -> list[Any]:
    """Return the checks that a case is not meant for.

    A body that may be left out, and is, counts as a wrong one for Schemathesis.
    """
    return [negative_data_rejection] if case.body is NOT_SET else []
