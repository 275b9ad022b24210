"""Times off are asked for on the clock of the business and written by the command."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from bookings import commands
from bookings.errors import Away
from bookings.models import Business, Event, Message, Resource, ResourceVersion, TimeOff
from tests import make
from tests.admin.browse import errors, send, told

ADD = "/admin/bookings/timeoff/add/"


def add(office: Client, starts: str, ends: str, **fields: object) -> Any:
    """Add a time off from and until a wall-clock time such as `2031-03-04 10:00`."""
    (first, opens), (last, closes) = starts.split(), ends.split()
    return send(
        office,
        ADD,
        starts_at_0=first,
        starts_at_1=opens,
        ends_at_0=last,
        ends_at_1=closes,
        **fields,
    )


def berlin() -> tuple[Business, Resource]:
    """Return a business in Berlin and one of its people."""
    business = make.business(zone="Europe/Berlin")
    return business, make.staff(business, name="Ann")


def test_the_clock_is_that_of_the_business(office: Client) -> None:
    _business, person = berlin()

    page = add(office, "2031-07-01 10:00", "2031-07-02 12:00", resource=person.pk, title="Trip")

    assert errors(page) == []
    time_off = TimeOff.objects.get()
    assert (time_off.resource, time_off.title) == (person, "Trip")
    assert time_off.starts_at == datetime(2031, 7, 1, 8, tzinfo=UTC)
    assert time_off.ends_at == datetime(2031, 7, 2, 10, tzinfo=UTC)
    again = office.get(f"/admin/bookings/timeoff/{time_off.pk}/change/").content.decode()
    assert 'value="2031-07-01"' in again
    assert 'value="10:00"' in again


def test_appointments_in_the_way_are_named_and_kept(office: Client) -> None:
    service = make.service()
    booking = make.booking(service)
    person = service.resources.get()

    page = add(office, "2031-03-04 00:00", "2031-03-05 00:00", resource=person.pk)

    warning = told(page)[0]
    assert warning.startswith("Still in the way, and kept until somebody moves or cancels them:")
    assert f"/admin/bookings/appointment/{booking.appointment_id}/change/" in warning
    with pytest.raises(Away):
        make.booking(service, starts_at=make.at("15:00"))


def test_without_a_person_the_whole_business_is_closed(office: Client) -> None:
    business, person = berlin()
    before = ResourceVersion.objects.get(resource=person).version

    add(office, "2031-12-24 00:00", "2031-12-27 00:00")

    assert TimeOff.objects.get(business=business).resource is None
    assert ResourceVersion.objects.get(resource=person).version > before


def test_a_change_of_a_time_off_tells_what_is_in_the_way_now(office: Client) -> None:
    booking = make.booking()
    commands.take_time_off(
        business=booking.business,
        resources=[],
        starts_at=make.at("14:00"),
        ends_at=make.at("16:00"),
        now=make.NOW,
    )
    time_off = TimeOff.objects.get()

    page = send(office, f"/admin/bookings/timeoff/{time_off.pk}/change/", starts_at_1="09:00")

    assert told(page)[0].startswith("Still in the way")
    time_off.refresh_from_db()
    assert (time_off.starts_at, time_off.ends_at) == (make.at("09:00"), make.at("16:00"))


def test_a_change_and_an_end_are_on_record_and_told_to_whom_they_concern(office: Client) -> None:
    _business, person = berlin()
    add(office, "2031-07-01 10:00", "2031-07-02 12:00", resource=person.pk, title="Trip")
    time_off = TimeOff.objects.get()
    page = f"/admin/bookings/timeoff/{time_off.pk}/"

    send(office, f"{page}change/", title="Long trip", resource=make.staff(_business).pk)
    time_off.refresh_from_db()
    office.post(f"{page}delete/", {"post": "yes"})

    assert (time_off.title, time_off.resource) == ("Long trip", person)
    assert not TimeOff.objects.exists()
    kinds = ["time_off.taken", "time_off.changed", "time_off.cancelled"]
    events = Event.objects.filter(kind__startswith="time_off").order_by("pk")
    assert list(events.values_list("kind", "actor")) == [(each, "staff:The boss") for each in kinds]
    assert list(Message.objects.values_list("address", flat=True)) == [person.email] * 3


def test_several_times_off_are_taken_back_at_once(office: Client) -> None:
    _business, person = berlin()
    for month in ("07", "08"):
        add(office, f"2031-{month}-01 10:00", f"2031-{month}-02 12:00", resource=person.pk)

    chosen = [str(pk) for pk in TimeOff.objects.values_list("pk", flat=True)]
    sure = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    office.post("/admin/bookings/timeoff/", sure)

    assert not TimeOff.objects.exists()
    assert Event.objects.filter(kind="time_off.cancelled").count() == 2


def test_a_time_off_that_is_over_is_not_changed(office: Client) -> None:
    business, person = berlin()
    days = [datetime(2020, 7, day, tzinfo=UTC) for day in (1, 2)]
    past = TimeOff.objects.create(
        business=business, resource=person, starts_at=days[0], ends_at=days[1]
    )

    page = send(office, f"/admin/bookings/timeoff/{past.pk}/change/", title="Late")

    assert errors(page) == ["This time has already passed."]


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [
        ("2031-07-02 10:00", "2031-07-01 10:00", "The end is after the start."),
        ("2020-07-01 10:00", "2020-07-02 10:00", "This time has already passed."),
        (
            "2031-03-30 02:30",
            "2031-03-31 00:00",
            "This time does not exist on that day, because the clocks change.",
        ),
        ("soon 10:00", "2031-07-02 10:00", "Enter a valid date."),
    ],
)
def test_impossible_times_are_refused_in_a_sentence(
    office: Client, starts: str, ends: str, sentence: str
) -> None:
    berlin()

    page = add(office, starts, ends)

    assert errors(page) == [sentence]
    assert not TimeOff.objects.exists()


def test_a_clock_time_that_comes_twice_covers_both(office: Client) -> None:
    berlin()

    add(office, "2031-10-26 02:30", "2031-10-26 02:45")

    time_off = TimeOff.objects.get()
    assert time_off.starts_at == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)
    assert time_off.ends_at == datetime(2031, 10, 26, 1, 45, tzinfo=UTC)


def test_somebody_of_another_business_is_refused(office: Client) -> None:
    business, _person = berlin()
    _other, stranger = berlin()

    page = add(
        office, "2031-07-01 10:00", "2031-07-02 10:00", business=business.pk, resource=stranger.pk
    )

    assert errors(page) == ["“Ann” belongs to another business."]


def test_suggestions_are_those_of_the_business(office: Client) -> None:
    business, person = berlin()
    _other, _stranger = berlin()
    field = {"app_label": "bookings", "model_name": "timeoff", "field_name": "resource"}

    mine = office.get("/admin/autocomplete/", field | {"business": business.pk}).json()
    all_of_them = office.get("/admin/autocomplete/", field).json()

    assert mine["results"] == [{"id": str(person.pk), "text": "Ann"}]
    assert {each["text"] for each in all_of_them["results"]} == {
        f"Ann · {name}" for name in Business.objects.values_list("name", flat=True)
    }
