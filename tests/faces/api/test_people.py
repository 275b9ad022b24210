"""Members and invitations through the API: read, invited, given roles, removed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import Role
from accounts.scopes import Scope
from bookings import commands
from bookings.models import Event, Invitation, Membership, Message
from tests import make
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same
from tests.make import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BOSS = commands.Actor("staff", "Boss")


def invited(business, email="ann@people.example", role="viewer", **fields) -> Invitation:
    return commands.invite(business=business, email=email, role=role, now=NOW, actor=BOSS, **fields)


def one_member(business, role="viewer", **fields) -> Membership:
    return Membership.objects.get(user=make.member(business, role, **fields))


def results(answer):
    assert answer.status_code == 200, answer.json()
    return answer.json()["results"]


def test_members_are_listed_by_name_with_who_they_are_among_the_staff(program, business):
    ann = make.member(business, "team_member", name="Ann", email="ann@people.example")
    person = make.staff(business, name="Ann L.", user=ann)
    make.staff(make.business(), user=ann)
    make.member(make.business())
    shown = results(program.get("memberships/"))

    assert [each["name"] for each in shown] == ["Ann", program.user.name]
    membership = Membership.objects.get(user=ann)
    assert shown[0] == {
        "id": str(membership.public_id),
        "name": "Ann",
        "email": "ann@people.example",
        "role": "team_member",
        "is_active": True,
        "staff": {"id": str(person.public_id), "name": "Ann L."},
        "created_at": "2031-03-03T07:00:00Z",
    }
    assert program.get(f"memberships/{membership.public_id}/").json() == shown[0]
    assert results(program.get("memberships/?role=team_member")) == shown[:1]
    assert len(results(program.get("memberships/?order=-created_at&fields=id"))) == 2


def test_a_list_of_thirty_members_costs_what_a_list_of_one_does(business):
    root = Program(make.user(is_superuser=True), business)

    assert costs_the_same(
        root, "memberships/", lambda: make.staff(business, user=make.member(business))
    )


def test_a_list_of_thirty_invitations_costs_what_a_list_of_one_does(program, business):
    def grow():
        person = make.staff(business)
        invited(business, person.email, resource=person)

    assert costs_the_same(program, "invitations/", grow)


def test_another_role_is_given_from_now_on(program, business):
    ann = one_member(business)
    path = f"memberships/{ann.public_id}/"
    seen = program.get(path)["ETag"]
    answer = program.call("PATCH", path, {"role": "scheduler"}, If_Match=seen)
    late = program.call("PATCH", path, {"role": "viewer"}, If_Match=seen)

    assert (answer.status_code, answer.json()["role"]) == (200, "scheduler")
    assert answer.json() == program.get(path).json()
    assert late.status_code == 412
    assert Event.objects.get(kind="member.role_changed").actor.startswith("program:Sync")


def test_a_member_is_removed_and_the_account_stays(program, business):
    ann = one_member(business)
    path = f"memberships/{ann.public_id}/"
    answer = program.call("DELETE", path)

    assert (answer.status_code, answer.content) == (204, b"")
    assert program.get(path).status_code == 404
    ann.user.refresh_from_db()
    assert ann.user.is_active


def test_nobody_changes_their_own_role_and_one_admin_stays(program, business):
    own = Membership.objects.get(user=program.user)
    path = f"memberships/{own.public_id}/"
    root = Program(make.user(is_superuser=True), business)

    for answer in (program.call("PATCH", path, {"role": "viewer"}), program.call("DELETE", path)):
        assert (answer.status_code, answer.json()["code"]) == (422, "own_role")
    for answer in (root.call("PATCH", path, {"role": "viewer"}), root.call("DELETE", path)):
        assert (answer.status_code, answer.json()["code"]) == (422, "last_admin")


@pytest.mark.parametrize("sent", [{}, {"role": "king"}, {"role": 1}, {"role": "viewer", "a": 1}])
def test_a_role_that_there_is_not_is_refused(program, business, sent):
    ann = one_member(business)

    assert program.call("PATCH", f"memberships/{ann.public_id}/", sent).status_code == 400


def test_somebody_is_invited_by_letter(program, business):
    person = make.staff(business, name="Ann")
    sent = {"email": "ann@people.example", "role": "team_member", "staff": str(person.public_id)}
    answer = program.post("invitations/", sent, Idempotency_Key="k1")
    again = program.post("invitations/", sent, Idempotency_Key="k1")

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["state"], shown["expires_at"]) == ("open", "2031-03-17T07:00:00Z")
    assert shown["staff"] == {"id": str(person.public_id), "name": "Ann"}
    assert program.get(answer["Location"].removeprefix("http://localhost:8000")).json() == shown
    assert again.content == answer.content
    assert Message.objects.get(topic="invitation").address == "ann@people.example"


@pytest.mark.parametrize(
    ("sent", "status", "pointer"),
    [
        ({"role": "viewer"}, 400, "/email"),
        ({"email": "a@b.example", "role": "king"}, 400, "/role"),
        ({"email": "nobody", "role": "viewer"}, 422, "/email"),
        ({"email": "a@b.example", "role": "guest"}, 422, "/role"),
        ({"email": "known@people.example", "role": "viewer"}, 422, "/email"),
    ],
)
def test_a_wrong_invitation_is_refused(program, business, sent, status, pointer):
    make.member(business, email="known@people.example")
    answer = program.post("invitations/", sent)

    assert answer.status_code == status
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert not Invitation.objects.exists()


def test_somebody_who_has_an_account_is_not_linked_again(program, business):
    person = make.staff(business, user=make.member(business))
    sent = {"email": "a@b.example", "role": "viewer", "staff": str(person.public_id)}
    answer = program.post("invitations/", sent)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/staff")


def test_staff_of_another_business_are_not_there(program):
    person = make.staff(make.business())
    sent = {"email": "a@b.example", "role": "viewer", "staff": str(person.public_id)}

    assert program.post("invitations/", sent).status_code == 404


def test_invitations_are_told_apart_by_what_has_become_of_them(program, business, clock):
    yes, no = invited(business, "yes@b.example"), invited(business, "no@b.example")
    late = invited(business, "late@b.example")
    user = make.user(email="yes@b.example")
    commands.accept_invitation(invitation=yes, user=user, now=NOW)
    commands.decline_invitation(invitation=no, now=NOW)
    clock.now = late.expires_at
    fresh = commands.invite(
        business=business, email="fresh@b.example", role="viewer", now=clock.now, actor=BOSS
    )

    for state, row in {"accepted": yes, "declined": no, "expired": late, "open": fresh}.items():
        (shown,) = results(program.get(f"invitations/?state={state}"))
        assert (shown["id"], shown["state"]) == (str(row.public_id), state)
    everyone = [each["email"] for each in results(program.get("invitations/?order=created_at"))]
    assert everyone == ["yes@b.example", "no@b.example", "late@b.example", "fresh@b.example"]


def test_an_invitation_is_sent_anew_and_the_older_one_ends(program, business, clock):
    old = invited(business)
    clock.now += timedelta(days=15)
    answer = program.post(f"invitations/{old.public_id}/resend/")

    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    assert answer.json()["id"] != str(old.public_id)
    assert program.get(f"invitations/{old.public_id}/").status_code == 404
    assert answer["Location"].endswith(f"/invitations/{answer.json()['id']}/")


def test_an_invitation_is_withdrawn_until_it_is_accepted(program, business):
    one, other = invited(business, "a@b.example"), invited(business, "b@b.example")
    seen = program.get(f"invitations/{other.public_id}/")["ETag"]
    user = make.user(email="b@b.example")
    commands.accept_invitation(invitation=other, user=user, now=NOW)
    late = program.call("DELETE", f"invitations/{other.public_id}/", If_Match=seen)
    answered = program.call("DELETE", f"invitations/{other.public_id}/")

    assert program.call("DELETE", f"invitations/{one.public_id}/").status_code == 204
    assert program.get(f"invitations/{one.public_id}/").status_code == 404
    assert late.status_code == 412
    assert (answered.status_code, answered.json()["code"]) == (422, "already_answered")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "memberships/{member}/", {"role": "viewer"}),
        ("DELETE", "memberships/{member}/", None),
        ("POST", "invitations/", {"email": "x@b.example", "role": "viewer"}),
        ("POST", "invitations/{invitation}/resend/", None),
        ("DELETE", "invitations/{invitation}/", None),
    ],
)
def test_only_admins_decide_who_works_here(business, method, path, body):
    member, invitation = one_member(business), invited(business)
    path = path.format(member=member.public_id, invitation=invitation.public_id)
    others = [Program(make.member(business, role), business) for role in Role if role != "admin"]
    reader = Program(make.member(business), business, (Scope.MEMBERS_READ,))

    assert {each.call(method, path, body).status_code for each in others} == {403}
    assert reader.call(method, path, body).json()["scope"] == "members:write"


@pytest.mark.parametrize(("role", "status"), [("viewer", 200), ("guest", 403)])
def test_whoever_sees_the_desk_sees_who_works_there(business, role, status):
    program = Program(make.member(business, role), business)

    assert program.get("memberships/").status_code == status
    assert program.get("invitations/").status_code == status
