"""The page behind an invitation's link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bookings import commands
from bookings.models import Business, Event, Invitation, Membership
from tests import make
from tests.faces.desk.test_people import rows, signed_in
from tests.faces.site.visiting import Answer, text
from tests.make import NOW

pytestmark = pytest.mark.django_db

ANN = "ann@people.example"
BOSS = commands.Actor("staff", "Bo Berg")


def invited(business: Business, role: str = "scheduler", **more: object) -> str:
    """Return the path of the link in the letter."""
    invitation = commands.invite(
        business=business, email=ANN, role=role, now=NOW, actor=BOSS, **more
    )
    return f"/desk/invitation/{commands.invitation_token(invitation=invitation)}/"


def answer(client: Client, link: str, what: str) -> Answer:
    return client.post(link, {"answer": what})


def test_the_page_says_who_invites_to_what_as_what_and_opening_it_changes_nothing() -> None:
    link = invited(make.business(name="Salon Möwe"), resource=None)
    before = rows()

    answered = Client().get(link)

    for words in ("Join Salon Möwe", "Bo Berg", ANN, "Scheduler", "Create an account", "Decline"):
        assert words in text(answered), words
    assert rows() == before
    assert "no-store" in answered["Cache-Control"]
    assert answered["X-Robots-Tag"] == "noindex, nofollow"


def test_links_that_are_wrong_withdrawn_replaced_or_old_are_the_same_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    business = make.business()
    replaced = invited(business)
    withdrawn = invited(business)
    commands.withdraw_invitation(invitation=Invitation.objects.get(), now=NOW, actor=BOSS)
    expired = invited(business)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=14))

    answers = [
        call(link)
        for link in (replaced, withdrawn, expired, f"/desk/invitation/{'x' * 43}/")
        for call in (Client().get, Client().post)
    ]

    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert not Membership.objects.exists()


def test_whoever_has_an_account_signs_in_and_accepts() -> None:
    business = make.business()
    ann, link = make.user(email="Ann@people.example"), invited(business)

    page = text(Client().get(link))
    assert "Sign in to accept" in page
    assert f"?next={link.replace('/', '%2F')}" in page
    assert "Create an account" not in page
    client = signed_in(ann)
    assert "Accept" in text(client.get(link))
    assert answer(client, link, "accept")["Location"] == link

    assert "You have joined" in text(client.get(link))
    assert Membership.objects.get(user=ann).role == "scheduler"
    assert client.get(f"/desk/{business.slug}/people/").status_code == 200


def test_whoever_has_no_account_makes_one_with_the_invited_address_and_comes_back() -> None:
    business = make.business()
    link, client = invited(business), Client()

    away = answer(client, link, "join")
    assert away.status_code == 303
    assert f"next={link.replace('/', '%2F')}" in away["Location"]
    assert ANN in text(client.get(away["Location"]))
    made = client.post(
        away["Location"],
        {
            "email": ANN,
            "name": "Ann",
            "password1": "a long and winding road",
            "password2": "a long and winding road",
            "next": link,
        },
    )
    assert (made.status_code, made["Location"]) == (302, link)

    assert not Membership.objects.exists(), "an account alone is no answer"
    assert answer(client, link, "accept").status_code == 303
    member = Membership.objects.get()
    assert (member.user.email, member.business, member.role) == (ANN, business, "scheduler")


def test_another_account_neither_accepts_nor_declines() -> None:
    link = invited(make.business(), role="admin")
    client, before = signed_in(make.user(email="bob@people.example")), rows()[:-1]

    page = text(client.get(link))
    assert f"You are signed in as bob@people.example, but this invitation is for {ANN}." in page
    assert 'action="/accounts/logout/"' in page
    assert f'name="next" value="{link}"' in page
    for what in ("accept", "decline", "join"):
        refused = answer(client, link, what)
        assert refused.status_code == 422
        assert f"This invitation is for {ANN}." in text(refused)

    assert rows()[:-1] == before


def test_nobody_accepts_without_signing_in_but_the_holder_of_the_link_may_decline() -> None:
    link, client = invited(make.business()), Client()

    assert answer(client, link, "accept").status_code == 422
    assert not Membership.objects.exists()
    assert answer(client, link, "decline").status_code == 303

    assert "You have declined." in text(client.get(link))
    assert Invitation.objects.get().declined_at == NOW


def test_what_is_no_answer_is_none() -> None:
    link = invited(make.business())
    before = rows()

    assert answer(signed_in(make.user(email=ANN)), link, "promote").status_code == 303

    assert rows()[:5] == before[:5]


def test_a_posted_role_is_not_the_role() -> None:
    link, ann = invited(make.business(), role="viewer"), make.user(email=ANN)

    signed_in(ann).post(link, {"answer": "accept", "role": "admin", "email": "x@y.example"})

    assert Membership.objects.get(user=ann).role == "viewer"


def test_a_guest_answers_on_the_page_alone_and_may_think_again_any_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    business = make.business(staff_must_accept=True)
    person = make.staff(business, name="Mei", acceptance="pending")
    link, client = invited(business, role="guest", resource=person), Client()

    def acceptance() -> str:
        person.refresh_from_db()
        return str(person.acceptance)

    page = text(client.get(link))
    assert "Take bookings at" in page
    assert "If you decline, nobody can book you here." in page
    assert "account" not in page
    answer(client, link, "accept")
    assert acceptance() == "active"
    assert "You take bookings." in text(client.get(link))
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=300))
    answer(client, link, "decline")
    assert acceptance() == "rejected"
    assert "You take no bookings" in text(client.get(link))
    answer(client, link, "accept")
    assert acceptance() == "active"

    assert User.objects.count() == 0
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "invitation.sent",
        "invitation.accepted",
        "invitation.declined",
        "invitation.accepted",
    ]


def test_a_member_who_agreed_may_stop_taking_bookings_and_stays_a_member() -> None:
    business = make.business(staff_must_accept=True)
    person, ann = make.staff(business, acceptance="pending"), make.user(email=ANN)
    link, client = invited(business, role="team_member", resource=person), signed_in(ann)

    answer(client, link, "accept")
    assert "You have joined" in text(client.get(link))
    answer(client, link, "decline")

    person.refresh_from_db()
    assert (person.acceptance, person.user) == ("rejected", ann)
    assert Membership.objects.get().user == ann
    assert "Take bookings" in text(client.get(link))


def test_two_invitations_lead_to_two_businesses() -> None:
    one, two = make.business(), make.business()
    links, client = [invited(one), invited(two, role="viewer")], signed_in(make.user(email=ANN))

    for link in links:
        answer(client, link, "accept")

    assert {each.business: each.role for each in Membership.objects.all()} == {
        one: "scheduler",
        two: "viewer",
    }


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(method: str) -> None:
    link = invited(make.business())

    assert getattr(Client(), method)(link).status_code == 405
