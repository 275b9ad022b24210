"""Who may open what: the URL configuration walked, every cell of the policy file tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, path
from django.urls.resolvers import RegexPattern
from pytest_django import Settings

from accounts.callers import Caller
from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api import operation
from bookings.faces.api.operation import Endpoint, Operation
from bookings.models import Appointment
from bookings.queries.colleagues import Colleague
from portal import urls
from portal.checks import every_view_says_whom_it_is_for
from portal.routes import Route, routes
from tests.permissions.matrix import tried
from tests.permissions.policy import FILE, Policy
from tests.permissions.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy() -> Policy:
    """Return the policy file."""
    return Policy(FILE.read_text())


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    """Return the two businesses: admins need a second factor, letters become files."""
    settings.REQUIRE_MFA_FOR_ADMINS = True
    settings.API_CALLS_PER_MINUTE = 1_000_000
    settings.EMAIL_BACKEND = "portal.mail.FileBackend"
    settings.MAIL_DIR = tmp_path
    return World()


def shown(these: list[str]) -> str:
    return "\n" + "\n".join(these[:60])


def part_of(route: Route) -> str:
    space = route.name.partition(":")[0]
    return {"api": "programs", "admin": "admin"}.get(space, "pages")


def named(*names: str) -> list[Route]:
    return [route for route in routes() if route.name in names]


def test_every_verb_of_every_route_is_decided_and_no_row_is_stale(policy: Policy) -> None:
    assert policy.undecided(routes()) == []
    assert policy.stale(routes()) == []


@pytest.mark.parametrize(
    "part", ["pages", "programs", pytest.param("admin", marks=pytest.mark.slow)]
)
def test_everybody_gets_in_where_they_may_and_nowhere_else(
    world: World, policy: Policy, part: str
) -> None:
    tried_here = [each for each in routes() if part_of(each) == part]

    matrix = tried(world, policy, tried_here, verbs=("GET", "POST"))

    print(f"{len(tried_here)} routes, {matrix.cells} cells, {len(matrix.wrong)} open")
    assert not matrix.wrong, shown(matrix.wrong)
    missing = [each for each in matrix.without_control() if each.split()[0] not in policy.closed]
    assert missing == []
    assert matrix.cells > 200


@pytest.mark.slow
def test_no_rare_verb_opens_another_door(world: World, policy: Policy) -> None:
    matrix = tried(world, policy, routes(), verbs=("PUT", "PATCH", "DELETE"))

    print(f"{matrix.cells} cells, {len(matrix.wrong)} open")
    assert not matrix.wrong, shown(matrix.wrong)


def test_a_permission_taken_away_is_noticed(
    world: World, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Colleague, "may", lambda self, capability: True)

    wrong = tried(world, policy, named("desk:reports"), verbs=["GET"]).wrong

    assert [each for each in wrong if "by viewer: was let in" in each]


def test_a_dropped_filter_is_noticed(
    world: World, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(self: Colleague, capability: Capability) -> object:
        return Appointment.objects.all()

    monkeypatch.setattr(Colleague, "appointments", everything)

    for name in ("desk:appointment", "api:appointment"):
        wrong = tried(world, policy, named(name), verbs=["GET"]).wrong

        assert [each for each in wrong if "by team_other: was let in" in each]
        assert [each for each in wrong if "by admin_stray: was let in" in each]

    wrong = tried(world, policy, named("api:appointments"), verbs=["GET"]).wrong
    assert [each for each in wrong if "read words of another business" in each]
    assert [each for each in wrong if "by team_own: read words of a colleague's" in each]


def test_every_operation_in_a_business_needs_a_capability() -> None:
    assert [
        f"{route.name} {verb}"
        for route in routes()
        if part_of(route) == "programs" and "<uuid:business>" in route.pattern
        for verb, declared in vars(route.view)["cls"].operations().items()
        if not isinstance(declared, Operation) or declared.needs is None
    ] == []


def test_an_operation_that_needs_too_little_is_noticed(
    world: World, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, verb in (("reports", "GET"), ("exports", "GET"), ("resources", "POST")):
        (route,) = named(f"api:{name}")
        endpoint: type[Endpoint] = vars(route.view)["cls"]
        monkeypatch.setitem(vars(endpoint.operations()[verb]), "needs", Capability.OPEN_DESK)

        assert tried(world, policy, [route], verbs=[verb]).wrong


def test_a_token_that_is_not_looked_at_is_noticed(
    world: World, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = Caller(world.a.users["admin"], frozenset(Scope), "1", "Anybody")
    monkeypatch.setattr(operation, "caller_behind", lambda request, now: admin)

    wrong = tried(world, policy, named("api:customers", "api:businesses"), verbs=["GET"]).wrong

    assert "GET api:customers by anonymous: was let in (200)" in wrong
    assert "GET api:businesses by disabled: was let in (200)" in wrong


def test_a_new_route_is_noticed_by_the_policy_and_refused_at_the_start(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse("everything")

    added = path("export/bookings.csv", forgotten, name="export")
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, added])
    resolver = URLResolver(RegexPattern(r"^/"), "portal.urls")
    monkeypatch.setattr("portal.routes.get_resolver", lambda: resolver)

    assert "export GET" in policy.undecided(routes())
    (refusal,) = every_view_says_whom_it_is_for(None)
    assert refusal.id == "portal.E001"
