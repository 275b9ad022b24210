"""The page of an appointment: everything about it, and what each role may do there."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from bookings import commands
from bookings.commands import Actor
from bookings.models import Appointment, Booking, Event, Message
from tests import make
from tests.faces.desk.desking import Answer, as_, signed_in, text, to

pytestmark = pytest.mark.django_db

STAFF = Actor("staff", "Mo")


def buttons(answer: Answer) -> set[str]:
    """Return what can be pressed or opened on the page, by the words on it."""
    found = re.findall(r"<(a|button|summary) class=\"btn[^>]*>(.*?)</\1>", text(answer))
    words = (re.sub(r"<span.*|<[^>]+>", "", each).strip() for _, each in found)
    return {each for each in words if each}


def rows() -> list[object]:
    """Return everything that a decision could change."""
    kinds = (Appointment, Booking, Event, Message)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_what_webhooks_are_told_is_not_on_the_page_and_is_not_sent_again_from_there() -> None:
    studio = make.business()
    make.subscription(studio, url="https://receiver.example/?token=sesame")
    booking = make.booking(make.service(studio))
    hook = booking.messages.get(outlet="webhook")
    admin = as_("admin", studio)

    assert "receiver.example" not in text(admin.get(to("appointment", booking.appointment)))
    assert admin.post(to("resend", hook)).status_code == 404


def test_the_page_tells_everything() -> None:
    studio = make.business(zone="Europe/Berlin", address="1 High Street")
    mei = make.staff(studio, name="Mei Lin")
    room = make.room(studio, name="Quiet room")
    service = make.service(studio, by=[mei, room], name="Cut", price_kind="fixed", price=48)
    first = make.question(service, kind="yes_no", text="First visit?")
    who = make.contact(
        name="Anna Berg", email="anna@example.org", phone="+49 30 901820", notes="Short, please"
    )
    party = make.question(service, kind="date", text="When is the wedding?")
    told = {str(first.public_id): "yes", str(party.public_id): "2031-05-17"}
    booking = make.booking(service, contact=who, answers=told)
    other = make.booking(service, contact=who, starts_at=make.at("12:00", days=8))

    page = text(as_("viewer", studio).get(to("appointment", booking.appointment)))

    for said in (
        "Cut",
        "Tuesday 4 March 2031",
        "11:00 – 11:30",
        "Berlin time (UTC+1)",
        "Mei Lin",
        "Quiet room · 1 High Street",
        "€48",
        "Anna Berg",
        'href="tel:+4930901820"',
        'href="mailto:anna@example.org"',
        "First visit?",
        "Yes",
        "Saturday 17 May 2031",
        "Short, please",
        booking.reference,
        "Booked for Anna Berg",
        "the customer",
        "Confirmation",
        "waiting",
        "Tue 11 Mar 2031, 13:00 · Cut",
        to("appointment", other.appointment),
    ):
        assert said in page, said


def test_as_a_part_it_is_the_same_without_the_frame() -> None:
    booking = make.booking()
    client, address = as_("admin", booking.business), to("appointment", booking.appointment)

    page = text(client.get(address))
    part = text(client.get(address, headers={"HX-Request": "true"}))

    assert "<html" in page
    assert "<html" not in part
    assert "<nav" not in part
    assert booking.name in part


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("admin", True),
        ("scheduler", True),
        ("viewer", False),
    ],
)
def test_only_what_the_role_may_do_is_shown(role: str, may: bool) -> None:
    booking = make.booking()

    shown = buttons(as_(role, booking.business).get(to("appointment", booking.appointment)))

    deeds = {"Move…", "Hand over…", "Cancel…", "Cancel", "Check in"}
    deeds |= {"Link for the customer", "Save notes"}
    assert shown & deeds == (deeds if may else set())


def test_a_team_member_opens_their_own_appointments_only() -> None:
    studio = make.business()
    user = make.member(studio, "team_member")
    own, other = make.staff(studio, user=user), make.staff(studio)
    service = make.service(studio, by=[own, other])
    mine, theirs = make.booking(service, staff=own), make.booking(service, staff=other)
    client = signed_in(user)

    page = client.get(to("appointment", mine.appointment))
    assert page.status_code == 200
    assert "Hand over…" not in buttons(page)
    assert "Move…" in buttons(page)
    answer = client.get(to("appointment", theirs.appointment))
    assert answer.status_code == 404
    assert theirs.name not in text(answer)


def test_of_a_customers_other_bookings_a_team_member_sees_their_own() -> None:
    studio = make.business()
    user = make.member(studio, "team_member")
    own, other = make.staff(studio, user=user), make.staff(studio)
    service = make.service(studio, by=[own, other])
    anna = make.contact()
    mine = make.booking(service, staff=own, contact=anna)
    also = make.booking(service, staff=own, contact=anna, starts_at=make.at("14:00"))
    hidden = make.booking(service, staff=other, contact=anna, starts_at=make.at("16:00"))

    page = text(signed_in(user).get(to("appointment", mine.appointment)))

    assert to("appointment", also.appointment) in page
    assert to("appointment", hidden.appointment) not in page


def deeds(booking: Booking) -> list[tuple[str, dict[str, str]]]:
    """Return everything that is decided by a POST, with what is sent along."""
    version = {"version": str(booking.appointment.version)}
    return [
        (to("cancel_appointment", booking.appointment), version),
        (to("notes", booking.appointment), version | {"notes": "Changed"}),
        (to("resend", booking.messages.order_by("pk")[0]), {}),
        (to("approve", booking), {}),
        (to("decline", booking), {}),
        (to("check_in", booking), {}),
        (to("complete", booking), {}),
        (to("undo_check_in", booking), {}),
        (to("undo_complete", booking), {}),
        (to("no_show", booking), {}),
        (to("undo_no_show", booking), {}),
        (to("cancel_booking", booking), {}),
        (to("link", booking), {}),
    ]


def test_whoever_may_not_changes_nothing(client: Client) -> None:
    booking, elsewhere = make.booking(), make.booking()
    other_desk = to("check_in", elsewhere).replace(elsewhere.business.slug, booking.business.slug)
    before = rows()

    for address, fields in deeds(booking):
        assert client.post(address, fields).status_code == 302, address
        assert as_("viewer", booking.business).post(address, fields).status_code == 403, address
        assert as_("admin", elsewhere.business).post(address, fields).status_code == 404, address
        assert as_("team_member", booking.business).post(address, fields).status_code == 404
        assert as_("admin", booking.business).get(address).status_code == 405, address
    assert as_("admin", booking.business).post(other_desk).status_code == 404
    unknown = to("check_in", booking.business, uuid.uuid4())
    assert as_("admin", booking.business).post(unknown).status_code == 404

    assert rows() == before


def test_a_day_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    booking = make.booking()
    client, page = as_("scheduler", booking.business), to("appointment", booking.appointment)

    def press(name: str) -> str:
        answer = client.post(to(name, booking), follow=True)
        assert answer.redirect_chain == [(page, 303)]
        return text(answer)

    assert "They are here." in press("check_in")
    monkeypatch.setattr(timezone, "now", lambda: make.at("10:10"))
    assert "Completed." in press("complete")
    kinds = list(Event.objects.order_by("pk").values_list("kind", "actor"))
    assert kinds[1:] == [
        ("booking.checked_in", "staff:The scheduler"),
        ("booking.completed", "staff:The scheduler"),
    ]

    assert "It is not completed any more." in press("undo_complete")
    assert "The check-in is taken back." in press("undo_check_in")
    booking.refresh_from_db()
    assert (booking.checked_in_at, booking.completed_at) == (None, None)


def test_a_no_show_and_its_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    booking = make.booking()
    client = as_("scheduler", booking.business)
    early = client.post(to("no_show", booking))
    assert early.status_code == 422
    assert "This is possible once the appointment has started." in text(early)

    monkeypatch.setattr(timezone, "now", lambda: make.at("10:10"))
    page = client.post(to("no_show", booking), follow=True)
    assert "did not come" in text(page)
    assert {"They did come: undo no-show"} <= buttons(page)
    assert not {"Check in", "Complete"} & buttons(page)
    client.post(to("undo_no_show", booking))

    booking.refresh_from_db()
    assert booking.no_show_at is None


def test_one_of_a_group_is_removed_and_told_why() -> None:
    service = make.service(capacity=3)
    anna, ben = make.booking(service), make.booking(service)
    client = as_("admin", service.business)

    sent = {"version": Appointment.objects.get().version, "reason": "Asked to"}
    answer = client.post(to("cancel_booking", anna), sent, follow=True)

    assert "Reason: Asked to" in text(answer)
    anna.refresh_from_db()
    ben.refresh_from_db()
    assert (anna.state, anna.cancel_reason, ben.state) == ("cancelled", "Asked to", "confirmed")
    told = Message.objects.filter(topic="removed", audience="customer")
    assert list(told.values_list("address", flat=True)) == [anna.email]


def test_cancelling_late_is_for_staff_and_goes_to_everybody() -> None:
    service = make.service(capacity=3)
    anna, ben = make.booking(service), make.booking(service)
    appointment = Appointment.objects.get()
    sent = {"version": appointment.version, "reason": "Burst\r\npipe\x00\u202e"}

    as_("scheduler", service.business).post(to("cancel_appointment", appointment), sent)

    reasons = Booking.objects.values_list("state", "cancel_reason")
    assert list(reasons) == [("cancelled", "Burst pipe")] * 2
    told = Message.objects.filter(topic="cancelled", audience="customer")
    assert set(told.values_list("address", flat=True)) == {anna.email, ben.email}


def test_nobody_is_removed_from_what_was_moved_meanwhile() -> None:
    booking = make.booking(make.service(capacity=2))
    sent = {"version": booking.appointment.version, "reason": "Asked to"}
    commands.reschedule_appointment(
        appointment=booking.appointment, starts_at=make.at("12:00"), now=make.NOW, actor=STAFF
    )

    answer = as_("admin", booking.business).post(to("cancel_booking", booking), sent)

    assert answer.status_code == 409
    assert "This has been changed meanwhile by Mo." in text(answer)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_what_was_changed_meanwhile_is_not_cancelled_and_the_reason_is_kept() -> None:
    booking = make.booking()
    seen = booking.appointment.version
    commands.check_in(booking=booking, now=make.NOW, actor=STAFF)
    client = as_("admin", booking.business)

    sent = {"version": seen, "reason": "Typed with care"}
    answer = client.post(to("cancel_appointment", booking.appointment), sent)

    assert answer.status_code == 409
    page = text(answer)
    assert "This has been changed meanwhile by Mo." in page
    assert '<details class="deed" open>' in page
    assert "Typed with care</textarea>" in page
    assert Appointment.objects.get().state == "scheduled"


def test_a_request_is_approved_or_declined_with_a_reason() -> None:
    service = make.service(needs_approval=True)
    first, second = make.booking(service), make.booking(service, starts_at=make.at("12:00"))
    client = as_("scheduler", service.business)
    assert {"Approve", "Decline…"} <= buttons(client.get(to("appointment", first.appointment)))

    approved = client.post(to("approve", first), follow=True)
    declined = client.post(to("decline", second), {"reason": "Fully booked"}, follow=True)

    assert "Approved, and the customer is told." in text(approved)
    assert f"Approved for {first.name}" in text(approved)
    assert "Reason: Fully booked" in text(declined)
    states = Booking.objects.order_by("pk").values_list("state", "cancel_reason")
    assert list(states) == [("confirmed", ""), ("declined", "Fully booked")]


def test_internal_notes_are_kept_and_never_overwrite_a_colleagues() -> None:
    booking = make.booking()
    address, seen = to("notes", booking.appointment), booking.appointment.version
    client = as_("scheduler", booking.business)

    saved = client.post(address, {"version": seen, "notes": "Bring\r\nthe key\x00"}, follow=True)
    assert "The notes are saved." in text(saved)
    late = client.post(address, {"version": seen, "notes": "Something else"})

    assert late.status_code == 409
    assert "This has been changed meanwhile by The scheduler." in text(late)
    assert "Something else</textarea>" in text(late)
    assert Appointment.objects.get().staff_notes == "Bring\nthe key"


def test_a_letter_is_sent_again_once_it_has_left() -> None:
    booking = make.booking()
    letter = Message.objects.get(audience="customer")
    client = as_("scheduler", booking.business)
    assert client.post(to("resend", letter)).status_code == 422

    Message.objects.filter(pk=letter.pk).update(failed_at=make.NOW, error="No such mailbox")
    page = text(client.get(to("appointment", booking.appointment)))
    assert "failed" in page
    assert "No such mailbox" in page
    client.post(to("resend", letter))

    again = Message.objects.exclude(pk=letter.pk).get(audience="customer")
    assert (again.address, again.state) == (letter.address, "waiting")


def test_the_link_for_the_customer_opens_their_booking(client: Client) -> None:
    booking = make.booking()

    page = text(as_("scheduler", booking.business).post(to("link", booking)))
    [link] = re.findall(r'value="http://localhost:8000(/m/[^"]+)"', page)

    assert booking.reference in text(client.get(link))


def test_history_names_who_and_when_and_knows_unknown_kinds() -> None:
    booking = make.booking()
    commands.reschedule_appointment(
        appointment=booking.appointment, starts_at=make.at("13:00"), now=make.NOW, actor=STAFF
    )
    Event.objects.create(
        business=booking.business,
        appointment=booking.appointment,
        booking=booking,
        version=99,
        kind="booking.sung_to",
        actor="program:Robot",
        at=make.at("08:00"),
    )

    page = text(as_("viewer", booking.business).get(to("appointment", booking.appointment)))
    lines = re.findall(r"<li> <p>([^<]+)</p>.*?muted\">([^<]+)</p> </li>", page)

    assert lines == [
        ("booking: sung to", "Tue 4 Mar 2031, 08:00 · Robot"),
        ("Moved with everybody in it", "Mon 3 Mar 2031, 07:00 · Mo"),
        (f"Booked for {booking.name}", "Mon 3 Mar 2031, 07:00 · the customer"),
    ]
    assert "It was on Tue 4 Mar 2031, 10:00." in page


def test_hostile_words_stay_words() -> None:
    name = "<script>alert(1)</script>{{ 7|add:7 }}"
    booking = make.booking(contact=make.contact(name=name, notes="</textarea><b>"))

    page = text(as_("admin", booking.business).get(to("appointment", booking.appointment)))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in page
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


@pytest.mark.parametrize("people", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(
    people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    service = make.service(capacity=30)
    question = make.question(service)
    for number in range(people):
        who = make.contact()
        answers = {str(question.public_id): f"Answer {number}"}
        booking = make.booking(service, contact=who, answers=answers)
        make.booking(service, contact=who, starts_at=make.at("14:00"))
    client, address = as_("admin", service.business), to("appointment", booking.appointment)

    with django_assert_num_queries(11):
        page = client.get(address)

    assert text(page).count("Answer ") == people
