"""Moving by drag, by keys and by form."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bookings.faces.reading import read_clock
from bookings.models import Appointment, Booking, Event, Message
from tests import make
from tests.faces.desk import desking
from tests.faces.desk.desking import signed_in, text, to

pytestmark = pytest.mark.django_db


def drag(client: Client, appointment: Appointment, **fields: object) -> Any:
    """Let go of an appointment over another place, tomorrow unless told otherwise."""
    address = reverse("desk:move", args=[appointment.business.slug, appointment.public_id])
    sent = {"day": "2031-03-04", "version": appointment.version, **fields}
    return client.post(address, sent, headers={"X-Requested-With": "fetch"})


def as_(role: str, booking: Booking) -> Client:
    """Return the browser of somebody with a role in the business of a booking."""
    return desking.as_(role, booking.business)


def start_of(booking: Booking) -> str:
    """Return when a booking's appointment starts by now."""
    booking.refresh_from_db()
    return f"{booking.appointment.starts_at:%d %H:%M}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", "09:00"),
        ("9:30", "09:30"),
        ("0930", "09:30"),
        (" 14.15 ", "14:15"),
        ("8h05", "08:05"),
        ("24:00", None),
        ("9:60", None),
        ("25", None),
        ("noon", None),
        ("9:30\x00", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: str | None) -> None:
    clock = read_clock(typed)

    assert (clock and f"{clock:%H:%M}") == meant


@pytest.mark.parametrize("role", ["admin", "scheduler"])
def test_a_drag_moves_the_appointment_and_tells_everybody(role: str) -> None:
    booking = make.booking()

    answer = drag(as_(role, booking), booking.appointment, time="11:30")

    assert (answer.status_code, answer.content) == (204, b"")
    assert start_of(booking) == "04 11:30"
    assert Event.objects.filter(kind="booking.rescheduled", actor__startswith="staff:").exists()
    assert Message.objects.filter(topic="changed", address=booking.email).exists()


def test_the_wall_clock_is_that_of_the_business() -> None:
    berlin = make.business(zone="Europe/Berlin")
    booking = make.booking(make.service(berlin))

    drag(as_("admin", booking), booking.appointment, time="15:00")

    assert start_of(booking) == "04 14:00"


def test_onto_a_taken_time_nothing_moves() -> None:
    service = make.service()
    booking = make.booking(service)
    make.booking(service, starts_at=make.at("12:00"))

    answer = drag(as_("admin", booking), booking.appointment, time="12:00")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "Someone else has just taken this time."
    assert start_of(booking) == "04 10:00"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"time": "20:00"}, "This time is outside the opening hours."),
        ({"time": "11:10"}, "Appointments do not start at this minute."),
        ({"day": "2031-03-02", "time": "11:00"}, "This time has already passed."),
        ({"day": "2031-09-01", "time": "11:00"}, "This time is too far in the future"),
        ({"day": "2031-02-30", "time": "11:00"}, "Please give a day."),
        ({"day": "9999-12-31", "time": "11:00"}, "Please give a day."),
        ({"day": "", "time": ""}, "Please give a day. Please give a time, such as 14:30."),
        ({"time": "11:00\x00"}, "Please give a time, such as 14:30."),
        ({"time": "-1:00"}, "Please give a time, such as 14:30."),
    ],
)
def test_an_impossible_place_is_refused_with_its_reason(
    fields: dict[str, object], sentence: str
) -> None:
    booking = make.booking()

    answer = drag(as_("scheduler", booking), booking.appointment, **fields)

    assert answer.status_code == 422
    assert answer.content.decode().startswith(sentence)
    assert start_of(booking) == "04 10:00"


def test_an_hour_that_the_clock_skips_or_repeats() -> None:
    berlin = make.business(
        hours="00:00-23:30", zone="Europe/Berlin", maximum_advance=timedelta(days=366)
    )
    booking = make.booking(make.service(berlin))
    client = as_("admin", booking)

    skipped = drag(client, booking.appointment, day="2031-03-30", time="02:30")
    assert skipped.status_code == 422
    assert "does not exist on that day" in skipped.content.decode()

    assert drag(client, booking.appointment, day="2031-10-26", time="02:30").status_code == 204
    assert start_of(booking) == "26 00:30"
    again = drag(client, booking.appointment, day="2031-10-26", time="02:30", fold="1")
    assert again.status_code == 204
    assert start_of(booking) == "26 01:30"


def test_of_two_tabs_the_second_hears_that_it_is_late() -> None:
    booking = make.booking()
    seen = booking.appointment.version
    drag(as_("admin", booking), booking.appointment, time="11:00")

    late = drag(as_("scheduler", booking), booking.appointment, time="13:00", version=seen)

    assert late.status_code == 409
    assert start_of(booking) == "04 11:00"


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 20, "9" * 5000])
def test_a_move_without_what_was_seen_is_refused(version: str) -> None:
    booking = make.booking()

    answer = drag(as_("admin", booking), booking.appointment, time="11:00", version=version)

    assert answer.status_code == 409
    assert start_of(booking) == "04 10:00"


def test_a_drag_to_another_column_gives_it_to_that_person() -> None:
    studio = make.business()
    ann, ben = make.staff(studio), make.staff(studio)
    booking = make.booking(make.service(studio, by=[ann, ben]), staff=ann)

    answer = drag(as_("scheduler", booking), booking.appointment, time="10:00", staff=ben.public_id)

    assert answer.status_code == 204
    assert list(booking.appointment.resources.all()) == [ben]


def test_within_their_own_column_it_stays_theirs_even_when_others_are_free() -> None:
    studio = make.business()
    ann, ben = make.staff(studio), make.staff(studio)
    service = make.service(studio, by=[ann, ben])
    booking = make.booking(service, staff=ann)
    make.booking(service, staff=ann, starts_at=make.at("12:00"))

    answer = drag(as_("admin", booking), booking.appointment, time="12:00", staff=ann.public_id)

    assert answer.status_code == 409
    assert list(booking.appointment.resources.all()) == [ann]


def test_in_the_column_of_its_room_it_keeps_people_and_room() -> None:
    studio = make.business()
    ann, ben, room = make.staff(studio), make.staff(studio), make.room(studio)
    booking = make.booking(make.service(studio, by=[ann, ben, room]), staff=ann)

    answer = drag(as_("admin", booking), booking.appointment, time="12:00", staff=room.public_id)

    assert answer.status_code == 204
    assert set(booking.appointment.resources.all()) == {ann, room}


def test_a_team_member_moves_their_own_and_cannot_give_it_away() -> None:
    studio = make.business()
    user = make.member(studio, "team_member")
    own, other = make.staff(studio, user=user), make.staff(studio)
    service = make.service(studio, by=[own, other])
    mine, theirs = make.booking(service, staff=own), make.booking(service, staff=other)
    make.booking(service, staff=own, starts_at=make.at("15:00"))
    client = signed_in(user)

    away = drag(client, mine.appointment, time="11:00", staff=other.public_id)
    assert (away.status_code, away.content) == (403, b"Your role here does not allow this.")
    assert drag(client, mine.appointment, time="15:00").status_code == 409
    assert start_of(mine) == "04 10:00"
    assert drag(client, mine.appointment, time="11:00").status_code == 204
    assert list(mine.appointment.resources.all()) == [own]
    assert drag(client, theirs.appointment, time="11:00").status_code == 404
    assert start_of(theirs) == "04 10:00"


def test_who_may_not_move_anything(client: Client) -> None:
    booking, elsewhere = make.booking(), make.booking()

    def tried(by: Client) -> int:
        return int(drag(by, booking.appointment, time="11:00").status_code)

    assert tried(client) == 401
    assert tried(as_("viewer", booking)) == 403
    assert tried(as_("guest", booking)) == 403
    assert tried(as_("admin", elsewhere)) == 404
    assert start_of(booking) == "04 10:00"


def test_ids_of_another_business_lead_nowhere() -> None:
    booking, elsewhere = make.booking(), make.booking()
    client = as_("admin", booking)
    foreign = elsewhere.appointment.resources.get()

    for staff in (foreign.public_id, uuid.uuid4(), "7", "x\x00", "' or 1=1"):
        assert drag(client, booking.appointment, time="11:00", staff=staff).status_code == 404
    address = reverse("desk:move", args=[booking.business.slug, elsewhere.appointment.public_id])
    sent = {"day": "2031-03-04", "time": "11:00", "version": elsewhere.appointment.version}
    assert client.post(address, sent).status_code == 404
    assert (start_of(booking), start_of(elsewhere)) == ("04 10:00", "04 10:00")


def test_fields_that_the_form_does_not_have_change_nothing() -> None:
    booking = make.booking()
    before = Appointment.objects.values().get()

    drag(
        as_("scheduler", booking),
        booking.appointment,
        time="11:00",
        capacity="99",
        price="0",
        business="1",
        state="cancelled",
        ends_at="2031-03-04T23:00Z",
        anyway="on",
    )

    after = Appointment.objects.values().get()
    changed = {name for name, value in before.items() if after[name] != value}
    assert changed == {"starts_at", "ends_at", "wall_time", "version"}


def form(client: Client, name: str, row: Appointment | Booking, **fields: object) -> Any:
    """Send the “Move…” form, tomorrow unless told otherwise."""
    appointment = row if isinstance(row, Appointment) else row.appointment
    sent = {"day": "2031-03-04", "version": appointment.version, **fields}
    return client.post(to(name, row), sent)


def test_the_form_moves_and_leads_to_the_day() -> None:
    booking = make.booking()
    client = as_("scheduler", booking)

    page = text(client.get(to("move", booking.appointment)))
    assert 'name="day" value="2031-03-04"' in page
    assert 'name="time" value="10:00"' in page
    moved = form(client, "move", booking.appointment, day="2031-03-05", time="11:30")

    assert (moved.status_code, moved["Location"]) == (
        303,
        f"{to('day', booking.business)}?day=2031-03-05",
    )
    assert start_of(booking) == "05 11:30"


def test_a_refused_form_keeps_what_was_typed_and_offers_the_nearest_times() -> None:
    service = make.service()
    booking = make.booking(service)
    make.booking(service, starts_at=make.at("12:00"))
    client = as_("scheduler", booking)

    refused = form(client, "move", booking.appointment, time="12:00")

    assert refused.status_code == 409
    page = text(refused)
    assert "Someone else has just taken this time." in page
    assert 'name="time" value="12:00"' in page
    assert 'value="2031-03-04T12:30Z" formnovalidate>Tue 4 Mar, 12:30' in page
    picked = form(client, "move", booking.appointment, start="2031-03-04T12:30Z")
    assert 'name="time" value="12:30"' in text(picked)
    assert start_of(booking) == "04 10:00"


def test_only_an_admin_moves_it_anyway_and_says_why() -> None:
    booking = make.booking()
    because = {"time": "20:00", "anyway": "on", "because": "She works late"}

    refused = form(as_("scheduler", booking), "move", booking.appointment, **because)
    assert refused.status_code == 422
    assert 'name="anyway"' not in text(refused)
    admin = as_("admin", booking)
    asked = form(admin, "move", booking.appointment, time="20:00")
    assert 'name="anyway"' in text(asked)
    silent = form(admin, "move", booking.appointment, time="20:00", anyway="on")
    assert "Please say why the rules do not count this time." in text(silent)
    assert start_of(booking) == "04 10:00"
    form(admin, "move", booking.appointment, **because)

    assert start_of(booking) == "04 20:00"
    told = Event.objects.get(kind="appointment.rescheduled").data
    assert (told["overrides"], told["because"]) == (["hours"], "She works late")


def test_nobody_moves_onto_somebody_anyway() -> None:
    service = make.service()
    booking = make.booking(service)
    make.booking(service, starts_at=make.at("12:00"))
    anyway = {"time": "12:00", "anyway": "on", "because": "I want to"}

    assert form(as_("admin", booking), "move", booking.appointment, **anyway).status_code == 409
    assert start_of(booking) == "04 10:00"


def test_the_form_asks_which_of_two_hours() -> None:
    berlin = make.business(
        hours="00:00-23:30", zone="Europe/Berlin", maximum_advance=timedelta(days=366)
    )
    booking = make.booking(make.service(berlin))
    then = {"day": "2031-10-26", "time": "02:30"}
    client = as_("admin", booking)

    asked = form(client, "move", booking.appointment, **then)
    assert asked.status_code == 422
    assert "02:30 (UTC+2)" in text(asked)
    form(client, "move", booking.appointment, **then, fold="1")

    assert start_of(booking) == "26 01:30"


def test_after_a_change_by_others_the_form_says_so_once() -> None:
    booking = make.booking()
    seen = booking.appointment.version
    form(as_("scheduler", booking), "move", booking.appointment, time="11:00")
    client = as_("admin", booking)

    late = form(client, "move", booking.appointment, time="13:00", version=seen)
    assert late.status_code == 409
    assert "This has been changed meanwhile by" in text(late)
    assert "These times are free:" not in text(late)
    [fresh] = re.findall(r'name="version" value="(\d+)"', text(late))
    form(client, "move", booking.appointment, time="13:00", version=fresh)

    assert start_of(booking) == "04 13:00"


def test_one_of_a_group_moves_alone() -> None:
    service = make.service(capacity=3)
    anna, ben = make.booking(service), make.booking(service)
    client = as_("scheduler", anna)
    anna.refresh_from_db()

    page = text(client.get(to("move_booking", anna)))
    assert f"Move {anna.name}" in page
    appointment = Appointment.objects.get()
    sent = {"day": "2031-03-04", "time": "14:00", "version": appointment.version}
    assert client.post(to("move_booking", anna), sent).status_code == 303

    assert (start_of(anna), start_of(ben)) == ("04 14:00", "04 10:00")


def test_how_late_customers_may_change_does_not_bind_staff() -> None:
    strict = make.business(cancellation_notice=timedelta(hours=24))
    service = make.service(strict, capacity=3)
    anna = make.booking(service, starts_at=make.at("10:00", days=0))
    make.booking(service, starts_at=make.at("10:00", days=0))
    version = Appointment.objects.get().version
    sent = {"day": "2031-03-03", "time": "14:00", "version": version}

    answer = as_("scheduler", anna).post(to("move_booking", anna), sent)

    assert answer.status_code == 303
    assert start_of(anna) == "03 14:00"
    assert "overrides" not in Event.objects.get(kind="booking.rescheduled").data


def test_a_whole_group_needs_a_time_of_its_own() -> None:
    service = make.service(capacity=3)
    booking = make.booking(service)
    make.booking(service, starts_at=make.at("12:00"))

    page = text(as_("admin", booking).get(to("move", booking.appointment)))

    assert 'id="start-2031-03-04T11:30Z"' in page
    assert 'id="start-2031-03-04T12:00Z"' not in page


def test_it_is_given_to_somebody_else_at_the_same_time() -> None:
    studio = make.business()
    ann, ben = make.staff(studio, name="Ann"), make.staff(studio, name="Ben")
    service = make.service(studio, by=[ann, ben])
    booking = make.booking(service, staff=ann)
    client = as_("scheduler", booking)

    page = text(client.get(to("reassign", booking.appointment)))
    assert ">Ben</option>" in page
    assert ">Ann</option>" not in page
    sent = {"version": booking.appointment.version}
    nobody = client.post(to("reassign", booking.appointment), sent)
    assert nobody.status_code == 422
    assert "Please choose a person." in text(nobody)
    given = client.post(to("reassign", booking.appointment), sent | {"staff": ben.public_id})

    assert given.status_code == 303
    assert list(booking.appointment.resources.all()) == [ben]
    assert start_of(booking) == "04 10:00"


def test_who_is_busy_is_given_nothing() -> None:
    studio = make.business()
    ann, ben = make.staff(studio), make.staff(studio)
    service = make.service(studio, by=[ann, ben])
    booking = make.booking(service, staff=ann)
    make.booking(service, staff=ben)
    sent = {"version": booking.appointment.version, "staff": ben.public_id}

    answer = as_("admin", booking).post(to("reassign", booking.appointment), sent)

    assert answer.status_code == 409
    assert "Someone else has just taken this time." in text(answer)
    assert list(booking.appointment.resources.all()) == [ann]


def test_whoever_may_not_gives_nothing_away(client: Client) -> None:
    studio = make.business()
    user = make.member(studio, "team_member")
    own, other = make.staff(studio, user=user), make.staff(studio)
    booking = make.booking(make.service(studio, by=[own, other]), staff=own)
    address = to("reassign", booking.appointment)
    sent = {"version": booking.appointment.version, "staff": other.public_id}
    foreign = make.staff(make.business())

    assert client.post(address, sent).status_code == 302
    assert signed_in(user).post(address, sent).status_code == 403
    assert as_("viewer", booking).post(address, sent).status_code == 403
    admin = as_("admin", booking)
    assert admin.post(address, sent | {"staff": foreign.public_id}).status_code == 404
    assert list(booking.appointment.resources.all()) == [own]
