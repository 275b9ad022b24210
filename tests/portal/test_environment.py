"""The environment: real servers by variable, and one clear sentence for a wrong value."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from bookings.outlets.sms import Account
from portal.env import Mail

ROOT = Path(__file__).resolve().parents[2]
STRONG = "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijkl"
Load = Callable[..., SimpleNamespace]
PRODUCTION = {"PUBLIC_URL": "https://book.example.org", "SECRET_KEY": STRONG}


def manage(command: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a management command in an environment of these variables only."""
    return subprocess.run(
        [sys.executable, "manage.py", command, *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Return a function that reads the settings in an environment of these variables only."""

    def read(**variables: str) -> SimpleNamespace:
        with monkeypatch.context() as patch:
            patch.setattr(os, "environ", {"DATA_DIR": str(tmp_path), **variables})
            return SimpleNamespace(**runpy.run_path(str(ROOT / "portal/settings.py")))

    return read


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL: it must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://host"}, "DATABASE_URL: it names no database"),
        ({"DATABASE_URL": "postgresql://host/x?nonsense=1"}, "DATABASE_URL: it must look like"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL: it must be a whole number"),
        ({"CELERY_BROKER_URL": "carrier-pigeon://x"}, "CELERY_BROKER_URL: it must look like"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL: it must look like smtp+tls://"),
        ({"EMAIL_URL": "smtp://host:port"}, "EMAIL_URL: it must look like smtp+tls://"),
        ({"MAIL_FROM": "not an address"}, "MAIL_FROM: it must be an e-mail address"),
        ({"SMS_URL": "twilio://AC1:secret"}, "SMS_URL: it must look like twilio://ACCOUNT_SID"),
        ({"SMS_URL": "twilio://AC1@+49301234"}, "SMS_URL: it must look like twilio://ACCOUNT_SID"),
        ({"SMS_URL": "pigeon://AC1:x@+49301234"}, "SMS_URL: it must look like twilio://ACCOUNT"),
        ({"SMS_URL": "twilio://[:x@+49301234"}, "SMS_URL: it must look like twilio://ACCOUNT_SID"),
        ({"SMS_URL": "twilio://a:b@c?x=1"}, "SMS_URL: twilio has no option “x”"),
        ({"SMS_URL": "twilio://a:b@c?api"}, "SMS_URL: it must look like twilio://ACCOUNT_SID"),
        ({"SMS_URL": "vonage://a:b@c?api=http://x.org"}, "SMS_URL: its api must be https://host"),
        ({"SMS_URL": "vonage://a:b@c?api=https://[x"}, "SMS_URL: its api must be https://host"),
        ({"SMS_GATEWAY": "acme.Texts"}, "SMS_GATEWAY: it needs SMS_URL"),
        ({"SMS_COUNTRIES": "DE,Austria"}, "SMS_COUNTRIES: there is no country AUSTRIA"),
        ({"SMS_BUDGET": "lots"}, "SMS_BUDGET: it must be a whole number from 0 to 10000000"),
        ({"PUBLIC_URL": "book.example.org"}, "PUBLIC_URL: it must look like https://"),
        ({"PUBLIC_URL": "http://localhost/book"}, "PUBLIC_URL: it must be a scheme and a host"),
        ({"PORT": "http"}, "PORT: it must be a whole number from 0 to 65535"),
        ({"GOOGLE_SIGN_IN": "only-an-id"}, "GOOGLE_SIGN_IN: it must be the client's id and its"),
        ({"API_CALLS_PER_MINUTE": "0"}, "API_CALLS_PER_MINUTE: it must be a whole number from 1"),
        (
            {"OAUTH_SIGNING_KEY": "secret"},
            "OAUTH_SIGNING_KEY: it must be a private RSA key of 2048",
        ),
        ({"TRUSTED_PROXIES": "one"}, "TRUSTED_PROXIES: it must be a whole number from 0 to 9"),
        ({"SIGNUP_OPEN": "maybe"}, "SIGNUP_OPEN: say 1 or 0"),
        ({"WEBHOOK_HOSTS": "https://x"}, "WEBHOOK_HOSTS: it must be host names"),
        ({"WEBHOOK_HOSTS": "a.example, *.b"}, "WEBHOOK_HOSTS: it must be host names"),
        ({"DEBUG": "maybe"}, "DEBUG: say 1 or 0"),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "SECRET_KEY_FILE: the file /nowhere/key cannot"),
        ({"PUBLIC_URL": "https://book.example.org"}, "SECRET_KEY: it is not set"),
        ({"ALLOWED_HOSTS": "localhost,book.example.org"}, "SECRET_KEY: it is not set"),
        (PRODUCTION | {"SECRET_KEY": "short"}, "SECRET_KEY: it is too weak"),
        (PRODUCTION | {"SECRET_KEY": "ab" * 40}, "SECRET_KEY: it is too weak"),
        (PRODUCTION | {"SECRET_KEY": f"django-insecure-{STRONG}"}, "SECRET_KEY: it is the one"),
        (PRODUCTION | {"ALLOWED_HOSTS": "other.example.org"}, "ALLOWED_HOSTS: it does not name"),
        (PRODUCTION | {"ALLOWED_HOSTS": "https://x"}, "ALLOWED_HOSTS: it must be host names"),
        (PRODUCTION | {"DEBUG": "1"}, "DEBUG: it must be off in production"),
        (PRODUCTION | {"WEBHOOK_LOOPBACK": "1"}, "WEBHOOK_LOOPBACK: it must be off in production"),
    ],
)
def test_a_wrong_value_stops_the_start_with_one_sentence(
    load: Load, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        load(**variables)

    said = str(stop.value.code)
    assert said.startswith(sentence)
    assert said.endswith(".")
    assert "\n" not in said


def test_a_refused_start_shows_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"

    done = manage("check", DATA_DIR=str(folder))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"DATA_DIR: the folder {folder} cannot be made.\n"


def test_production_settings_pass_the_deployment_checks(tmp_path: Path) -> None:
    variables = {"DATA_DIR": str(tmp_path), **PRODUCTION}

    done = manage("check", "--deploy", "--fail-level", "INFO", **variables)

    assert done.returncode == 0, done.stderr


def test_on_this_machine_a_key_is_made_once_and_kept(load: Load, tmp_path: Path) -> None:
    first = load().SECRET_KEY

    assert len(first) >= 50
    assert load().SECRET_KEY == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_secret_may_come_from_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{STRONG}\n")

    read = load(PUBLIC_URL=PRODUCTION["PUBLIC_URL"], SECRET_KEY_FILE=str(tmp_path / "key"))

    assert read.SECRET_KEY == STRONG


def test_an_email_url_names_server_sign_in_and_encryption(
    load: Load,
) -> None:
    tls = load(EMAIL_URL="smtps://me%40x.org:p%3Aw@mail.x.org").MAIL
    starttls = load(EMAIL_URL="smtp+tls://mail.x.org:2525").MAIL

    smtp = "portal.smtp.SmtpBackend"
    assert tls == Mail(smtp, "mail.x.org", 465, "me@x.org", "p:w", ssl=True)
    assert starttls == Mail(smtp, "mail.x.org", 2525, starttls=True)


def test_an_sms_url_names_gateway_account_and_sender(load: Load) -> None:
    twilio = load(SMS_URL="twilio://AC1:p%2Fw@Salon%20M?api=http://127.0.0.1:8123").SMS
    own = load(SMS_URL="acme://me:pw@+4930123?zone=eu", SMS_GATEWAY="acme.texts.Gateway")

    assert twilio == Account(
        scheme="twilio",
        user="AC1",
        password="p/w",
        sender="Salon M",
        options={"api": "http://127.0.0.1:8123"},
    )
    assert "p/w" not in repr(twilio)
    assert (own.SMS.scheme, own.SMS.sender, own.SMS.options) == ("acme", "+4930123", {"zone": "eu"})
    assert load().SMS is None


def test_texts_go_to_the_countries_that_are_named(load: Load) -> None:
    assert load(SMS_COUNTRIES="de, AT,").SMS_COUNTRIES == {"DE", "AT"}
    assert load(SMS_COUNTRIES="*").SMS_COUNTRIES is None
    assert load().SMS_COUNTRIES == set()


def test_only_providers_with_keys_may_be_led_to(load: Load) -> None:
    neither, google = load(), load(GOOGLE_SIGN_IN="some-id:a:secret")

    assert neither.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] == ["'self'"]
    assert google.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] == [
        "'self'",
        "https://accounts.google.com",
    ]
    keys = {"client_id": "some-id", "secret": "a:secret"}
    assert google.SOCIALACCOUNT_PROVIDERS["google"]["APPS"] == [keys]
    assert google.SOCIALACCOUNT_PROVIDERS["microsoft"]["APPS"] == []


def test_a_database_url_may_name_a_server_and_its_options(
    load: Load,
) -> None:
    url = "postgresql://me:p%40w@db.x.org:6432/book?sslmode=require"

    entry = load(DATABASE_URL=url, DATABASE_POOL="0").DATABASES["default"]

    assert entry == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "book",
        "USER": "me",
        "PASSWORD": "p@w",
        "HOST": "db.x.org",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
        "CONN_HEALTH_CHECKS": True,
    }


def test_the_host_of_the_public_address_is_the_one_answered_to(
    load: Load,
) -> None:
    assert load(**PRODUCTION).ALLOWED_HOSTS == ["book.example.org"]
    here = load(PUBLIC_URL="http://localhost:8123")
    assert here.ALLOWED_HOSTS == ["localhost", "127.0.0.1", "[::1]"]
    assert not here.PRODUCTION
