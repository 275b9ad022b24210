"""OAuth clients: what somebody may want, what ends with what, and whom one has let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from allauth.idp.oidc.models import Client, Token
from django.core.exceptions import ValidationError

from accounts import clients
from accounts.callers import TokenRefused, caller_of
from accounts.clients import CODE, CREDENTIALS, REFRESH, WantedClient, make_client
from accounts.models import User
from accounts.scopes import Scope
from tests import make
from tests.conftest import Clock
from tests.make import API, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

USUAL: Mapping[str, object] = {
    "name": "CRM",
    "is_public": False,
    "grants": [CREDENTIALS, CODE, REFRESH],
    "redirect_uris": ["https://crm.example/back"],
    "scopes": ["bookings:read", "customers:write"],
}


def wanted(**other: object) -> WantedClient:
    return WantedClient(**USUAL | other)  # type: ignore[arg-type]


def let_in(
    client: Client,
    value: str,
    *,
    user: User | None,
    kind: str = "at",
    until: datetime | None = None,
) -> str:
    """Give a client a token, for a user or for itself, and return the token."""
    token = Token(type=kind, client=client, user=user, created_at=NOW, expires_at=until)
    token.set_value(value)
    token.set_scopes(client.get_scopes())
    token.save()
    return value


def works(token: str) -> bool:
    try:
        return bool(caller_of(token, address=API, now=NOW))
    except TokenRefused:
        return False


@pytest.fixture
def ada() -> User:
    return make.user(name="Ada")


@pytest.fixture
def crm(ada: User) -> Client:
    client, _ = make_client(owner=ada, wanted=wanted(), now=NOW)
    return client


def test_a_client_has_a_secret_of_which_a_hash_is_kept(ada: User) -> None:
    client, secret = make_client(owner=ada, wanted=wanted(), now=NOW)

    client.refresh_from_db()
    assert secret.startswith("bps_")
    assert client.check_secret(secret)
    assert secret not in str(Client.objects.values())
    assert client.get_grant_types() == [CREDENTIALS, CODE, REFRESH]
    assert (
        client.get_scopes() == client.get_default_scopes() == ["bookings:read", "customers:write"]
    )
    assert (client.owner, client.skip_consent, client.allow_uri_wildcards) == (ada, False, False)


def test_a_public_client_has_no_secret(ada: User) -> None:
    client, secret = make_client(owner=ada, wanted=wanted(is_public=True, grants=[CODE]), now=NOW)

    assert (client.type, secret) == ("public", "")


@pytest.mark.parametrize(
    ("field", "other", "sentence"),
    [
        ("name", {"name": ""}, "Please give it a name, so that you know it again."),
        ("scopes", {"scopes": []}, "Please choose at least one thing that it may do."),
        ("scopes", {"scopes": ["openid"]}, "There is no such scope."),
        ("grants", {"grants": []}, "Please choose for whom it works."),
        ("grants", {"grants": [REFRESH]}, "Please choose for whom it works."),
        ("grants", {"grants": [CODE, "password"]}, "Please choose for whom it works."),
        ("grants", {"grants": [CREDENTIALS, REFRESH]}, "Only what others let in can stay let in."),
        (
            "grants",
            {"is_public": True},
            "What cannot keep a secret cannot work without somebody signing in.",
        ),
        (
            "redirect_uris",
            {"redirect_uris": []},
            "Please give the address that people come back to after they have signed in.",
        ),
        (
            "redirect_uris",
            {"redirect_uris": [f"https://crm.example/{n}" for n in range(11)]},
            "There are at most 10 addresses.",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    ada: User, field: str, other: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_client(owner=ada, wanted=wanted(**other), now=NOW)

    assert refusal.value.message_dict == {field: [sentence]}
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "http://crm.example/back",
        "http://127.0.0.1.example/",
        "http://10.0.0.1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "crm.example/back",
        "//crm.example/back",
        "https://",
        "https:///back",
        "https://*.example/back",
        "https://crm.example/back#top",
        "https://crm.example/back#",
        "https://ada:pass@crm.example/",
        "https://crm.example\\@evil.example/",
        "https://crm.example:99999/",
        "https://[::1/",
        "https://crm.example/ back",
        "https://crm.example/\x00",
        "https://münchen.example/",
        "https://crm.example/" + "x" * 500,
    ],
)
def test_nobody_is_sent_back_to_an_unsafe_address(ada: User, uri: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_client(owner=ada, wanted=wanted(redirect_uris=[uri]), now=NOW)

    assert list(refusal.value.message_dict) == ["redirect_uris"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://crm.example/back?from=portal",
        "https://crm.example:8443/",
        "https://xn--mnchen-3ya.example/",
        "http://127.0.0.1:8765/back",
        "http://[::1]/back",
        "http://localhost:3000/back",
    ],
)
def test_https_and_this_machine_are_safe_to_come_back_to(ada: User, uri: str) -> None:
    client, _ = make_client(owner=ada, wanted=wanted(redirect_uris=[uri, uri]), now=NOW)

    assert client.get_redirect_uris() == [uri]


def test_one_too_many_is_refused_and_a_name_comes_once(ada: User, crm: Client) -> None:
    with pytest.raises(ValidationError, match="You have one with this name already"):
        make_client(owner=ada, wanted=wanted(name="crm"), now=NOW)
    for number in range(clients.MOST - 1):
        make_client(owner=ada, wanted=wanted(name=f"{number}"), now=NOW)

    with pytest.raises(ValidationError, match="You have 10 clients, which is the most"):
        make_client(owner=ada, wanted=wanted(name="One more"), now=NOW)

    assert len(clients.clients_of(ada)) == clients.MOST


def test_a_scope_that_a_client_loses_its_tokens_lose_too(ada: User, crm: Client) -> None:
    token = let_in(crm, "t1", user=ada)
    assert Scope.CUSTOMERS_WRITE in caller_of(token, address=API, now=NOW).scopes

    clients.change_client(client=crm, wanted=wanted(scopes=["bookings:read"]))

    assert caller_of(token, address=API, now=NOW).scopes == {Scope.BOOKINGS_READ}


def test_a_grant_that_a_client_loses_ends_what_came_of_it(ada: User, crm: Client) -> None:
    own, others = let_in(crm, "own", user=None), let_in(crm, "others", user=make.user())
    let_in(crm, "again", user=ada, kind="rt")

    clients.change_client(client=crm, wanted=wanted(name="CRM", grants=[CODE]))
    assert (works(own), works(others)) == (False, True)
    assert not Token.objects.filter(type="rt").exists()

    clients.change_client(client=crm, wanted=wanted(grants=[CREDENTIALS], redirect_uris=[]))
    assert not works(others)


def test_a_new_secret_ends_the_old_one_and_what_it_let_in(ada: User, crm: Client) -> None:
    _, old = make_client(owner=ada, wanted=wanted(name="Sync"), now=NOW)
    sync = Client.objects.get(name="Sync")
    theirs, mine = let_in(crm, "t1", user=ada), let_in(sync, "t2", user=None)
    let_in(sync, "r1", user=ada, kind="rt")

    new = clients.rotate_client_secret(sync)

    sync.refresh_from_db()
    assert (sync.check_secret(old), sync.check_secret(new)) == (False, True)
    assert (works(theirs), works(mine)) == (True, False)
    assert Token.objects.filter(client=sync, type="rt").exists(), "people need not let it in again"


def test_one_sees_whom_one_has_let_in_and_shuts_them_out(
    ada: User, crm: Client, clock: Clock
) -> None:
    grace = make.user()
    let_in(crm, "t1", user=ada, until=NOW + timedelta(hours=1))
    let_in(crm, "r1", user=ada, kind="rt")
    let_in(crm, "own", user=None)
    others = let_in(crm, "t2", user=grace)

    (granted,) = clients.granted_by(ada, now=NOW)
    assert (granted.client, granted.since) == (crm, NOW)
    assert granted.scopes == ["bookings:read", "customers:write"]
    assert clients.shut_out(ada, crm.pk)

    assert clients.granted_by(ada, now=NOW) == []
    assert not clients.shut_out(ada, crm.pk)
    assert works(others)
    assert works("own")
