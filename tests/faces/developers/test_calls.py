"""What programs have called, for those whose programs they are; what every refusal means."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import callers
from accounts.callers import connection_of
from accounts.clients import CREDENTIALS, WantedClient, make_client
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from bookings.faces.explained import OF_CALLS, refusals
from bookings.models import Call, Membership
from tests import make
from tests.faces.desk.desking import signed_in, text
from tests.make import NOW

pytestmark = pytest.mark.django_db

CALLS = reverse("developers:calls")


@pytest.fixture
def ada() -> User:
    return make.user(name="Ada")


def token_of(user: User, name: str) -> AccessToken:
    return callers.issue(user=user, name=name, scopes=Scope, expires_at=None, now=NOW)[0]


def called(key: AccessToken | str, path: str, status: int = 200, code: str = "") -> None:
    Call.objects.create(
        caller=key if isinstance(key, str) else connection_of(key),
        method="GET",
        path=path,
        status=status,
        code=code,
        took_ms=12,
        at=NOW - timedelta(seconds=5),
    )


def test_one_sees_the_calls_of_ones_own_keys_and_chooses_among_them(ada: User) -> None:
    mine, revoked, theirs = (
        token_of(ada, "Sync"),
        token_of(ada, "Old"),
        token_of(make.user(), "Other"),
    )
    wanted = WantedClient("CRM", False, [CREDENTIALS], [], ["bookings:read"])
    crm, _ = make_client(owner=ada, wanted=wanted, now=NOW)
    called(mine, "/api/v1/one/")
    called(revoked, "/api/v1/two/", 409, "slot_taken")
    called(connection_of(crm), "/api/v1/three/", 503, "busy")
    called(theirs, "/api/v1/secret/")
    callers.revoke(revoked, now=NOW)
    browser = signed_in(ada)

    every = text(browser.get(CALLS))
    assert [path in every for path in ("one/", "two/", "three/", "secret/")] == [1, 1, 1, 0]
    assert "409 Conflict" in every
    assert "/developers/problems/#slot_taken" in every
    assert "Mon 3 Mar 2031, 06:59:55" in every
    failed = text(browser.get(CALLS, {"show": "failed"}))
    assert [path in failed for path in ("one/", "two/", "three/")] == [0, 1, 1]
    of_crm = text(browser.get(CALLS, {"key": connection_of(crm)}))
    assert [path in of_crm for path in ("one/", "two/", "three/")] == [0, 0, 1]
    others = text(browser.get(CALLS, {"key": connection_of(theirs)}))
    assert "secret/" not in others
    nothing = text(browser.get(CALLS, {"key": connection_of(mine), "show": "failed"}))
    assert "No call fits what you asked for." in nothing
    assert "No program of yours has called yet." in text(signed_in(make.user()).get(CALLS))


@pytest.mark.parametrize("keys", [1, 10])
def test_the_pages_cost_the_same_however_many_keys_there_are(
    ada: User, django_assert_num_queries: DjangoAssertNumQueries, keys: int
) -> None:
    for number in range(keys):
        wanted = WantedClient(f"CRM {number}", False, [CREDENTIALS], [], ["bookings:read"])
        called(connection_of(make_client(owner=ada, wanted=wanted, now=NOW)[0]), "/api/v1/one/")
        called(token_of(ada, f"Sync {number}"), "/api/v1/two/")
        business = make.subscription(make.business()).business
        Membership.objects.create(user=ada, business=business, role="admin", created_at=NOW)
    browser = signed_in(ada)
    browser.get(CALLS)

    with django_assert_num_queries(6):
        browser.get(CALLS)
    with django_assert_num_queries(9):
        browser.get(reverse("developers:home"))


def test_every_code_has_a_place_of_its_own_that_everybody_may_read(client: Client) -> None:
    page = client.get("/developers/problems/", headers={"Accept-Language": "de"})

    every = [*OF_CALLS, *refusals()]
    assert page.status_code == 200
    assert page["Content-Language"] == "en"
    assert [text(page).count(f'id="{each.code}"') for each in every] == [1] * len(every)
    assert "Someone else has just taken this time." in text(page)
    assert "This service takes at most … people at a time." in text(page)


def test_the_type_of_a_problem_leads_to_its_place(client: Client) -> None:
    told = client.get(f"/api/v1/businesses/{make.business().public_id}/services/").json()

    address, _hash, place = told["type"].removeprefix(settings.PUBLIC_URL).partition("#")
    assert f'id="{place}"' in text(client.get(address))


def test_everybody_finds_the_reference_and_it_the_description(client: Client) -> None:
    page = client.get("/developers/reference/")

    assert page.status_code == 200
    assert 'data-schema="/api/v1/schema/"' in text(page)
    assert client.get("/api/v1/schema/").status_code == 200
