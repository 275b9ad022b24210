"""Appointments and bookings are shown as they are, and changed by the commands alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bookings.errors import NotYet, WrongState
from bookings.models import Appointment, Booking, Message
from tests import make
from tests.admin.browse import told

APPOINTMENTS = "/admin/bookings/appointment/"
BOOKINGS = "/admin/bookings/booking/"


def past_booking(**fields: object) -> Booking:
    """Return a booking of an appointment that was years ago."""
    then = datetime(2020, 3, 2, 7, tzinfo=UTC)
    return make.booking(starts_at=then + timedelta(hours=3), now=then, **fields)


def act(office: Client, address: str, action: str, *rows: Any, **more: object) -> Any:
    """Choose rows of a list and run an action."""
    chosen = {"action": action, "index": 0, "_selected_action": [row.pk for row in rows]}
    return office.post(f"{address}?period=all", chosen | more, follow=True)


def test_cancelling_asks_why_and_says_who_is_concerned(office: Client) -> None:
    booking = make.booking(contact=make.contact(name="Zoë <b>"))

    page = act(office, APPOINTMENTS, "cancel", booking.appointment)

    assert "Zoë &lt;b&gt;" in page.content.decode()
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_a_cancelled_appointment_is_cancelled_for_everybody_with_the_reason(
    office: Client,
) -> None:
    booking = make.booking()

    page = act(
        office, APPOINTMENTS, "cancel", booking.appointment, confirmed=1, reason="Burst pipe"
    )

    assert told(page) == ["1 cancelled."]
    booking.refresh_from_db()
    assert (booking.state, booking.cancel_reason) == ("cancelled", "Burst pipe")
    event = booking.events.get(kind="booking.cancelled")
    assert event.actor == "staff:The boss"
    assert Message.objects.filter(topic="cancelled", address=booking.email).exists()


def test_what_is_refused_is_named_and_the_rest_is_done(office: Client) -> None:
    first, second = make.booking(), make.booking()
    act(office, APPOINTMENTS, "cancel", first.appointment, confirmed=1)

    page = act(office, APPOINTMENTS, "cancel", first.appointment, second.appointment, confirmed=1)

    refusal, done = sorted(told(page), key=lambda each: each == "1 cancelled.")
    assert done == "1 cancelled."
    assert refusal.startswith(str(first.appointment))


def test_one_customer_of_a_group_is_cancelled_however_late(office: Client) -> None:
    service = make.service(make.business(cancellation_notice=timedelta(days=9000)), capacity=3)
    leaving, staying = make.booking(service), make.booking(service)

    page = act(office, BOOKINGS, "cancel", leaving, confirmed=1, reason="")

    assert told(page) == ["1 cancelled."]
    states = Booking.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed"]
    assert Appointment.objects.get(bookings=staying).seats_taken == 1


def test_a_group_is_checked_in_and_completed_at_once(office: Client) -> None:
    service = make.service(capacity=3)
    past_booking(of=service)
    appointment = past_booking(of=service).appointment

    checked_in = act(office, APPOINTMENTS, "check_in", appointment)
    completed = act(office, APPOINTMENTS, "complete", appointment)

    assert told(checked_in) == ["2 checked in."]
    assert told(completed) == ["2 completed."]
    done = Booking.objects.filter(checked_in_at__isnull=False, completed_at__isnull=False)
    assert done.count() == 2


def test_requests_of_a_group_are_approved_at_once(office: Client) -> None:
    service = make.service(capacity=3, needs_approval=True)
    make.booking(service)
    appointment = make.booking(service).appointment

    approved = act(office, APPOINTMENTS, "approve", appointment)

    assert told(approved) == ["2 approved."]
    assert set(Booking.objects.values_list("state", flat=True)) == {"confirmed"}
    refused = act(office, BOOKINGS, "decline", Booking.objects.earliest("pk"), confirmed=1)
    assert told(refused) == [f"{Booking.objects.earliest('pk')}: {WrongState.text}"]


def test_declining_asks_why_and_the_customer_reads_it(office: Client) -> None:
    booking = make.booking(make.service(needs_approval=True), contact=make.contact(name="Zoë"))

    asked = act(office, BOOKINGS, "decline", booking)
    assert "Zoë" in asked.content.decode()
    done = act(office, BOOKINGS, "decline", booking, confirmed=1, reason="We are away")

    assert told(done) == ["1 declined."]
    booking.refresh_from_db()
    assert (booking.state, booking.cancel_reason) == ("declined", "We are away")
    assert booking.events.get(kind="booking.declined").actor == "staff:The boss"


def test_a_mark_that_was_a_mistake_is_taken_back(office: Client) -> None:
    booking = past_booking()
    act(office, BOOKINGS, "check_in", booking)
    act(office, BOOKINGS, "complete", booking)

    pages = [
        act(office, BOOKINGS, each, booking) for each in ("clear_completion", "clear_check_in")
    ]

    assert [told(page) for page in pages] == [
        ["1 are not done after all."],
        ["1 check-ins taken back."],
    ]
    booking.refresh_from_db()
    assert (booking.checked_in_at, booking.completed_at) == (None, None)


def test_a_no_show_is_noted_and_taken_back(office: Client) -> None:
    booking = past_booking()

    noted = act(office, BOOKINGS, "mark_no_show", booking)
    booking.refresh_from_db()
    missed = booking.no_show_at
    cleared = act(office, BOOKINGS, "clear_no_show", booking)
    booking.refresh_from_db()

    assert (told(noted), told(cleared)) == (
        ["1 marked as no-show."],
        ["1 no-shows taken back."],
    )
    assert missed is not None
    assert booking.no_show_at is None


def test_a_no_show_before_the_start_is_refused_in_words(office: Client) -> None:
    booking = make.booking()

    page = act(office, BOOKINGS, "mark_no_show", booking)

    assert told(page) == [f"{booking}: {NotYet.text}"]
    booking.refresh_from_db()
    assert booking.no_show_at is None


def test_a_button_of_a_page_decides_and_shows_the_page_again(office: Client) -> None:
    booking = make.booking()
    address = f"{BOOKINGS}{booking.pk}/change/"

    decisions = office.get(address).context["decisions_url"]
    chosen = {"action": "check_in", "index": 0, "_selected_action": booking.pk}
    page = office.post(decisions, chosen | {"_back": booking.pk}, follow=True)

    assert page.redirect_chain == [(address, 302)]
    booking.refresh_from_db()
    assert booking.checked_in_at is not None


MARKED = {"missed": "mark_no_show", "here": "check_in", "done": "complete"}


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("coming", {"cancel", "check_in"}),
        ("begun", {"cancel", "check_in", "complete", "mark_no_show"}),
        ("missed", {"cancel", "check_in", "clear_no_show"}),
        ("here", {"cancel", "complete", "clear_check_in"}),
        ("done", {"cancel", "clear_completion"}),
        ("cancelled", set()),
        ("asked", {"cancel", "approve", "decline"}),
    ],
)
def test_a_page_has_buttons_for_what_is_possible(
    office: Client, state: str, buttons: set[str]
) -> None:
    service = make.service(needs_approval=state == "asked")
    booking = make.booking(service) if state in ("coming", "asked") else past_booking()
    if state in MARKED:
        act(office, BOOKINGS, MARKED[state], booking)
    if state == "cancelled":
        act(office, APPOINTMENTS, "cancel", booking.appointment, confirmed=1)

    for address in (f"{BOOKINGS}{booking.pk}", f"{APPOINTMENTS}{booking.appointment.pk}"):
        page = office.get(f"{address}/change/")
        assert {name for name, _label in page.context["decisions"]} == buttons


@pytest.mark.parametrize("name", ["appointment", "booking", "message", "event"])
def test_what_commands_write_cannot_be_added_changed_or_deleted_by_hand(
    office: Client, name: str
) -> None:
    booking = make.booking()
    pks = {
        "appointment": booking.appointment_id,
        "booking": booking.pk,
        "message": Message.objects.values_list("pk", flat=True)[0],
        "event": booking.events.get().pk,
    }
    row = f"/admin/bookings/{name}/{pks[name]}"

    assert office.get(f"/admin/bookings/{name}/add/").status_code == 403
    assert office.post(f"{row}/change/", {"state": "cancelled"}).status_code == 403
    assert office.post(f"{row}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_shows_what_is_coming_unless_asked_for_more(office: Client) -> None:
    past, coming = past_booking(), make.booking()

    def shown(query: str) -> list[Booking]:
        return list(office.get(f"{BOOKINGS}?{query}").context["cl"].result_list)

    assert shown("") == [coming]
    assert shown("period=past") == [past]
    assert shown("period=all") == [past, coming]
