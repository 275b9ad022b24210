"""The second factor: set up, asked for, required of admins, taken away from who lost it."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from bookings.models import Membership
from tests import make
from tests.accounts.conftest import PASSWORD, sign_in, signed_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
SET_UP = "/accounts/2fa/totp/activate/"
ASKED = "/accounts/2fa/authenticate/"


def code(secret: str = SECRET) -> str:
    """Return what an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def confirm(client: Client, address: str) -> None:
    """Prove once more who one is, where the way to `address` asks for it."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address})


def test_an_authenticator_app_is_set_up_and_asked_for_at_the_next_sign_in(ada: User) -> None:
    client = sign_in(Client())
    assert client.get(SET_UP)["Location"].startswith("/accounts/reauthenticate/")
    confirm(client, SET_UP)
    page = client.get(SET_UP).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]* value="([A-Z2-7]+)"', page)
    assert secret
    assert 'src="data:image/svg+xml' in page

    client.post(SET_UP, {"code": code(secret[1])})

    other = sign_in(Client())
    assert not signed_in(other)
    other.post(ASKED, {"code": "000000"})
    assert not signed_in(other)
    other.post(ASKED, {"code": code(secret[1])})
    assert signed_in(other)


def test_a_recovery_code_signs_in_once(ada: User) -> None:
    TOTP.activate(ada, SECRET)
    first = RecoveryCodes.activate(ada).get_unused_codes()[0]

    once, twice = sign_in(Client()), sign_in(Client())
    once.post(ASKED, {"code": first})
    twice.post(ASKED, {"code": first})

    assert signed_in(once)
    assert not signed_in(twice)


def test_an_e_mailed_code_does_not_go_around_the_second_factor(ada: User, client: Client) -> None:
    TOTP.activate(ada, SECRET)
    client.post("/accounts/login/code/", {"email": ada.email})
    sent = re.search(r"^[A-Z0-9-]{6,11}$", str(mail.outbox[0].body), re.MULTILINE)
    assert sent

    answer = client.post("/accounts/login/code/confirm/", {"code": sent[0]})

    assert answer["Location"] == ASKED
    assert not signed_in(client)


@pytest.fixture
def strict(settings: Settings) -> None:
    """Require a second factor of admins."""
    settings.REQUIRE_MFA_FOR_ADMINS = True


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("kind", ["admin", "superuser"])
def test_an_admin_without_a_second_factor_is_led_to_set_one_up(kind: str, client: Client) -> None:
    business = make.business()
    user = make.member(business) if kind == "admin" else User.objects.create_superuser("b@x.org")
    client.force_login(user)
    pages = ["/admin/", "/admin/bookings/service/", f"/desk/{business.slug}/"]

    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/"), page
    assert "Admins need a second factor here" in client.get("/accounts/2fa/").content.decode()
    TOTP.activate(user, SECRET)

    client.post("/accounts/2fa/reauthenticate/", {"code": code()})

    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


@pytest.mark.usefixtures("strict")
def test_a_session_from_before_the_factor_was_set_up_elsewhere_is_asked_for_it(
    client: Client,
) -> None:
    user = make.member(make.business())
    client.force_login(user)
    TOTP.activate(user, SECRET)

    asked = client.get("/admin/bookings/service/")

    shown = "/accounts/2fa/reauthenticate/?next=/admin/bookings/service/"
    assert asked["Location"] == shown
    assert "show it once" in client.get(shown).content.decode()
    passed = client.post(shown, {"code": code(), "next": "/admin/bookings/service/"})
    assert passed["Location"] == "/admin/bookings/service/"
    assert client.get("/admin/bookings/service/").status_code == 200


@pytest.mark.usefixtures("strict")
def test_who_signs_in_with_the_factor_is_not_asked_again(ada: User, client: Client) -> None:
    TOTP.activate(ada, SECRET)
    Membership.objects.create(user=ada, business=make.business(), role="admin", created_at=make.NOW)
    sign_in(client).post(ASKED, {"code": code()})

    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer"])
def test_nobody_else_needs_a_second_factor(role: str, client: Client) -> None:
    business = make.business()
    client.force_login(make.member(business, role))

    assert client.get(f"/desk/{business.slug}/").status_code == 200


@pytest.mark.usefixtures("strict")
def test_recovery_codes_alone_are_no_second_factor(client: Client) -> None:
    user = make.member(make.business())
    RecoveryCodes.activate(user)
    client.force_login(user)

    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


def test_without_the_setting_no_admin_needs_one(client: Client) -> None:
    client.force_login(make.member(make.business()))

    assert client.get("/admin/").status_code == 200


def test_who_lost_the_second_factor_is_helped_by_a_superuser(ada: User) -> None:
    TOTP.activate(ada, SECRET)
    RecoveryCodes.activate(ada)
    User.objects.create_superuser("boss@example.org", PASSWORD)
    office = sign_in(Client(), "boss@example.org")

    office.post("/admin/accounts/user/", {"_selected_action": [ada.pk], "action": "remove_factor"})

    assert not Authenticator.objects.exists()
    assert signed_in(sign_in(Client()))


@pytest.mark.parametrize("credential", ["9" * 5000, "[" * 100_000, "{", "null", '{"id": 1}'])
def test_what_no_passkey_sends_is_no_sign_in(client: Client, credential: str) -> None:
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert answer.status_code < 500
    assert not signed_in(client)
