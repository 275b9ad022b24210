"""Roles that change, members who leave, and the last admin, who stays."""

from __future__ import annotations

from functools import partial

import pytest

from bookings import commands
from bookings.errors import Invalid, LastAdmin, NotFound, OwnRole
from bookings.models import Business, Event, Membership
from tests import make
from tests.at_once import outcomes_at_once
from tests.make import NOW

BOSS = commands.Actor("staff", "Boss")


def membership(user, business) -> Membership:
    return Membership.objects.get(user=user, business=business)


def demote(member, of: Business, by, role: str = "viewer") -> Membership:
    return commands.change_role(
        membership=membership(member, of), role=role, by=by, now=NOW, actor=BOSS
    )


def remove(member, of: Business, by) -> None:
    commands.remove_member(membership=membership(member, of), by=by, now=NOW, actor=BOSS)


@pytest.mark.django_db
def test_a_role_is_changed_here_and_nowhere_else_and_put_on_record():
    business, elsewhere = make.business(), make.business()
    boss, ann = make.member(business), make.member(business, "viewer")
    Membership.objects.create(user=ann, business=elsewhere, role="viewer", created_at=NOW)

    demote(ann, business, boss, "scheduler")
    demote(ann, business, boss, "scheduler")

    assert membership(ann, business).role == "scheduler"
    assert membership(ann, elsewhere).role == "viewer"
    event = Event.objects.get()
    assert (event.business, event.kind, event.actor) == (
        business,
        "member.role_changed",
        "staff:Boss",
    )
    assert event.data == {
        "member": str(membership(ann, business).public_id),
        "email": ann.email,
        "role": "scheduler",
        "before": "viewer",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["", "owner", "superuser", "ADMIN", "admin\x00"])
def test_what_is_no_role_is_refused(role):
    business = make.business()
    boss, ann = make.member(business), make.member(business, "viewer")

    with pytest.raises(Invalid):
        demote(ann, business, boss, role)

    assert membership(ann, business).role == "viewer"


@pytest.mark.django_db
def test_nobody_changes_or_ends_their_own_role():
    business = make.business()
    boss, _other = make.member(business), make.member(business)

    with pytest.raises(OwnRole):
        demote(boss, business, boss)
    with pytest.raises(OwnRole):
        remove(boss, business, boss)


@pytest.mark.django_db
def test_the_last_admin_who_can_sign_in_keeps_the_role():
    business, elsewhere = make.business(), make.business()
    boss, owner = make.member(business), make.user(is_superuser=True)
    make.member(business, is_active=False)
    make.member(business, "scheduler")
    make.member(elsewhere)

    with pytest.raises(LastAdmin):
        demote(boss, business, owner)
    with pytest.raises(LastAdmin):
        remove(boss, business, owner)

    assert membership(boss, business).role == "admin"


@pytest.mark.django_db
def test_who_leaves_keeps_the_account_and_their_row_in_the_staff_list_becomes_nobodys():
    business = make.business()
    boss, ann = make.member(business), make.member(business, "team_member")
    row = make.staff(business, user=ann)
    booking = make.booking(make.service(business, by=[row]))

    remove(ann, business, boss)

    row.refresh_from_db()
    ann.refresh_from_db()
    assert (row.user, row.is_active, ann.is_active) == (None, True, True)
    assert list(booking.appointment.resources.all()) == [row]
    assert not Membership.objects.filter(user=ann).exists()


@pytest.mark.django_db
def test_who_has_left_meanwhile_is_not_there():
    business = make.business()
    boss, ann = make.member(business), make.member(business, "viewer")
    stale = membership(ann, business)
    remove(ann, business, boss)

    with pytest.raises(NotFound):
        commands.change_role(membership=stale, role="admin", by=boss, now=NOW, actor=BOSS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [demote, remove])
def test_admins_who_take_each_other_the_role_at_the_same_moment_leave_one(act):
    business = make.business()
    admins = [make.member(business) for _ in range(4)]

    outcomes = outcomes_at_once(
        *(partial(act, admins[number], business, admins[number - 1]) for number in range(4))
    )

    assert sorted(outcomes) == ["done", "done", "done", "last_admin"]
    assert Membership.objects.filter(business=business, role="admin").count() == 1
