"""Where somebody is signed in, and the end of it: one's own sessions, and a disabled account's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sessions import disable, enable, named
from portal.celery import tidy
from tests.accounts.conftest import PASSWORD, code_in_letter, sign_in, signed_in

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", ""),
    ],
)
def test_a_browser_is_named_as_people_call_it(said: str, name: str) -> None:
    assert named(said) == name


def test_one_session_is_ended_among_several(ada: User) -> None:
    here, there, elsewhere = sign_in(Client()), sign_in(Client()), sign_in(Client())
    assert here.get(SESSIONS).content.decode().count('name="session"') == 3
    named = UserSession.objects.get(session_key=there.session.session_key)

    here.post(SESSIONS, {"session": named.pk})

    assert [signed_in(each) for each in (here, there, elsewhere)] == [True, False, True]


def test_all_sessions_but_this_one_are_ended(ada: User) -> None:
    here, there, elsewhere = sign_in(Client()), sign_in(Client()), sign_in(Client())

    here.post(SESSIONS)

    assert [signed_in(each) for each in (here, there, elsewhere)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(ada: User) -> None:
    User.objects.create_user("eve@example.org", PASSWORD)
    here, eve = sign_in(Client()), sign_in(Client(), "eve@example.org")
    named = UserSession.objects.get(session_key=here.session.session_key)

    eve.post(SESSIONS, {"session": named.pk})

    assert signed_in(here)


def test_a_disabled_account_has_no_session_left_even_when_it_is_enabled_again(ada: User) -> None:
    listed, unlisted = sign_in(Client()), Client()
    unlisted.force_login(ada)

    disable(ada, now=timezone.now())
    assert not signed_in(listed)
    assert not signed_in(unlisted)
    enable(ada, now=timezone.now())

    assert not signed_in(listed)
    assert not signed_in(unlisted)
    assert signed_in(sign_in(Client()))


def test_the_sessions_of_others_go_on_when_an_account_is_disabled(ada: User) -> None:
    User.objects.create_user("eve@example.org", PASSWORD)
    eve = sign_in(Client(), "eve@example.org")

    disable(ada, now=timezone.now())

    assert signed_in(eve)


def test_a_disabled_person_finds_no_way_in(client: Client, ada: User) -> None:
    client.post("/accounts/password/reset/", {"email": ada.email})
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    client.post("/accounts/login/code/", {"email": ada.email})
    code = code_in_letter()
    disable(ada, now=timezone.now())

    client.post("/accounts/login/code/confirm/", {"code": code})
    assert not signed_in(client)
    key = client.get(link[1], follow=True).redirect_chain
    if key:
        client.post(key[-1][0], {"password1": "another horse", "password2": "another horse"})
    assert not signed_in(client)
    assert not signed_in(sign_in(Client()))
    client.post("/accounts/login/code/", {"email": ada.email})
    client.post("/accounts/password/reset/", {"email": ada.email})

    assert [letter.subject for letter in mail.outbox[2:]] == ["No account with this address"] * 2
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_the_admin_switches_an_account_off_and_on(ada: User) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD)
    office, here = sign_in(Client(), "boss@example.org"), sign_in(Client())
    page = f"/admin/accounts/user/{ada.pk}/change/"

    office.post(page, {"email": ada.email, "name": "Ada"})
    assert not signed_in(here)
    office.post(page, {"email": ada.email, "name": "Ada", "is_active": "on"})

    assert not signed_in(here)
    assert signed_in(sign_in(Client()))


def test_the_admin_switches_many_off_but_never_themselves(ada: User) -> None:
    boss = User.objects.create_superuser("boss@example.org", PASSWORD)
    office = sign_in(Client(), "boss@example.org")
    chosen = {"_selected_action": [ada.pk, boss.pk]}

    office.post("/admin/accounts/user/", chosen | {"action": "switch_off"})
    ada.refresh_from_db()
    assert not ada.is_active
    office.post(f"/admin/accounts/user/{boss.pk}/change/", {"email": boss.email, "name": "B"})
    boss.refresh_from_db()
    assert (boss.name, boss.is_active, boss.is_superuser) == ("B", True, True)
    office.post("/admin/accounts/user/", chosen | {"action": "switch_on"})

    ada.refresh_from_db()
    assert ada.is_active


def test_an_address_that_the_admin_changes_signs_in_at_once_and_the_old_one_no_more(
    ada: User,
) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD)
    office = sign_in(Client(), "boss@example.org")

    page = f"/admin/accounts/user/{ada.pk}/change/"
    office.post(page, {"email": "ADA@new.example", "name": "Ada", "is_active": "on"})

    assert signed_in(sign_in(Client(), "ada@new.example"))
    assert not signed_in(sign_in(Client(), "ada@example.org"))
    Client().post("/accounts/password/reset/", {"email": "ada@example.org"})
    assert mail.outbox[-1].subject == "No account with this address"


def test_an_account_that_the_admin_makes_signs_in_at_once() -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD)
    office = sign_in(Client(), "boss@example.org")
    typed = {"email": "New@example.org", "name": "New", "usable_password": "true"}

    office.post("/admin/accounts/user/add/", typed | {"password1": PASSWORD, "password2": PASSWORD})

    assert signed_in(sign_in(Client(), "new@example.org"))


def test_sessions_that_have_expired_are_deleted(ada: User) -> None:
    old, new = sign_in(Client()), sign_in(Client())
    Session.objects.filter(pk=old.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    tidy()

    assert [row.pk for row in Session.objects.all()] == [new.session.session_key]
