"""Following what happens: a cursor that leads past everything once, and who may read what."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings import commands, outbox
from bookings.commands import Actor
from bookings.composing import compose
from bookings.models import Booking, Business, Era, Event, Instance
from bookings.models.kinds import KINDS
from bookings.queries.events import ALONE
from tests import make
from tests.at_once import at_once
from tests.faces.api.conftest import Program
from tests.make import NOW, at
from tests.meanwhile import aside

pytestmark = pytest.mark.django_db(transaction=True)
DESK = Actor("staff", "Mei")


@transaction.atomic
def happen(of: Business, kind: str = "hours.changed") -> str:
    event = outbox.record_alone(business=of, kind=kind, actor="staff:Mei", now=NOW, data={"a": 1})
    return str(event.public_id)


def at_once_or_never(of: Business) -> str:
    """Let something happen where it need not wait for anybody; for a connection of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '500ms'")
    return happen(of)


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["data"]["id"] for each in answer.json()["results"]]


def followed(program: Program, query: str = "limit=2", after: str = "start") -> list[str]:
    """Return the ids of all events behind a cursor, read part by part."""
    found: list[str] = []
    while True:
        answer = program.get(f"events/?{query}&after={after}")
        found += ids(answer)
        after = answer.json()["cursor"]
        if not answer.json()["has_more"]:
            return found


def elsewhere() -> None:
    """Let the database be one that was dumped in a cluster that had counted much further."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_era SET home = 'another cluster'")
        cursor.execute("SET bookings.erasing = 'on'")
        cursor.execute("UPDATE bookings_event SET position = position + 1000000000")
        cursor.execute("RESET bookings.erasing")


def test_events_are_told_as_webhooks_tell_them():
    business = make.business(zone="Europe/Berlin")
    program = Program(make.member(business), business)
    Instance.objects.get_or_create()
    service = make.service(business)
    asked = make.question(service)
    booking = make.booking(service, starts_at=at("10:00"), answers={str(asked.public_id): "short"})
    make.subscription(business)
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW, actor=DESK)
    while message := outbox.claim(now=NOW):
        if message.outlet == "webhook":
            told = json.loads(compose(message, now=NOW).body)
        outbox.settle_sent(message, now=NOW)
    shown = program.get("events/").json()["results"][-1]

    assert told["data"].pop("previous_undelivered") is False
    assert shown == told
    assert program.get(f"events/{told['data']['id']}/").json() == shown


def test_what_concerns_no_appointment_has_its_details_alone(program, business):
    happen(business)
    data = program.get("events/").json()["results"][0]["data"]

    assert (data["sequence"], data["actor"], data["details"]) == (0, "staff", {"a": 1})
    assert (data["appointment"], data["bookings"], data["before"]) == (None, [], None)


def test_a_reader_goes_on_from_each_cursor_to_the_end_and_then_to_what_is_new(program, business):
    first = [happen(business) for _ in range(5)]
    happen(make.business())

    assert followed(program) == first
    cursor = program.get("events/").json()["cursor"]
    quiet = program.get(f"events/?after={cursor}").json()
    assert (quiet["results"], quiet["cursor"], quiet["has_more"]) == ([], cursor, False)
    assert quiet["next"] is None
    fresh = happen(business)
    assert ids(program.get(f"events/?after={cursor}")) == [fresh]


def test_where_nothing_ever_happened_there_is_a_cursor_too(program, business):
    for after in ("start", "now"):
        quiet = program.get(f"events/?after={after}").json()
        assert (quiet["results"], quiet["cursor"]) == ([], "start")
    fresh = happen(business)

    assert followed(program) == [fresh]


def test_who_begins_now_hears_of_what_is_to_come(program, business):
    happen(business)
    begun = program.get("events/?after=now").json()
    fresh = happen(business)

    assert begun["results"] == []
    assert ids(program.get(f"events/?after={begun['cursor']}")) == [fresh]


def test_what_is_chosen_by_kind_leads_past_the_rest(program, business):
    wanted = happen(business, "staff.added")
    happen(business)
    also = happen(business, "customer.added")
    for _ in range(3):
        happen(business)
    answer = program.get("events/?kind=staff.added,customer.added", Prefer="count=exact")

    assert ids(answer) == [wanted, also]
    assert answer.json()["count"] == 2
    assert followed(program, "limit=1&kind=staff.added,customer.added") == [wanted, also]
    assert followed(program, "kind=staff.added", answer.json()["cursor"]) == []
    assert answer.json()["cursor"] == str(Event.objects.latest("pk").public_id)


def test_events_of_one_appointment_can_be_followed(program, business):
    service = make.service(business)
    one, _other = make.booking(service), make.booking(service, starts_at=at("12:00"))
    commands.check_in(booking=one, now=at("09:50"), actor=DESK)
    shown = program.get(f"events/?appointment={one.appointment.public_id}").json()["results"]

    assert [each["type"] for each in shown] == ["booking.confirmed", "booking.checked_in"]
    assert program.get(f"events/?appointment={uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "after=1", "after=", "limit=0", "limit=101", "order=at", "at=1"]
)
def test_what_cannot_be_read_is_named(program, query):
    answer = program.get(f"events/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"].startswith(query.partition("=")[0])


def test_a_cursor_from_before_a_backup_was_restored_is_lost(program, business):
    happen(business)
    lost = happen(make.business())
    for after in (lost, uuid4()):
        answer = program.get(f"events/?after={after}")
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_lost")


def test_an_event_waits_for_those_that_were_begun_before_it(program, business):
    happen(business)
    begun = program.get("events/").json()["cursor"]
    with transaction.atomic():
        slow = outbox.record_alone(
            business=business, kind="hours.changed", actor="staff", now=NOW, data={}
        )
        quick = aside(lambda: happen(business))
        nothing = aside(lambda: program.get(f"events/?after={begun}").json())

    assert (nothing["results"], nothing["cursor"]) == ([], begun)
    assert ids(program.get(f"events/?after={begun}")) == [str(slow.public_id), quick]


def test_a_dump_restored_where_fewer_transactions_were_counted_leads_on_in_order(program, business):
    before = [happen(business) for _ in range(3)]
    cursor = program.get("events/?limit=2").json()["cursor"]
    elsewhere()

    assert followed(program) == before
    assert followed(program, after=cursor) == before[2:]
    after = [happen(business) for _ in range(3)]
    assert followed(program) == before + after
    assert followed(program, after=cursor) == before[2:] + after
    assert [era.number for era in Era.objects.order_by("number")] == [1, 2]


def test_many_who_write_first_after_a_restore_begin_one_era(program, business):
    before = [happen(business)]
    elsewhere()
    fresh = at_once(*[lambda: happen(business)] * 4)

    found = followed(program)
    assert found[:1] == before
    assert sorted(found[1:]) == sorted(fresh)
    assert {era.number for era in Era.objects.all()} == {1, 2}


def test_who_begins_an_era_keeps_nobody_waiting(program, business):
    old = happen(business)
    elsewhere()
    with transaction.atomic():
        slow = happen(business)
        quick = aside(lambda: at_once_or_never(business))
        assert aside(lambda: followed(program)) == [old]

    assert followed(program) == [old, slow, quick]


def test_an_era_lasts_though_who_began_it_gave_up(program, business):
    old = happen(business)
    elsewhere()
    with suppress(ZeroDivisionError), transaction.atomic():
        happen(business)
        quick = aside(lambda: at_once_or_never(business))
        raise ZeroDivisionError

    assert followed(program) == [old, quick]


def test_events_from_before_they_had_positions_come_first(program, business):
    old = [happen(business) for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("SET bookings.erasing = 'on'")
        cursor.execute("UPDATE bookings_event SET position = 0")
        cursor.execute("RESET bookings.erasing")
        cursor.execute("DELETE FROM bookings_era")

    assert followed(program) == old
    fresh = happen(business)
    assert followed(program, "limit=1") == [*old, fresh]


def test_a_team_member_reads_of_appointments_that_are_theirs(business):
    mine, theirs = make.staff(business), make.staff(business)
    own = make.booking(make.service(business, by=[mine]))
    foreign = make.booking(make.service(business, by=[theirs]))
    happen(business)
    happen(business, "staff.added")
    user = make.member(business, "team_member")
    mine.user = user
    mine.save(update_fields=["user"])
    program = Program(user, business)

    assert followed(program) == [str(own.events.get().public_id), _staff_added(business)]
    path = f"events/{foreign.events.get().public_id}/"
    assert program.get(path).status_code == 404
    assert program.get(f"events/?appointment={foreign.appointment.public_id}").status_code == 404


def _staff_added(business: Business) -> str:
    return str(Event.objects.get(business=business, kind="staff.added").public_id)


def test_of_a_booking_that_has_left_a_team_member_is_told_no_more(business):
    mine, theirs = make.staff(business), make.staff(business)
    group = make.service(business, by=[mine, theirs], capacity=3)
    booking = make.booking(group, staff=mine)
    make.booking(group, staff=mine)
    commands.reschedule(booking=booking, starts_at=at("15:00"), staff=theirs, now=NOW, actor=DESK)
    user = make.member(business, "team_member")
    mine.user = user
    mine.save(update_fields=["user"])
    shown = Program(user, business).get("events/").json()["results"]
    left = [each for each in shown if each["type"] == "booking.left"]

    assert [each["data"]["bookings"] for each in left] == [[]]
    assert Booking.objects.get(pk=booking.pk).name not in json.dumps(shown)


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("admin", set()),
        ("scheduler", {"hours"}),
        ("viewer", {"hours", "time_off"}),
    ],
)
def test_what_concerns_no_appointment_is_for_who_may_see_what_it_is_about(business, role, hidden):
    for kind in KINDS:
        happen(business, kind)
    shown = Program(make.member(business, role), business).get("events/?limit=100").json()
    read = {each["type"].partition(".")[0] for each in shown["results"]}
    about = {kind.partition(".")[0] for kind in KINDS}
    alone = about - {"booking", "appointment", "choice", "message"}

    everything = alone if role == "admin" else alone & set(ALONE)
    assert read & alone == everything - hidden


def test_guests_and_programs_without_the_scope_are_kept_out(business):
    assert Program(make.member(business, "guest"), business).get("events/").status_code == 403
    assert Program(make.member(business), business, ()).get("events/").status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_a_part_costs_the_same_however_long_it_is(program, business, many):
    service = make.service(business)
    for number in range(many):
        make.booking(service, starts_at=at("09:00", days=1 + number))
    program.get("events/")
    with CaptureQueriesContext(connection) as asked:
        assert len(ids(program.get("events/?limit=100"))) == many

    assert len(asked) == 9
