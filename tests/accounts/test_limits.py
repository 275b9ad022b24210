"""Guessing has a limit that all processes share; where a sign-in leads is never another site."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.conftest import PASSWORD, sign_in, signed_in

pytestmark = pytest.mark.django_db


def test_guesses_at_one_account_come_to_an_end(ada: User) -> None:
    for _ in range(10):
        sign_in(Client(), password="wrong")

    assert not signed_in(sign_in(Client()))


def test_the_count_is_kept_in_the_database_where_every_process_sees_it(ada: User) -> None:
    sign_in(Client(), password="wrong")

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache WHERE cache_key LIKE '%login_failed%'")
        kept = [key for (key,) in cursor]
    another_process = caches.create_connection("default")
    assert len(kept) == 2
    for key in kept:
        assert len(another_process.get(key.removeprefix(":1:"))) == 1


def test_a_client_behind_a_proxy_is_counted_by_its_own_address(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(forged: str, real: str) -> int:
        headers = {"X-Forwarded-For": f"{forged}, {real}"}
        return Client().post("/accounts/signup/", headers=headers).status_code

    asked = [ask(f"203.0.113.{number}", "198.51.100.7") for number in range(21)]

    assert asked == [200] * 20 + [429]
    assert ask("203.0.113.1", "198.51.100.8") == 200
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    assert ask("203.0.113.1", "198.51.100.7") == 200


def test_too_many_requests_get_a_page_of_ours() -> None:
    answers = [Client().post("/accounts/signup/") for _ in range(21)]

    assert "Please wait a moment" in answers[-1].content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"],
)
def test_the_sign_in_leads_to_no_other_site(ada: User, client: Client, elsewhere: str) -> None:
    typed = {"login": ada.email, "password": PASSWORD, "next": elsewhere}

    assert client.post("/accounts/login/", typed)["Location"] == "/desk/"
    assert client.post("/accounts/logout/", {"next": elsewhere})["Location"] == "/accounts/login/"


def test_signing_out_takes_a_post(ada: User, client: Client) -> None:
    sign_in(client)

    client.get("/accounts/logout/")
    assert signed_in(client)
    client.post("/accounts/logout/")

    assert not signed_in(client)


def test_a_mail_server_that_is_away_is_said_so(ada: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "portal.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    for page in ("/accounts/login/code/", "/accounts/password/reset/"):
        answer = Client().post(page, {"email": ada.email})

        assert answer.status_code == 503
        assert "The e-mail could not be sent" in answer.content.decode()


def test_a_password_is_changed_even_if_nobody_can_be_told(ada: User, settings: Settings) -> None:
    client = sign_in(Client())
    settings.EMAIL_BACKEND = "portal.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    new = "another horse battery"

    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post("/accounts/password/change/", typed)

    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.check_password(new)
    assert signed_in(client)


def test_letters_are_plain_and_pretty_and_begin_with_the_portals_address(
    ada: User, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://book.example.org"

    Client().post("/accounts/password/reset/", {"email": ada.email})

    letter = mail.outbox[0]
    page, kind = letter.alternatives[0]  # type: ignore[attr-defined]
    assert (letter.subject, letter.from_email) == (
        "Choose a new password",
        settings.DEFAULT_FROM_EMAIL,
    )
    assert "https://book.example.org/accounts/password/reset/key/" in letter.body
    assert kind == "text/html"
    assert 'href="https://book.example.org/accounts/password/reset/key/' in page
    assert "testserver" not in letter.body + page


def test_a_letter_to_who_has_an_account_already_leads_to_the_portal(
    ada: User, settings: Settings
) -> None:
    settings.PUBLIC_URL, settings.SIGNUP_OPEN = "https://book.example.org", True

    Client().post(
        "/accounts/signup/", {"name": "Ada", "email": ada.email, "password1": "a horse, a horse"}
    )

    assert "https://book.example.org/accounts/password/reset/" in str(mail.outbox[0].body)
