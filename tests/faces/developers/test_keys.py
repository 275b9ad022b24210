"""Pages for developers: keys are made, shown once, changed and ended, each by its owner alone."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as App
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from accounts import callers
from accounts.callers import TokenRefused, caller_of
from accounts.clients import CODE, CREDENTIALS, REFRESH, WantedClient, make_client
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from accounts.tokens import MOST
from tests import make
from tests.conftest import Clock
from tests.faces.desk.desking import Answer, signed_in, text
from tests.faces.desk.test_hostile import EVIL, HOSTILE
from tests.make import API, NOW

pytestmark = pytest.mark.django_db

TOKEN = {"name": "Sync", "reach": "some", "scopes": ["bookings:read"], "lasts": "30"}
APP = {
    "name": "CRM",
    "kind": "confidential",
    "grants": [CREDENTIALS, CODE],
    "redirect_uris": "https://crm.example/back\r\n\r\nhttp://127.0.0.1:8765/back ",
    "reach": "some",
    "scopes": ["bookings:read", "customers:write"],
}


@pytest.fixture
def ada() -> User:
    """Return somebody who signs in by mail alone, so that nothing can be asked again."""
    return make.user(name="Ada", email="ada@example.org")


@pytest.fixture
def hers(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def app(ada: User) -> App:
    wanted = WantedClient("CRM", False, [CODE], ["https://crm.example/"], ["bookings:read"])
    return make_client(owner=ada, wanted=wanted, now=NOW)[0]


def to(name: str, *about: object) -> str:
    return reverse(f"developers:{name}", args=about)


def secret_in(page: Answer, field: str) -> str:
    """Return what a page shows in a field to be copied."""
    found = re.search(rf'id="{field}" value="([^"]+)"', page.content.decode())
    assert found
    return html.unescape(found[1])


def has_no_answer(hers: Client, *addresses: str) -> bool:
    return all(
        call(address).status_code in (404, 405)
        for address in addresses
        for call in (hers.get, hers.post)
    )


def test_a_token_is_made_and_shown_once(ada: User, hers: Client) -> None:
    made = hers.post(to("new_token"), TOKEN)

    token = secret_in(made, "token")
    row = AccessToken.objects.get()
    assert made.status_code == 200
    assert made["Cache-Control"].startswith("no-store")
    assert caller_of(token, address=API, now=NOW).scopes == {Scope.BOOKINGS_READ}
    assert row.expires_at == NOW + timedelta(days=30)
    for address in (to("home"), to("token", row.public_id), to("calls")):
        page = hers.get(address)
        assert token not in text(page)
        assert "Sync" in text(page)
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("A new access token", [ada.email])
    assert "“Sync”" in str(letter.body)
    assert token not in str(letter.message())


@pytest.mark.parametrize(
    ("typed", "expires_at"),
    [
        ({"lasts": "365"}, NOW + timedelta(days=365)),
        ({"lasts": "never", "expires_at": "2031-01-01"}, None),
        ({"lasts": "day", "expires_at": "2031-03-03"}, NOW.replace(day=4, hour=0)),
    ],
)
def test_a_token_lasts_as_long_as_was_asked_for(
    hers: Client, typed: dict[str, str], expires_at: object
) -> None:
    hers.post(to("new_token"), TOKEN | typed)

    assert AccessToken.objects.get().expires_at == expires_at


@pytest.mark.parametrize(
    ("reach", "scopes"),
    [
        ("read", {each for each in Scope if each.endswith(":read")}),
        ("all", set(Scope)),
    ],
)
def test_a_token_may_see_everything_or_do_everything(
    hers: Client, reach: str, scopes: set[Scope]
) -> None:
    made = hers.post(to("new_token"), {"name": "Sync", "reach": reach, "lasts": "30"})

    assert caller_of(secret_in(made, "token"), address=API, now=NOW).scopes == scopes


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Please give it a name, so that you know it again."),
        ({"name": "x" * 101}, "A name has at most 100 characters."),
        ({"scopes": []}, "Please choose at least one thing that it may do."),
        ({"scopes": ["everything"]}, "There is no such scope."),
        ({"reach": ""} | {"scopes": []}, "Please choose at least one thing that it may do."),
        ({"lasts": "9999999"}, "Please choose how long it works."),
        ({"lasts": "day"}, "Please give a day."),
        ({"lasts": "day", "expires_at": "2031-03-02"}, "This day is over."),
        ({"lasts": "day", "expires_at": "\0"}, "Please give a day."),
    ],
)
def test_a_token_that_cannot_be_is_refused_and_what_was_typed_stays(
    hers: Client, typed: dict[str, object], sentence: str
) -> None:
    page = hers.post(to("new_token"), TOKEN | typed)

    assert page.status_code == 422
    assert sentence in text(page)
    assert "Please look at this again:" in text(page)
    assert not AccessToken.objects.exists()
    assert mail.outbox == []


def test_one_too_many_is_refused(ada: User, hers: Client) -> None:
    for number in range(MOST):
        callers.issue(user=ada, name=f"{number}", scopes=Scope, expires_at=None, now=NOW)

    assert "You have 20 tokens, which is the most." in text(hers.post(to("new_token"), TOKEN))
    assert to("new_token") not in text(hers.get(to("home")))


def test_the_list_says_how_a_token_does(hers: Client, clock: Clock) -> None:
    made = hers.post(to("new_token"), TOKEN | {"lasts": "day", "expires_at": "2031-03-10"})
    assert "Not used yet. Expires Tue 11 Mar 2031, 00:00." in text(hers.get(to("home")))
    caller_of(secret_in(made, "token"), address=API, now=NOW)

    clock.now += timedelta(days=2)
    page = text(hers.get(to("home")))
    assert "Last used Mon 3 Mar 2031, 07:00." in page
    assert "ends soon" in page
    clock.now += timedelta(days=6)
    assert "Expired Tue 11 Mar 2031, 00:00." in text(hers.get(to("home")))


def test_a_revoked_token_lets_nobody_in(hers: Client) -> None:
    token = secret_in(hers.post(to("new_token"), TOKEN), "token")
    row = AccessToken.objects.get()

    page = hers.post(to("revoke_token", row.public_id), follow=True)

    assert "The token is revoked." in text(page)
    assert "Revoked Mon 3 Mar 2031." in text(page)
    with pytest.raises(TokenRefused):
        caller_of(token, address=API, now=NOW)
    assert "Revoke it now" not in text(hers.get(to("token", row.public_id)))


def test_a_client_is_made_and_its_secret_is_shown_once(ada: User, hers: Client) -> None:
    made = hers.post(to("new_client"), APP)

    app, secret = App.objects.get(), secret_in(made, "secret")
    assert made["Cache-Control"].startswith("no-store")
    assert secret_in(made, "client") == app.pk
    assert app.check_secret(secret)
    assert (app.owner, app.type, app.name) == (ada, "confidential", "CRM")
    assert app.get_grant_types() == [CREDENTIALS, CODE]
    assert app.get_redirect_uris() == ["https://crm.example/back", "http://127.0.0.1:8765/back"]
    page = text(hers.get(to("client", app.pk)))
    assert secret not in page
    assert "http://127.0.0.1:8765/back" in page
    assert "Add, change, merge and erase customers" in page
    assert f"{settings.PUBLIC_URL}/oauth/authorize" in page
    assert [letter.subject for letter in mail.outbox] == ["A new OAuth client"]


def test_a_public_client_has_no_secret_to_show_or_to_change(hers: Client) -> None:
    made = hers.post(to("new_client"), APP | {"kind": "public", "grants": [CODE, REFRESH]})

    app = App.objects.get()
    assert app.type == "public"
    assert 'id="secret"' not in text(made)
    assert hers.post(to("rotate_client", app.pk)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Please give it a name, so that you know it again."),
        ({"scopes": []}, "Please choose at least one thing that it may do."),
        ({"grants": []}, "Please choose for whom it works."),
        ({"redirect_uris": ""}, "Please give the address that people come back to"),
        ({"redirect_uris": "http://crm.example/"}, "http://crm.example/ has to begin with https"),
        ({"redirect_uris": "javascript:alert(1)"}, "is not a complete web address."),
        ({"kind": "public"}, "What cannot keep a secret cannot work without somebody signing in."),
    ],
)
def test_a_client_that_cannot_be_is_refused_and_what_was_typed_stays(
    hers: Client, app: App, typed: dict[str, object], sentence: str
) -> None:
    new = hers.post(to("new_client"), APP | {"name": "Other"} | typed)
    assert new.status_code == 422
    assert sentence in text(new)
    assert App.objects.count() == 1

    if "kind" not in typed:
        changed = hers.post(to("edit_client", app.pk), APP | typed)
        assert changed.status_code == 422
        assert sentence in text(changed)
    app.refresh_from_db()
    assert app.get_redirect_uris() == ["https://crm.example/"]


def test_a_client_is_changed_but_never_from_secret_to_public(hers: Client, app: App) -> None:
    shown = text(hers.get(to("edit_client", app.pk)))
    assert 'value="CRM"' in shown
    assert 'name="kind"' not in shown

    hers.post(to("edit_client", app.pk), APP | {"name": "Our CRM", "kind": "public"})

    app.refresh_from_db()
    assert (app.name, app.type) == ("Our CRM", "confidential")
    assert app.get_scopes() == ["bookings:read", "customers:write"]


def test_a_new_secret_is_shown_once_and_the_old_one_ends(hers: Client) -> None:
    old = secret_in(hers.post(to("new_client"), APP), "secret")
    app = App.objects.get()

    shown = hers.post(to("rotate_client", app.pk))

    app.refresh_from_db()
    assert shown["Cache-Control"].startswith("no-store")
    assert app.check_secret(secret_in(shown, "secret"))
    assert not app.check_secret(old)
    assert mail.outbox[-1].subject == "A client has a new secret"


def test_a_client_is_deleted_after_a_question(hers: Client, app: App) -> None:
    assert "Delete this client?" in text(hers.get(to("delete_client", app.pk)))
    assert App.objects.exists()

    page = hers.post(to("delete_client", app.pk), follow=True)

    assert "The client is deleted." in text(page)
    assert not App.objects.exists()


def test_whom_one_has_let_in_is_named_and_shut_out(app: App) -> None:
    grace = make.user(name="Grace")
    token = Token(type="rt", client=app, user=grace, created_at=NOW)
    token.set_value("x")
    token.set_scopes(["bookings:read"])
    token.save()
    hers = signed_in(grace)

    page = text(hers.get(to("home")))
    assert "By Ada (ada@example.org), since Mon 3 Mar 2031, 07:00" in page
    assert "See bookings" in page
    assert "The program is shut out." in text(hers.post(to("shut_out", app.pk), follow=True))

    assert not Token.objects.exists()
    assert hers.post(to("shut_out", app.pk)).status_code == 404


FIELDS = ("name", "reach", "scopes", "lasts", "expires_at", "kind", "grants", "redirect_uris")


@pytest.mark.parametrize("value", [*HOSTILE, EVIL])
def test_whatever_is_sent_is_answered_with_a_page(hers: Client, value: str) -> None:
    for page in (
        hers.post(to("new_token"), dict.fromkeys(FIELDS, value)),
        hers.post(to("new_client"), dict.fromkeys(FIELDS, value)),
        hers.get(to("calls"), {"key": value, "show": value}),
    ):
        assert page.status_code in (200, 422)
        assert "<b data-evil>" not in text(page)


@pytest.mark.slow
@pytest.mark.parametrize("value", [*HOSTILE, EVIL])
@pytest.mark.parametrize("field", FIELDS)
def test_one_field_that_nobody_fills_in_like_this_breaks_nothing(
    hers: Client, app: App, field: str, value: str
) -> None:
    for address in (to("new_token"), to("new_client"), to("edit_client", app.pk)):
        page = hers.post(address, TOKEN | APP | {field: value})
        assert page.status_code in (200, 303, 422)
        assert "<b data-evil>" not in text(page)


def test_keys_of_others_are_not_there(ada: User, app: App) -> None:
    token, _ = callers.issue(user=ada, name="Hers", scopes=Scope, expires_at=None, now=NOW)
    other = signed_in(make.user())

    assert has_no_answer(
        other,
        to("token", token.public_id),
        to("revoke_token", token.public_id),
        to("client", app.pk),
        to("edit_client", app.pk),
        to("rotate_client", app.pk),
        to("delete_client", app.pk),
        to("shut_out", app.pk),
    )
    assert "Hers" not in text(other.get(to("home")))
    assert "CRM" not in text(other.get(to("home")))
    token.refresh_from_db()
    assert token.revoked_at is None


def test_whoever_has_a_password_is_asked_for_it_before_a_key_is_made(app: App, ada: User) -> None:
    ada.set_password("correct horse battery")
    ada.save(update_fields=["password"])
    hers = signed_in(ada)
    asked = [to("new_token"), to("new_client"), to("edit_client", app.pk)]

    for address in asked:
        assert hers.get(address)["Location"].startswith("/accounts/reauthenticate/?next=")
    sent = hers.post(to("new_token"), TOKEN)
    assert not AccessToken.objects.exists()
    made = hers.post(sent["Location"], {"password": "correct horse battery"})

    assert caller_of(secret_in(made, "token"), address=API, now=NOW).name == "Sync"
    assert hers.get(to("new_client")).status_code == 200


@override_settings(REQUIRE_MFA_FOR_ADMINS=True)
def test_an_admin_without_the_required_factor_makes_no_key() -> None:
    admin = make.member(make.business(), "admin")

    answer = signed_in(admin).post(to("new_token"), TOKEN)

    assert answer["Location"] == "/accounts/2fa/"
    assert not AccessToken.objects.exists()
    Authenticator.objects.create(user=admin, type="totp", data={"secret": "x"})
    assert signed_in(admin).get(to("home"))["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_whoever_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get(to("home"))["Location"] == "/accounts/login/?next=/developers/"
    assert client.post(to("new_token"), TOKEN)["Location"].startswith("/accounts/login/")
    assert not AccessToken.objects.exists()


def test_the_pages_are_found_from_the_account_and_the_desk(ada: User, hers: Client) -> None:
    business = make.business(slug="salon")
    admin = signed_in(make.member(business, "admin"))

    assert to("home") in text(hers.get("/accounts/"))
    assert to("home") in text(admin.get("/desk/salon/"))
    page = text(admin.get(to("home")))
    assert str(business.public_id) in page
    assert "/desk/salon/webhooks/" in page
    viewer = text(signed_in(make.member(business, "viewer")).get(to("home")))
    assert str(business.public_id) in viewer
    assert "/desk/salon/webhooks/" not in viewer
