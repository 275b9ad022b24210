"""Tokens: what each operation of the API says to one that is not good for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import callers
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from bookings.faces.api.operation import Endpoint, Operation
from portal.routes import Route, routes
from tests.permissions.bodies import body_for
from tests.permissions.walk import Answer, Knock, knock
from tests.permissions.world import COLLEAGUE, FOREIGN, World, token_of

pytestmark = pytest.mark.django_db


@dataclass
class Callable:
    """An operation that needs a token, and its address."""

    route: Route
    method: str
    operation: Operation
    address: str

    def answer(self, token: str = "", *, body: str = "", query: str = "") -> Answer:
        """Return what it answers to a token; what it wrote is undone."""
        address = f"{self.address}?{query}" if query else self.address
        sent = Knock(
            self.method, address, self.route, body=body, kind="application/json", token=token
        )
        return knock(Client(raise_request_exception=False), sent)


@pytest.fixture
def admin(world: World) -> User:
    """Return the admin of the business at whose doors everybody knocks."""
    return world.a.users["admin"]


@pytest.fixture
def world(db: None, settings: Settings) -> World:
    """Return the two businesses; nobody calls too often."""
    settings.API_CALLS_PER_MINUTE = 1_000_000
    return World()


def operations(world: World) -> Iterator[Callable]:
    """Return every operation for programs, at the address of the admin's own rows."""
    for route in routes():
        endpoint = getattr(route.view, "cls", Endpoint)
        for method, operation in endpoint.operations().items() if route.name[:4] == "api:" else ():
            if isinstance(operation, Operation):
                yield Callable(route, method, operation, world.address(route, "admin", method))


def problem(answer: Answer) -> dict[str, object]:
    """Return the body of a refusal."""
    read: dict[str, object] = json.loads(answer.text.rpartition("\n")[2])
    return read


def test_every_operation_names_the_scope_that_a_token_lacks(world: World, admin: User) -> None:
    for each in operations(world):
        needed = each.operation.scope
        others = [scope for scope in Scope if scope.resource != needed.resource]
        answer = each.answer(token_of(admin, *others))

        said = (answer.status, problem(answer).get("scope"), answer.rows)
        assert said == (403, needed.value, 0), f"{each.method} {each.route.name}"
        assert f'scope="{needed.value}"' in answer.text


def test_a_token_that_may_only_read_changes_nothing(world: World, admin: User) -> None:
    reading = token_of(admin, *(scope for scope in Scope if scope.value.endswith(":read")))
    for each in operations(world):
        if each.method != "GET":
            answer = each.answer(reading, body=body_for(each.route, each.method, world.a.named()))

            assert (answer.status, answer.rows) == (403, 0), f"{each.method} {each.route.name}"


@pytest.mark.parametrize("how", ["missing", "unknown", "expired", "revoked", "in the address"])
def test_no_operation_is_open_to_a_token_that_is_good_for_nothing(
    world: World, admin: User, how: str
) -> None:
    now = timezone.now()
    good = token_of(admin, *Scope)
    row = AccessToken.objects.latest("pk")
    if how == "expired":
        AccessToken.objects.filter(pk=row.pk).update(expires_at=now - timedelta(seconds=1))
    elif how == "revoked":
        callers.revoke(row, now=now)
    sent = {"missing": "", "unknown": "bpt_nonsense", "in the address": ""}.get(how, good)
    query = f"access_token={good}" if how == "in the address" else ""
    for each in operations(world):
        answer = each.answer(sent, query=query)

        assert (answer.status, answer.rows) == (401, 0), f"{each.method} {each.route.name}"
        assert 'WWW-Authenticate: Bearer realm="api"' in answer.text


def test_a_team_members_program_names_nobody_but_themselves_in_a_body(world: World) -> None:
    side = world.a
    token = token_of(side.users["team_member"], *Scope)
    theirs = {"staff": side.other["resource"]} | {
        name: side.other[name] for name in ("resource", "service", "customer")
    }
    tried = set()
    for each in operations(world):
        own = body_for(each.route, each.method, side.named())
        for name, row in theirs.items():
            body = body_for(each.route, each.method, {**side.named(), name: row})
            if body != own:
                answer = each.answer(token, body=body)
                tried.add(f"{each.route.name} {name}")

                said = f"{each.method} {each.route.name}, {name}: {answer.status} {answer.text}"
                assert (answer.status in (403, 404), answer.rows) == (True, 0), said
                assert COLLEAGUE not in answer.text, said
    assert {"api:bookings staff", "api:holds service", "api:times_off resource"} <= tried


def test_rows_of_another_business_are_not_there_for_a_body_either(
    world: World, admin: User
) -> None:
    everything = token_of(admin, *Scope)
    tried = set()
    for each in operations(world):
        own = body_for(each.route, each.method, world.a.named())
        for name, row in world.b.named().items():
            body = body_for(each.route, each.method, {**world.a.named(), name: row})
            if body != own and name not in world.a.times:
                answer = each.answer(everything, body=body)
                tried.add(f"{each.route.name} {name}")

                said = f"{each.method} {each.route.name}, {name}: {answer.status} {answer.text}"
                assert (answer.status in (404, 422), answer.rows) == (True, 0), said
                assert "There is nothing here under this name." in answer.text, said
                assert FOREIGN not in answer.text, said
    assert {"api:bookings service", "api:services question", "api:merge duplicate"} <= tried
