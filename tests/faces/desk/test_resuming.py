"""A session that ends in the middle of typing: the text survives the sign-in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bookings.models import Appointment, Business
from tests import make

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def seated(user: User, at: Business, **how: bool) -> Client:
    """Return the browser of somebody who looks at the desk."""
    client = Client(**how)
    client.force_login(user)
    assert client.get(f"/desk/{at.slug}/").status_code == 200
    return client


@pytest.fixture
def late() -> tuple[Client, Appointment, str]:
    """Return a browser that has just sent a move after its session had ended."""
    booking = make.booking()
    ann = make.member(booking.business, "scheduler", email="ann@example.org", password=PASSWORD)
    client = seated(ann, booking.business)
    client.session.flush()
    address = f"/desk/{booking.business.slug}/appointments/{booking.appointment.public_id}/move/"
    typed = {
        "csrfmiddlewaretoken": "stale",
        "day": "2031-03-06",
        "time": "11:00",
        "because": "Ann is ill,\nso later",
        "version": str(booking.appointment.version),
        "my_password": "secret thing",
    }
    answer = client.post(address, typed)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/desk/resume/")
    return client, booking.appointment, address


def sign_in(client: Client) -> str:
    typed = {"login": "ann@example.org", "password": PASSWORD, "next": "/desk/resume/"}
    return client.post("/accounts/login/", typed)["Location"]


def test_what_was_typed_is_shown_after_the_sign_in_and_sent_once(
    late: tuple[Client, Appointment, str],
) -> None:
    client, appointment, address = late

    assert sign_in(client) == "/desk/resume/"
    page = client.get("/desk/resume/")
    shown = page.content.decode()

    assert "so later" in shown
    assert f'action="{address}"' in shown
    assert "secret thing" not in shown
    assert "stale" not in shown
    before = appointment.starts_at
    sent = client.post(address, dict(page.context["unsent"].fields))
    assert sent.status_code == 303
    appointment.refresh_from_db()
    assert appointment.starts_at != before
    assert "Nothing is waiting" in client.get("/desk/resume/").content.decode()


def test_what_was_typed_can_be_thrown_away(late: tuple[Client, Appointment, str]) -> None:
    client, *_ = late
    sign_in(client)

    assert client.post("/desk/resume/")["Location"] == "/desk/"

    assert "so later" not in client.get("/desk/resume/").content.decode()


def test_only_the_browser_that_sent_it_sees_it(late: tuple[Client, Appointment, str]) -> None:
    other = Client()
    sign_in(other)

    assert "so later" not in other.get("/desk/resume/").content.decode()
    assert "so later" not in late[0].get("/desk/resume/", follow=True).content.decode()


def test_it_is_kept_for_two_hours(
    late: tuple[Client, Appointment, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, *_ = late
    sign_in(client)
    monkeypatch.setattr(timezone, "now", lambda: make.NOW + timedelta(hours=2))

    assert "so later" not in client.get("/desk/resume/").content.decode()


def test_after_the_sign_in_the_session_lasts_as_long_as_any(
    late: tuple[Client, Appointment, str],
) -> None:
    client, *_ = late
    assert client.session.get_expiry_age() == 2 * 3600

    sign_in(client)

    assert client.session.get_expiry_age() == 14 * 24 * 3600


def test_whoever_else_signs_in_in_that_browser_neither_sees_nor_sends_it(
    late: tuple[Client, Appointment, str],
) -> None:
    client, appointment, _address = late
    colleague = make.member(appointment.business, "admin")

    client.force_login(colleague)

    assert "so later" not in client.get("/desk/resume/").content.decode()
    assert "unsent" not in client.session


def test_of_a_stranger_nothing_is_kept() -> None:
    client = Client()

    client.post("/desk/anywhere/new/", {"name": "Ann"})

    assert "unsent" not in client.session


def test_more_than_anybody_types_is_not_kept() -> None:
    booking = make.booking()
    client = seated(make.member(booking.business), booking.business)
    client.session.flush()

    client.post(
        "/desk/anywhere/appointments/00000000-0000-0000-0000-000000000000/move/",
        {"x": "y" * 70_000},
    )

    assert "unsent" not in client.session


@pytest.mark.parametrize("header", ["X-Requested-With", "HX-Request"])
def test_a_script_is_told_that_the_session_has_ended(header: str) -> None:
    booking = make.booking()
    address = f"/desk/{booking.business.slug}/appointments/{booking.appointment.public_id}/move/"

    answer = Client().post(address, {"day": "2031-03-06"}, headers={header: "fetch"})

    assert answer.status_code == 401
    assert answer.content.decode() == "Your session has ended. Please sign in again."


def test_a_form_from_before_a_sign_in_in_another_tab_is_not_lost() -> None:
    booking = make.booking()
    scheduler = make.member(booking.business, "scheduler")
    client = seated(scheduler, booking.business, enforce_csrf_checks=True)
    address = f"/desk/{booking.business.slug}/appointments/{booking.appointment.public_id}/move/"
    typed = {"because": "so later", "csrfmiddlewaretoken": "x" * 64}
    client.cookies["csrf-8000"] = "y" * 32

    ours = client.post(address, typed, headers={"Origin": "http://testserver"})
    foreign = client.post(address, {"because": "evil"}, headers={"Origin": "https://evil.example"})

    assert (ours.status_code, ours["Location"]) == (302, "/desk/resume/")
    assert foreign.status_code == 403
    shown = client.get("/desk/resume/").content.decode()
    assert "so later" in shown
    assert "evil" not in shown


def test_a_disabled_user_is_nobody(client: Client) -> None:
    booking = make.booking()
    user = make.member(booking.business, "admin")
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
