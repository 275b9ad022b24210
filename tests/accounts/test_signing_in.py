"""Signing in: by password, by an e-mailed code, after a forgotten password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, code_in_letter, signed_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def test_the_desk_leads_to_the_sign_in_and_back(client: Client, ada: User) -> None:
    asked = client.get("/desk/")
    assert (asked.status_code, asked["Location"]) == (302, f"{LOGIN}?next=/desk/")

    done = client.post(
        asked["Location"], {"login": "ADA@example.org", "password": PASSWORD, "next": "/desk/"}
    )

    assert (done.status_code, done["Location"]) == (302, "/desk/")
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, ada: User) -> None:
    wrong = client.post(LOGIN, {"login": "ada@example.org", "password": "wrong"}).content.decode()
    unknown = client.post(LOGIN, {"login": "eve@example.org", "password": "wrong"}).content.decode()

    sentence = "do not belong together"
    assert sentence in wrong
    assert sentence in unknown
    assert not signed_in(client)


def test_the_admin_has_no_sign_in_of_its_own(client: Client) -> None:
    User.objects.create_superuser("boss@example.org", PASSWORD)

    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/"
    done = client.post(
        asked.redirect_chain[-1][0],
        {"login": "boss@example.org", "password": PASSWORD, "next": "/admin/"},
    )

    assert done["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_by_e_mail_signs_in(client: Client, ada: User) -> None:
    client.post("/accounts/login/code/", {"email": "ada@example.org"})
    assert mail.outbox[0].to == ["ada@example.org"]
    code = code_in_letter()

    done = client.post("/accounts/login/code/confirm/", {"code": code})

    assert done.status_code == 302
    assert signed_in(client)


def test_a_forgotten_password_is_replaced_by_a_link(client: Client, ada: User) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    link = re.search(
        r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body)
    )
    assert link
    page = client.get(link[1], follow=True)
    client.post(
        page.redirect_chain[-1][0],
        {"password1": "new horse battery", "password2": "new horse battery"},
    )

    ada.refresh_from_db()
    assert ada.check_password("new horse battery")
    again = Client().get(link[1])
    assert "Bad" in again.content.decode() or again.status_code == 200


def test_a_code_leads_where_one_was_going(client: Client, ada: User) -> None:
    asked = client.get("/accounts/login/?next=/desk/resume/").content.decode()
    link = re.search(r'href="(/accounts/login/code/[^"]+)"', asked)
    assert link
    page = client.get(link[1])
    assert 'name="next" value="/desk/resume/"' in page.content.decode()
    sent = client.post(link[1], {"email": ada.email, "next": "/desk/resume/"})

    done = client.post(sent["Location"], {"code": code_in_letter(), "next": "/desk/resume/"})

    assert done["Location"] == "/desk/resume/"


def test_who_is_signed_in_but_no_admin_is_told_so(client: Client, ada: User) -> None:
    client.force_login(ada)

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403
    assert "This is not for you to see" in answer.content.decode()
    assert 'href="/desk/"' in answer.content.decode()


def test_the_admin_leads_to_the_one_page_where_a_password_is_changed(client: Client) -> None:
    client.force_login(User.objects.create_superuser("boss@example.org", PASSWORD))

    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
