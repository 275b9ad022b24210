"""Invitations to join, and to take bookings."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.errors import (
    AlreadyAnswered,
    Invalid,
    NotBookable,
    NotFound,
    WrongAccount,
)
from bookings.models import Event, Invitation, Membership, Message
from tests import make
from tests.at_once import at_once, outcomes_at_once
from tests.make import NOW

BOSS = commands.Actor("staff", "Boss")


def invite(business, email="ann@people.example", role="scheduler", **more) -> Invitation:
    return commands.invite(business=business, email=email, role=role, now=NOW, actor=BOSS, **more)


def accept(invitation, user=None) -> Invitation:
    return commands.accept_invitation(invitation=invitation, user=user, now=NOW)


def decline(invitation) -> Invitation:
    return commands.decline_invitation(invitation=invitation, now=NOW)


@pytest.mark.django_db
def test_an_invitation_is_stored_without_its_token_and_a_letter_is_queued():
    business = make.business()

    invitation = invite(business, " Ann@People.example ")

    token = commands.invitation_token(invitation=invitation)
    assert (invitation.email, invitation.role) == ("Ann@People.example", "scheduler")
    assert (invitation.invited_by, invitation.expires_at) == ("Boss", NOW + timedelta(days=14))
    assert len(token) == 43
    assert token not in str(Invitation.objects.values_list())
    message = Message.objects.get()
    assert (message.topic, message.audience) == ("invitation", "staff")
    assert (message.address, message.business) == ("Ann@People.example", business)
    assert not Membership.objects.exists()


@pytest.mark.django_db
def test_inviting_an_address_again_replaces_the_open_invitation_and_sends_anew():
    business, elsewhere = make.business(), make.business()
    first, there = invite(business), invite(elsewhere)

    second = invite(business, "ANN@people.example", "viewer")

    assert set(Invitation.objects.all()) == {there, second}
    assert first.digest != second.digest
    assert Message.objects.filter(business=business).count() == 2
    with pytest.raises(NotFound):
        accept(first, make.user(email="ann@people.example"))


@pytest.mark.django_db
def test_who_is_a_member_cannot_be_invited():
    business = make.business()
    make.member(business, "viewer", email="ann@people.example")

    with pytest.raises(Invalid) as refusal:
        invite(business, "ANN@People.example", "admin")

    assert refusal.value.fields == {"email": "This person is a member already."}
    assert Membership.objects.get().role == "viewer"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "ann"},
        {"email": "a@b.example, c@d.example"},
        {"role": "owner"},
        {"role": ""},
        {"role": "guest"},
    ],
)
def test_what_makes_no_invitation_is_refused(wrong):
    with pytest.raises(Invalid) as refusal:
        invite(make.business(), **wrong)

    assert list(refusal.value.fields) == list(wrong)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_staff_of_another_business_a_room_and_somebody_who_is_linked_are_refused():
    business = make.business()

    for resource in (make.staff(make.business()), make.room(business)):
        with pytest.raises(NotFound):
            invite(business, resource=resource)
    with pytest.raises(Invalid):
        invite(business, resource=make.staff(business, user=make.member(business)))


@pytest.mark.django_db
def test_accepting_adds_a_membership_and_touches_nothing_else_of_an_account():
    business, elsewhere = make.business(), make.business()
    ann = make.member(elsewhere, "viewer", email="ann@people.example", name="Ann")
    ann.set_password("her own")
    ann.save(update_fields=["password"])
    row = make.staff(business)
    before = type(ann).objects.filter(pk=ann.pk).values().get()

    invitation = accept(invite(business, "Ann@people.example", resource=row), ann)

    row.refresh_from_db()
    assert type(ann).objects.filter(pk=ann.pk).values().get() == before
    assert {each.business_id: each.role for each in ann.memberships.all()} == {
        business.pk: "scheduler",
        elsewhere.pk: "viewer",
    }
    assert (row.user, row.acceptance) == (ann, "active")
    assert (invitation.accepted_at, invitation.declined_at) == (NOW, None)


@pytest.mark.django_db
def test_only_the_account_with_the_invited_address_may_accept():
    invitation = invite(make.business(), role="admin")

    for user in (None, make.user(email="anna@people.example")):
        with pytest.raises(WrongAccount):
            accept(invitation, user)

    assert not Membership.objects.exists()


@pytest.mark.django_db
def test_an_older_invitation_never_changes_the_role_of_a_member():
    business = make.business()
    invitation = invite(business, role="admin")
    ann = make.member(business, "viewer", email="ann@people.example")

    accept(invitation, ann)

    assert Membership.objects.get().role == "viewer"


@pytest.mark.django_db
def test_accepting_again_does_not_bring_back_who_was_removed():
    business = make.business()
    boss, ann = make.member(business), make.user(email="ann@people.example")
    invitation = accept(invite(business, resource=make.staff(business)), ann)
    accept(invitation, ann)
    commands.remove_member(
        membership=Membership.objects.get(user=ann), by=boss, now=NOW, actor=BOSS
    )

    with pytest.raises(NotFound):
        accept(invitation, ann)

    assert not Membership.objects.filter(user=ann).exists()


@pytest.mark.django_db(transaction=True)
def test_accepting_twice_at_the_same_moment_makes_one_member():
    business = make.business()
    ann = make.user(email="ann@people.example")
    invitation = invite(business)

    at_once(*[lambda: accept(invitation, ann)] * 6)

    assert Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_inviting_an_address_at_the_same_moment_leaves_one_link():
    business = make.business()

    at_once(*[lambda: invite(business)] * 6)

    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_an_acceptance_at_the_same_moment_agree_on_one_end():
    business = make.business()
    ann = make.user(email="ann@people.example")
    invitation = invite(business)

    def withdraw() -> None:
        commands.withdraw_invitation(invitation=invitation, now=NOW, actor=BOSS)

    outcomes = outcomes_at_once(lambda: accept(invitation, ann), withdraw)

    assert outcomes in (["done", "already_answered"], ["not_found", "done"])
    assert Membership.objects.exists() is (outcomes[0] == "done")


@pytest.mark.django_db
def test_who_declines_does_not_join_and_may_think_again():
    business = make.business()
    ann = make.user(email="ann@people.example")

    invitation = decline(invite(business))
    assert (invitation.declined_at, Membership.objects.count()) == (NOW, 0)

    invitation = accept(invitation, ann)
    assert (invitation.accepted_at, invitation.declined_at) == (NOW, None)
    with pytest.raises(AlreadyAnswered):
        decline(invitation)
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_a_guest_answers_without_an_account_and_is_bookable_once_they_agree():
    business = make.business(staff_must_accept=True)
    row = commands.add_staff(
        business=business,
        person=commands.Person("Mei", "mei@people.example"),
        role="guest",
        now=NOW,
        actor=BOSS,
    )
    service = make.service(business, by=[row])
    invitation = Invitation.objects.get()

    with pytest.raises(NotBookable):
        make.booking(service)
    accept(invitation)
    make.booking(service, starts_at=make.at("10:00"))
    decline(invitation)
    with pytest.raises(NotBookable):
        make.booking(service, starts_at=make.at("11:00"))
    accept(invitation)
    make.booking(service, starts_at=make.at("12:00"))

    assert not Membership.objects.exists()
    row.refresh_from_db()
    assert (row.acceptance, row.user) == ("active", None)


@pytest.mark.django_db
def test_where_staff_need_not_agree_they_are_bookable_at_once_and_nobody_is_asked():
    business = make.business()

    row = commands.add_staff(
        business=business,
        person=commands.Person("Mei", "mei@people.example"),
        role="guest",
        now=NOW,
        actor=BOSS,
    )

    make.booking(make.service(business, by=[row]))
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_somebody_added_with_a_role_is_asked_once_for_both():
    business = make.business(staff_must_accept=True)
    row = commands.add_staff(
        business=business,
        person=commands.Person("Mei", "mei@people.example"),
        role="team_member",
        now=NOW,
        actor=BOSS,
    )
    assert row.acceptance == "pending"
    mei = make.user(email="mei@people.example")

    accept(Invitation.objects.get(), mei)

    row.refresh_from_db()
    assert (row.user, row.acceptance) == (mei, "active")
    assert Membership.objects.get().role == "team_member"
    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_member_who_is_added_to_the_staff_is_linked_and_keeps_their_role():
    business = make.business()
    mei = make.member(business, "viewer", email="mei@people.example")

    row = commands.add_staff(
        business=business,
        person=commands.Person("Mei", "MEI@people.example"),
        role="admin",
        now=NOW,
        actor=BOSS,
    )

    assert (row.user, row.acceptance) == (mei, "active")
    assert Membership.objects.get().role == "viewer"
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_asking_somebody_again_ends_the_older_link():
    business = make.business()
    row = make.staff(business)
    first = commands.ask_staff(resource=row, now=NOW, actor=BOSS)
    accept(first)

    second = commands.ask_staff(resource=row, now=NOW, actor=BOSS)

    row.refresh_from_db()
    assert row.acceptance == "pending"
    assert list(Invitation.objects.all()) == [second]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "field"),
    [
        (commands.Person(" ", "a@b.example"), "name"),
        (commands.Person("x" * 121, "a@b.example"), "name"),
        (commands.Person("Mei", "a@b.example"), "name"),
        (commands.Person("Ann", ""), "email"),
        (commands.Person("Ann", "nobody"), "email"),
    ],
)
def test_staff_need_a_name_of_their_own_and_an_address_to_be_asked_at(person, field):
    business = make.business(staff_must_accept=True)
    make.staff(business, name="Mei")

    with pytest.raises(Invalid) as refusal:
        commands.add_staff(business=business, person=person, role="guest", now=NOW, actor=BOSS)

    assert list(refusal.value.fields) == [field]
    assert business.resources.count() == 1


@pytest.mark.django_db
def test_a_person_of_the_staff_is_one_member_and_a_member_one_person():
    business = make.business()
    ann, bob = make.member(business, "viewer"), make.member(business, "viewer")
    row, other = make.staff(business), make.staff(business, user=bob)

    commands.link_staff(resource=row, user=ann, now=NOW, actor=BOSS)
    with pytest.raises(Invalid):
        commands.link_staff(resource=row, user=bob, now=NOW, actor=BOSS)
    with pytest.raises(NotFound):
        commands.link_staff(resource=row, user=make.user(), now=NOW, actor=BOSS)
    with pytest.raises(NotFound):
        commands.link_staff(resource=make.room(business), user=ann, now=NOW, actor=BOSS)
    commands.link_staff(resource=other, user=None, now=NOW, actor=BOSS)

    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.user, other.user) == (ann, None)
    assert [event.kind for event in Event.objects.all()] == ["staff.linked", "staff.linked"]
