"""The People pages: who works here, who may change that, and nobody else."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from bookings import commands
from bookings.models import Business, Event, Invitation, Membership, Message, Resource
from tests import make
from tests.faces.desk.desking import signed_in
from tests.faces.site.visiting import Answer, text
from tests.make import NOW

pytestmark = pytest.mark.django_db

BOSS = commands.Actor("staff", "Boss")


def at_desk(of: Business, path: str = "") -> str:
    return f"/desk/{of.slug}/people/{path}"


def member_of(user: User, business: Business) -> Membership:
    return Membership.objects.get(user=user, business=business)


def told(client: Client, answer: Answer) -> str:
    """Return the page that follows."""
    assert answer.status_code == 303, text(answer)
    return text(client.get(answer["Location"]))


def rows() -> list[object]:
    """Return everything about people that is on record."""
    models = (Membership, Invitation, Resource, Message, Event, User)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_everybody_who_opens_the_desk_sees_who_works_here_and_guests_do_not() -> None:
    business = make.business(zone="Europe/Berlin")
    ann = make.member(business, "team_member", name="Ann Ager", email="ann@people.example")
    make.staff(business, name="Ann at work", user=ann)
    make.staff(business, name="Gus Guest", acceptance="pending")
    make.room(business, name="Quiet room")
    commands.invite(
        business=business, email="new@people.example", role="viewer", now=NOW, actor=BOSS
    )
    stranger = make.member(make.business(), name="Stranger")

    for role in ("admin", "team_member", "scheduler", "viewer"):
        page = text(signed_in(make.member(business, role)).get(at_desk(business)))
        for words in (
            "Ann Ager",
            "ann@people.example",
            "Team member",
            "signs in as ann@people.example",
            "Gus Guest",
            "Has not agreed yet",
            "Quiet room",
            "new@people.example",
            "Answer until 17 March",
        ):
            assert words in page, (role, words)
        assert "Stranger" not in page
        assert ("Invite a member" in page) is (role == "admin")
        assert ("Withdraw" in page) is (role == "admin")
    assert signed_in(make.member(business, "guest")).get(at_desk(business)).status_code == 403
    assert signed_in(stranger).get(at_desk(business)).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_a_constant_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    business = make.business()
    client = signed_in(make.member(business))
    for number in range(many):
        user = make.member(business, "viewer")
        person = make.staff(business, user=user)
        make.room(business)
        commands.invite(
            business=business, email=f"{number}@people.example", role="viewer", now=NOW, actor=BOSS
        )
        commands.ask_staff(resource=person, now=NOW, actor=BOSS)

    with django_assert_num_queries(7):
        client.get(at_desk(business))


def test_an_admin_invites_a_member_and_the_letter_is_queued() -> None:
    business = make.business()
    client = signed_in(make.member(business, name="Bo"))

    assert "Send the invitation" in text(client.get(at_desk(business, "invite/")))
    page = told(
        client,
        client.post(
            at_desk(business, "invite/"), {"email": "ann@people.example", "role": "scheduler"}
        ),
    )

    assert "The invitation is on its way." in page
    assert "ann@people.example" in page
    invitation = Invitation.objects.get()
    assert (invitation.business, invitation.role, invitation.invited_by) == (
        business,
        "scheduler",
        "Bo",
    )
    assert Message.objects.get().address == "ann@people.example"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"email": "", "role": "viewer"}, "Please give your e-mail address."),
        ({"email": "typed by me", "role": "viewer"}, "This does not look like an e-mail address."),
        ({"email": "typed@by.me", "role": ""}, "Choose one of the roles."),
        ({"email": "typed@by.me", "role": "owner"}, "Choose one of the roles."),
        ({"email": "typed@by.me", "role": "guest"}, "A guest has no account"),
        ({"email": "here@people.example", "role": "admin"}, "This person is a member already."),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(
    sent: dict[str, str], sentence: str
) -> None:
    business = make.business()
    make.member(business, "viewer", email="here@people.example")
    client = signed_in(make.member(business))
    before = rows()

    page = client.post(at_desk(business, "invite/"), sent)

    assert page.status_code == 422
    assert sentence in text(page)
    assert f'value="{sent["email"]}"' in text(page) or not sent["email"]
    assert rows() == before


def test_an_invitation_is_sent_again_and_withdrawn() -> None:
    business = make.business()
    client = signed_in(make.member(business))
    first = commands.invite(
        business=business, email="ann@people.example", role="viewer", now=NOW, actor=BOSS
    )

    again = at_desk(business, f"invitations/{first.public_id}/resend/")
    assert "the older link no longer works" in told(client, client.post(again))
    second = Invitation.objects.get()
    assert second != first
    gone = at_desk(business, f"invitations/{second.public_id}/withdraw/")
    assert "The invitation is withdrawn" in told(client, client.post(gone))

    assert not Invitation.objects.exists()
    assert client.post(again).status_code == 404
    assert client.post(gone).status_code == 404


def test_a_role_is_changed_and_a_membership_ended() -> None:
    business = make.business()
    client = signed_in(make.member(business))
    ann = make.member(business, "viewer", name="Ann")
    page = at_desk(business, f"members/{member_of(ann, business).public_id}/")

    assert re.search(r'value="viewer"[^>]* checked', client.get(page).content.decode())
    assert "The role is changed." in told(client, client.post(page, {"role": "scheduler"}))
    assert member_of(ann, business).role == "scheduler"
    assert "They no longer work here." in told(client, client.post(f"{page}remove/"))

    assert list(ann.memberships.all()) == []
    assert signed_in(ann).get(f"/desk/{business.slug}/people/").status_code == 404


def test_ones_own_role_and_that_of_the_last_admin_are_refused_in_words() -> None:
    business = make.business()
    boss, owner = make.member(business), make.user(is_superuser=True)
    page = at_desk(business, f"members/{member_of(boss, business).public_id}/")

    own = signed_in(boss).post(page, {"role": "viewer"})
    assert own.status_code == 422
    assert "Nobody changes their own role." in text(own)
    last = signed_in(owner).post(page, {"role": "viewer"})
    assert last.status_code == 422
    assert "A business keeps at least one admin." in text(last)
    client = signed_in(owner)
    assert "A business keeps at least one admin." in told(client, client.post(f"{page}remove/"))
    assert member_of(boss, business).role == "admin"


def test_staff_are_added_changed_linked_and_asked() -> None:
    business = make.business()
    client = signed_in(make.member(business))
    ann = make.member(business, "team_member", name="Ann")

    page = told(
        client,
        client.post(
            at_desk(business, "staff/new/"),
            {"name": "Mei Lin", "email": "mei@people.example", "role": "guest"},
        ),
    )
    assert "Mei Lin" in page
    mei = Resource.objects.get()
    assert (mei.business, mei.user, mei.acceptance) == (business, None, "active")
    address = at_desk(business, f"staff/{mei.public_id}/")
    sent = {"name": "Mei L.", "email": "mei@people.example"}
    told(client, client.post(address, sent))
    mei.refresh_from_db()
    assert (mei.name, mei.is_active, mei.is_notified) == ("Mei L.", False, False)
    told(client, client.post(address, {**sent, "is_active": "on", "is_notified": "on"}))

    who = {"member": str(member_of(ann, business).public_id)}
    told(client, client.post(f"{address}link/", who))
    mei.refresh_from_db()
    assert (mei.user, mei.is_active, mei.is_notified) == (ann, True, True)
    assert "selected" in client.get(address).content.decode()
    told(client, client.post(f"{address}link/", {"member": ""}))
    assert "The letter is on its way." in told(client, client.post(f"{address}ask/"))
    mei.refresh_from_db()
    assert (mei.user, mei.acceptance) == (None, "pending")


def test_somebody_of_the_staff_is_invited_to_an_account_of_their_own() -> None:
    business = make.business()
    client = signed_in(make.member(business))
    mei, stranger = make.staff(business, name="Mei Lin"), make.staff(make.business())
    address = at_desk(business, "invite/")

    page = text(client.get(address, {"staff": str(mei.public_id)}))
    assert "Whoever accepts is Mei Lin in the staff list." in page
    assert f'value="{mei.email}"' in page
    sent = {"email": mei.email, "role": "team_member", "staff": str(mei.public_id)}
    told(client, client.post(address, sent))
    assert Invitation.objects.get().resource == mei
    for named in (str(stranger.public_id), "x"):
        assert client.get(address, {"staff": named}).status_code == 404
        assert client.post(address, {**sent, "staff": named}).status_code == 404


def test_what_cannot_be_said_of_staff_is_refused_in_words() -> None:
    business = make.business(staff_must_accept=True)
    client = signed_in(make.member(business))
    mei, quiet = make.staff(business, name="Mei"), make.staff(business, name="Quiet", email="")

    taken = client.post(
        at_desk(business, "staff/new/"), {"name": "Mei", "email": "kept", "role": "guest"}
    )
    assert taken.status_code == 422
    assert "There is one of this name already." in text(taken)
    assert "does not look like an e-mail" in text(taken)
    assert 'value="kept"' in text(taken)
    other = client.post(at_desk(business, f"staff/{mei.public_id}/"), {"name": "Quiet"})
    assert other.status_code == 422
    asked = client.post(at_desk(business, f"staff/{quiet.public_id}/ask/"))
    assert "Please give your e-mail address." in told(client, asked)
    quiet.refresh_from_db()
    assert quiet.acceptance == "active"


def test_other_fields_of_a_form_change_nothing() -> None:
    business, elsewhere = make.business(), make.business()
    client = signed_in(make.member(business))
    mei = make.staff(business, name="Mei", acceptance="rejected")
    smuggled = {
        "business": elsewhere.pk,
        "business_id": elsewhere.pk,
        "user": make.user().pk,
        "acceptance": "active",
        "kind": "room",
        "is_superuser": "1",
        "expires_at": "2999-01-01",
        "accepted_at": "2031-01-01",
    }

    told(
        client,
        client.post(
            at_desk(business, f"staff/{mei.public_id}/"),
            {"name": "Mei", "email": mei.email, "is_active": "on", "is_notified": "on", **smuggled},
        ),
    )
    told(
        client,
        client.post(
            at_desk(business, "invite/"), {"email": "a@b.example", "role": "viewer", **smuggled}
        ),
    )

    mei.refresh_from_db()
    assert (mei.business, mei.user, mei.acceptance, mei.kind) == (
        business,
        None,
        "rejected",
        "staff",
    )
    invitation = Invitation.objects.get()
    assert (invitation.business, invitation.accepted_at) == (business, None)
    assert invitation.expires_at.year == 2031


class Everything:
    """Every way to change something about people, in one business."""

    def __init__(self, business: Business, names: Business) -> None:
        """Address `business`; the ids are those of rows of `names`."""
        ann = make.member(names, "viewer")
        invitation = commands.invite(
            business=names, email="ann@people.example", role="viewer", now=NOW, actor=BOSS
        )
        person = make.staff(names)
        member, mei = member_of(ann, names).public_id, person.public_id
        self.named = [
            (at_desk(business, f"members/{member}/"), {"role": "admin"}),
            (at_desk(business, f"members/{member}/remove/"), {}),
            (at_desk(business, f"invitations/{invitation.public_id}/resend/"), {}),
            (at_desk(business, f"invitations/{invitation.public_id}/withdraw/"), {}),
            (at_desk(business, f"staff/{mei}/"), {"name": "Taken over"}),
            (at_desk(business, f"staff/{mei}/link/"), {"member": ""}),
            (at_desk(business, f"staff/{mei}/ask/"), {}),
        ]
        self.new = [
            (at_desk(business, "invite/"), {"email": "me@people.example", "role": "admin"}),
            (at_desk(business, "staff/new/"), {"name": "Me", "role": "admin", "email": "a@b.ex"}),
        ]


@pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer", "guest"])
def test_whoever_is_no_admin_changes_nothing(role: str) -> None:
    business = make.business()
    user = make.member(business, role)
    every = Everything(business, business)
    own = at_desk(business, f"members/{member_of(user, business).public_id}/")
    client, before = signed_in(user), rows()

    for address, sent in [*every.named, *every.new, (own, {"role": "admin"})]:
        assert client.post(address, sent).status_code == 403, address

    assert [*rows()[:-1]] == [*before[:-1]]


def test_an_admin_of_another_business_reaches_nothing_here() -> None:
    business, elsewhere = make.business(), make.business()
    every = Everything(business, business)
    client, before = signed_in(make.member(elsewhere)), rows()[:-1]

    for address, sent in [*every.named, *every.new]:
        assert client.post(address, sent).status_code == 404, address

    assert rows()[:-1] == before


def test_ids_of_another_business_are_not_there() -> None:
    business, elsewhere = make.business(), make.business()
    client = signed_in(make.member(business))
    every = Everything(business, elsewhere)
    stranger = Membership.objects.get(business=elsewhere)
    mine = make.staff(business)
    link = at_desk(business, f"staff/{mine.public_id}/link/")
    before = rows()[:-1]

    for address, sent in [
        *every.named,
        (link, {"member": str(stranger.public_id)}),
        (link, {"member": str(uuid.uuid4())}),
        (link, {"member": "1"}),
    ]:
        assert client.post(address, sent).status_code == 404, address

    assert rows()[:-1] == before


def test_whoever_is_not_signed_in_is_asked_to() -> None:
    business = make.business()
    every = Everything(business, business)

    for address, sent in [(at_desk(business), {}), *every.named, *every.new]:
        assert Client().post(address, sent).status_code in (302, 303, 405), address
        assert not Event.objects.exclude(kind="invitation.sent").exists()


def test_days_are_those_of_the_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    business = make.business(zone="Europe/Berlin")
    boss = make.member(business, "admin")
    late = datetime(2031, 3, 2, 23, 30, tzinfo=UTC)
    Membership.objects.update(created_at=late)
    commands.invite(
        business=business, email="new@people.example", role="viewer", now=late, actor=BOSS
    )

    page = text(signed_in(boss).get(at_desk(business)))

    assert "since 3 March 2031" in page
    assert "Answer until 17 March" in page
