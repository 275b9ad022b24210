"""What programs are told is free, and why something is not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bookings.faces.api.shapes import instant
from bookings.faces.api.shapes.availability import DaysShown, FreeStart, StartsShown
from bookings.models import Business, Membership, Resource, Service, TimeOff
from bookings.queries import availability
from tests import make
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business: Business) -> Service:
    return make.service(business)


def asked(of: Service, what: str = "starts", **query: object) -> str:
    values = {"service": of.public_id, "first_day": "2031-03-04", "last_day": "2031-03-04"} | query
    return f"availability/{what}/?" + "&".join(f"{key}={each}" for key, each in values.items())


def shown(program: Program, path: str) -> Any:
    answer = program.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(program: Program, path: str) -> list[str]:
    return [each["starts_at"] for each in shown(program, path)["starts"]]


def test_the_starts_of_a_day_are_told_on_the_clock_of_the_business():
    business = make.business(zone="Asia/Kolkata", hours="09:00-10:30")
    program = Program(make.member(business), business)
    answer = shown(program, asked(make.service(business)))

    assert answer == {
        "time_zone": "Asia/Kolkata",
        "starts": [
            {"starts_at": f"2031-03-04T{clock}:00+05:30", "seats_left": 1}
            for clock in ("09:00", "09:30", "10:00")
        ],
    }


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "UTC", "Europe/London"])
@pytest.mark.parametrize("capacity", [1, 8])
def test_the_answer_is_word_for_word_what_the_shape_says(clock, zone, capacity):
    clock.now = clock.now.replace(month=3, day=20)
    business = make.business(zone=zone, hours="00:00-00:00")
    service = make.service(business, capacity=capacity)
    first, last = date(2031, 3, 21), date(2031, 4, 20)
    if capacity > 1:
        make.booking(service, starts_at=make.at("10:00", days=20), now=clock.now, seats=3)
    program = Program(make.member(business), business)
    answer = program.get(asked(service, first_day=first, last_day=last)).content.decode()
    days = program.get(asked(service, "days", first_day=first, last_day=last)).content.decode()

    found = availability.over(service, first=first, last=last, zone=zone, now=clock.now)
    starts = [
        FreeStart(starts_at=instant(each.at, zone), seats_left=each.seats_left)
        for each in found.starts()
    ]
    assert len(starts) > 1000
    assert {each.seats_left for each in starts} == ({1} if capacity == 1 else {5, 8})
    assert answer == StartsShown(time_zone=zone, starts=starts).model_dump_json()
    assert days == DaysShown(time_zone=zone, days=found.days(first, last, zone)).model_dump_json()


def test_nothing_free_is_an_empty_list(program, service):
    TimeOff.objects.create(
        business=service.business,
        starts_at=make.at("00:00"),
        ends_at=make.at("00:00", days=2),
    )

    assert shown(program, asked(service)) == {"time_zone": "UTC", "starts": []}
    assert shown(program, asked(service, "days")) == {"time_zone": "UTC", "days": []}


def test_every_start_that_is_told_can_be_booked(program, service):
    first, *_, last = told(program, asked(service))
    for start in (first, last):
        contact = {"name": "Jo", "email": "jo@example.org"}
        body = {"service": str(service.public_id), "starts_at": start, "contact": contact}
        assert program.post("bookings/", body).status_code == 201

    assert {first, last}.isdisjoint(told(program, asked(service)))


def test_days_and_times_are_of_the_zone_that_is_asked_for(program, service):
    there = {"time_zone": "Pacific/Kiritimati"}
    starts = told(program, asked(service, **there))

    assert (starts[0], starts[-1]) == ("2031-03-04T00:00:00+14:00", "2031-03-04T23:30:00+14:00")
    today = {"first_day": "2031-03-03", "last_day": "2031-03-03"}
    assert shown(program, asked(service, "days", **today))["days"] == ["2031-03-03"]


def test_two_months_come_in_one_answer_and_more_is_refused(program, service):
    assert len(shown(program, asked(service, "days", last_day="2031-05-02"))["days"]) == 59
    for what in ("starts", "days"):
        assert program.get(asked(service, what, last_day="2031-05-04")).status_code == 200
        refused = program.get(asked(service, what, last_day="2031-05-05"))

        assert refused.status_code == 400
        assert refused.json()["errors"] == [
            {"parameter": "last_day", "detail": "At most 62 days can be asked for at once."}
        ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"first_day": "tomorrow"}, "first_day"),
        ({"first_day": "1234567890"}, "first_day"),
        ({"first_day": "0001-01-01", "last_day": "0001-01-02"}, "first_day"),
        ({"last_day": "9999-12-31", "first_day": "9999-12-31"}, "last_day"),
        ({"last_day": "2031-03-03"}, "last_day"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"seats": "0"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"staff": "1"}, "staff"),
        ({"service": "1"}, "service"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_named(program, service, query, name):
    for what in ("starts", "days"):
        refused = program.get(asked(service, what, **query))

        assert refused.status_code == 400
        assert name in {each["parameter"] for each in refused.json()["errors"]}


def test_the_free_time_of_one_person_is_theirs_alone(program, business):
    ann, ben = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, ben])
    make.booking(service, starts_at=make.at("10:00"), staff=ann)
    taken = "2031-03-04T10:00:00Z"

    assert taken in told(program, asked(service))
    assert taken in told(program, asked(service, staff=ben.public_id))
    assert taken not in told(program, asked(service, staff=ann.public_id))


def test_who_does_not_serve_is_no_choice(program, business, service):
    other, foreign = make.staff(business), make.staff(make.business())
    refused = program.get(asked(service, staff=other.public_id))

    assert (refused.status_code, refused.json()["code"]) == (422, "staff_not_offered")
    assert program.get(asked(service, staff=foreign.public_id)).status_code == 404


def test_a_service_of_another_business_is_not_there(program):
    assert program.get(asked(make.service())).status_code == 404


def test_whoever_books_for_themselves_sees_their_own_time(business):
    user = make.member(business, "team_member")
    ann, ben = make.staff(business, user=user), make.staff(business)
    service = make.service(business, by=[ben, ann])
    make.booking(service, starts_at=make.at("10:00"), staff=ann)
    program = Program(user, business)

    assert "2031-03-04T10:00:00Z" not in told(program, asked(service))
    assert program.get(asked(service, staff=ben.public_id)).status_code == 404


def test_who_may_not_book_is_not_told_when_one_can(business, service):
    assert Membership.objects.count() == 0
    for role in ("viewer", "guest"):
        program = Program(make.member(business, role), business)

        assert program.get(asked(service)).status_code == 403


def test_a_reader_who_knows_the_answer_gets_none_until_it_changes(program, service):
    tag = program.get(asked(service))["ETag"]
    assert program.get(asked(service), If_None_Match=tag).status_code == 304
    make.booking(service)

    assert program.get(asked(service), If_None_Match=tag).status_code == 200


def test_a_start_that_is_taken_is_explained(program, business):
    ann, ben = make.staff(business, name="Ann"), make.staff(business, name="Ben")
    service = make.service(business, by=[ann, ben])
    booking = make.booking(service, staff=ann)
    TimeOff.objects.create(
        business=business,
        resource=ben,
        starts_at=make.at("08:00"),
        ends_at=make.at("12:00"),
    )
    path = f"availability/why-not/?service={service.public_id}&starts_at=2031-03-04T10:00:00Z"
    answer = shown(program, path)

    assert answer["is_free"] is False
    assert answer["reason"]["code"] == "slot_taken"
    found = {each["resource"]["name"]: each for each in answer["found"]}
    assert found["Ann"]["taken"][0]["appointment"] == str(booking.appointment.public_id)
    assert found["Ann"]["open"] == [
        {"starts_at": "2031-03-04T09:00:00Z", "ends_at": "2031-03-04T17:00:00Z"}
    ]
    assert found["Ben"]["reason"]["code"] == "time_off"
    assert found["Ben"]["away"][0]["ends_at"] == "2031-03-04T12:00:00Z"
    nearest = [each["starts_at"] for each in answer["nearest"]]
    assert nearest[:3] == [f"2031-03-04T{clock}:00Z" for clock in ("09:00", "09:30", "10:30")]


def test_a_free_start_has_no_reason(program, service):
    path = f"availability/why-not/?service={service.public_id}&starts_at=2031-03-04T10:00:00Z"
    answer = shown(program, path)

    assert (answer["is_free"], answer["reason"]) == (True, None)


def test_what_is_in_the_way_is_told_only_within_reach(business):
    """Who sees their own appointments alone learns that the room is taken, not by what."""
    user = make.member(business, "team_member")
    ann, ben = make.staff(business, user=user), make.staff(business)
    room = make.room(business)
    make.booking(make.service(business, by=[ben, room]), staff=ben)
    service = make.service(business, by=[ann, room])
    path = f"availability/why-not/?service={service.public_id}&starts_at=2031-03-04T10:00:00Z"
    answer = shown(Program(user, business), path)

    found = {each["resource"]["id"]: each for each in answer["found"]}
    assert found[str(room.public_id)]["reason"]["code"] == "slot_taken"
    assert found[str(room.public_id)]["taken"] == []


@pytest.mark.parametrize("start", ["1234567890", "2031-03-04T10:00", "0001-01-01T00:00Z", "soon"])
def test_a_start_that_cannot_be_read_is_named(program, service, start):
    path = f"availability/why-not/?service={service.public_id}&starts_at={start}"
    refused = program.get(path)

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "starts_at"


@pytest.mark.parametrize("count", [1, 30])
def test_availability_costs_the_same_however_many_serve(
    program, business, django_assert_num_queries, django_assert_max_num_queries, count
):
    people: list[Resource] = [make.staff(business) for _ in range(count)]
    service = make.service(business, by=people)
    span = {"first_day": "2031-03-04", "last_day": "2031-04-02"}
    why = f"availability/why-not/?service={service.public_id}&starts_at=2031-03-04T10:00:00Z"
    for path in (asked(service, **span), asked(service, "days", **span)):
        program.get(path)
        with django_assert_num_queries(5):
            program.get(path)
    program.get(why)
    with django_assert_max_num_queries(12):
        program.get(why)


def test_lead_time_is_counted_at_the_moment_of_the_call(program, business, clock):
    service = make.service(business, minimum_lead=timedelta(hours=4))
    today = {"first_day": "2031-03-03", "last_day": "2031-03-03"}

    assert told(program, asked(service, **today))[0] == "2031-03-03T11:00:00Z"
    clock.now += timedelta(minutes=31)
    assert told(program, asked(service, **today))[0] == "2031-03-03T12:00:00Z"
