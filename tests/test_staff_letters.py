"""Letters to those who work for a business: invitations, and time off entered for them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import User
from bookings import commands
from bookings.models import Business, Invitation, Message, Resource, TimeOff
from bookings.tasks import deliver
from tests import make

pytestmark = pytest.mark.django_db

BOSS = commands.Actor("staff", "Bo Berg")


@pytest.fixture
def now() -> datetime:
    """Return the present: delivery reads the real clock."""
    return make.today()


def invite(business: Business, now: datetime, role: str = "scheduler", **more) -> Invitation:
    return commands.invite(
        business=business, email="ann@people.example", role=role, now=now, actor=BOSS, **more
    )


def sent() -> EmailMultiAlternatives:
    deliver()
    [letter] = mail.outbox
    mail.outbox.clear()
    return letter


def html_of(letter: EmailMultiAlternatives) -> str:
    [alternative] = [each for each in letter.alternatives if each.mimetype == "text/html"]
    return " ".join(str(alternative.content).split())


def test_an_invitation_says_who_invites_to_what_as_what_and_until_when(now):
    business = make.business(name="Salon Möwe", zone="Europe/Berlin")
    invitation = invite(business, now)
    token = commands.invitation_token(invitation=invitation)

    letter = sent()

    assert letter.to == ["ann@people.example"]
    assert letter.subject == "Invitation to join Salon Möwe"
    assert "Bo Berg invites you to join Salon Möwe." in letter.body
    assert "Role: scheduler" in letter.body
    assert "Invited by: Bo Berg" in letter.body
    assert re.search(r"Answer until: \w+day \d+ \w+ \d{4}\n", letter.body)
    assert re.findall(r"https?://\S+/desk/invitation/\S+", letter.body) == [
        f"http://localhost:8000/desk/invitation/{token}/"
    ]
    page = html_of(letter)
    assert f'href="http://localhost:8000/desk/invitation/{token}/"' in page
    assert "<h1" in page
    assert "You are invited" in page
    assert 'lang="en"' in page


def test_a_guest_is_asked_whether_they_take_bookings(now):
    business = make.business(name="Salon", staff_must_accept=True)
    person = make.staff(business, name="Mei Lin", email="mei@people.example")
    commands.welcome_staff(resource=person, now=now, actor=BOSS)

    letter = sent()

    assert letter.subject == "Salon: will you take bookings?"
    assert "Hello Mei Lin," in letter.body
    assert "In the staff list as: Mei Lin" in letter.body
    assert "Role:" not in letter.body


@pytest.mark.parametrize("end", ["withdrawn", "declined", "replaced"])
def test_the_letter_of_an_invitation_that_is_over_is_not_sent(now, end):
    business = make.business()
    invitation = invite(business, now)
    if end == "withdrawn":
        commands.withdraw_invitation(invitation=invitation, now=now, actor=BOSS)
    elif end == "declined":
        commands.decline_invitation(invitation=invitation, now=now)
    else:
        invite(business, now)

    deliver()

    assert len(mail.outbox) == (1 if end == "replaced" else 0)
    assert Message.objects.order_by("pk")[0].state == "dropped"


def test_hostile_names_forge_no_header_and_no_markup(now):
    business = make.business(name="Salon\r\nBcc: all@example.org <script>")
    commands.invite(
        business=business,
        email="ann@people.example",
        role="viewer",
        now=now,
        actor=commands.Actor("staff", "<b>Bo</b>\r\nBcc: x@y.example {{ token }}"),
    )

    letter = sent()

    assert "\n" not in letter.subject
    assert letter.recipients() == ["ann@people.example"]
    assert "<script>" not in html_of(letter)
    assert "<b>Bo" not in html_of(letter)


def absence(business: Business, people: list[Resource], by: User, now: datetime) -> None:
    day = (now + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)
    commands.take_time_off(
        business=business,
        resources=people,
        starts_at=day,
        ends_at=day + timedelta(days=2),
        title="Training",
        now=now,
        actor=BOSS,
        by=by,
    )


def test_time_off_that_somebody_else_enters_is_told(now):
    business = make.business()
    boss, ann = make.member(business), make.member(business, "team_member")
    person = make.staff(business, user=ann, email=ann.email, name="Ann")
    quiet = make.staff(business, is_notified=False)

    absence(business, [person, quiet], boss, now)

    letter = sent()
    assert letter.to == [ann.email]
    assert re.fullmatch(r"Time off for you: \w{3} \d+ \w{3} \d{4}", letter.subject)
    assert "Bo Berg has entered time off for you." in letter.body
    assert "Title: Training" in letter.body
    assert re.search(r"When: \w+day \d+ \w+ \d{4} – \w+day \d+ \w+ \d{4} \(UTC\)", letter.body)
    assert "Your time off" not in html_of(letter)
    assert "Time off for you" in html_of(letter)


def test_ones_own_time_off_is_told_to_nobody(now):
    business = make.business()
    ann = make.member(business, "team_member")

    absence(business, [make.staff(business, user=ann)], ann, now)

    assert not Message.objects.exists()


def test_a_closure_is_told_to_all_who_work(now):
    business = make.business()
    boss = make.member(business)
    make.staff(business, user=boss)
    make.staff(business, is_active=False)
    make.room(business)
    working = {make.staff(business).email, make.staff(business).email}
    make.staff(make.business())

    absence(business, [], boss, now)
    deliver()

    assert {address for letter in mail.outbox for address in letter.to} == working
    assert {letter.subject[:8] for letter in mail.outbox} == {"Closed: "}


def test_a_change_says_what_was_before_and_the_older_letter_is_not_sent_any_more(now):
    business = make.business()
    boss = make.member(business)
    absence(business, [make.staff(business)], boss, now)
    row = TimeOff.objects.get()
    seen = (row.starts_at, row.ends_at, row.title)

    commands.change_time_off(
        time_off=row,
        starts_at=row.starts_at,
        ends_at=row.ends_at + timedelta(days=1),
        title="Training",
        seen=seen,
        now=now,
        actor=BOSS,
        by=boss,
    )
    letter = sent()
    commands.cancel_time_off(time_off=row, now=now, actor=BOSS, by=boss)
    last = sent()

    assert letter.subject.startswith("Time off changed: ")
    assert "before: " in letter.body
    assert last.subject.startswith("Time off cancelled: ")
    assert "You can be booked then." in last.body
    assert [each.state for each in Message.objects.order_by("pk")] == ["dropped", "sent", "sent"]
