"""Services: read, added, changed and archived."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bookings import commands
from bookings.errors import OutsideHours
from bookings.models import AvailabilityRange, HoursRule, Message
from tests import make
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business):
    return make.service(business)


def test_a_service_is_shown_with_all_that_belongs_to_it(program, business):
    anna, room = make.staff(business, name="Anna"), make.room(business, name="Blue")
    service = make.service(
        business,
        by=[anna, room],
        price_kind="fixed",
        price=Decimal("25"),
        minimum_lead=timedelta(hours=3),
        availability="weekly",
    )
    question = make.question(service, required=True, text="Allergies?")
    make.open_daily(service, "10:00-00:00")
    christmas = AvailabilityRange.objects.create(
        service=service,
        first_day=date(2031, 12, 24),
        last_day=date(2031, 12, 26),
        availability="weekly",
    )
    HoursRule.objects.create(
        business=business, range=christmas, weekday=2, opens=time(9), closes=time(12)
    )

    shown = program.get(f"services/{service.public_id}/").json()

    assert shown["price"] == {"amount": "25.00", "currency": "EUR"}
    assert shown["duration"] == "PT30M"
    assert shown["week"]["monday"] == [{"from": "10:00", "to": "00:00"}]
    assert [(each["name"], each["kind"], each["priority"]) for each in shown["resources"]] == [
        ("Anna", "staff", 1),
        ("Blue", "room", 2),
    ]
    assert shown["questions"] == [
        {
            "id": str(question.public_id),
            "text": "Allergies?",
            "kind": "short_text",
            "is_required": True,
        }
    ]
    (dates,) = shown["ranges"]
    assert (dates["first_day"], dates["week"]["wednesday"], dates["week"]["monday"]) == (
        "2031-12-24",
        [{"from": "09:00", "to": "12:00"}],
        [],
    )
    overridden = {name: each for name, each in shown["policy"].items() if each is not None}
    assert overridden == {"interval": "PT30M", "minimum_lead": "PT3H"}


def test_services_are_found_by_who_gives_them_and_how_they_are_booked(program, business):
    anna = make.staff(business)
    make.service(business)
    hers = make.service(business, by=[anna], is_hidden=True, availability="none")

    for query in (f"resource={anna.public_id}", "is_hidden=true", "availability=none"):
        (found,) = program.get(f"services/?{query}").json()["results"]
        assert found["id"] == str(hers.public_id)


def test_a_long_list_of_services_costs_as_much_as_a_short_one(program, business):
    def grow() -> None:
        service = make.service(business)
        make.question(service)
        make.open_daily(service, "09:00-12:00")
        make.reminder(service)
        AvailabilityRange.objects.create(
            service=service, first_day=make.MONDAY, last_day=make.MONDAY, availability="none"
        )

    assert costs_the_same(program, "services/", grow)


def test_a_service_is_added_with_all_that_belongs_to_it_and_can_be_booked(program, business):
    anna, room = make.staff(business), make.room(business)
    question = make.question(make.service(business))
    sent = {
        "name": "Haircut",
        "duration": "PT45M",
        "price_kind": "fixed",
        "price": {"amount": "48.00", "currency": "EUR"},
        "availability": "weekly",
        "week": {"tuesday": [{"from": "10:00", "to": "12:00"}]},
        "ranges": [
            {
                "first_day": "2031-12-24",
                "last_day": "2031-12-31",
                "availability": "weekly",
                "week": {"monday": [{"from": "22:00", "to": "02:00"}]},
            }
        ],
        "resources": [{"id": str(room.public_id), "priority": 2}, {"id": str(anna.public_id)}],
        "questions": [{"id": str(question.public_id), "is_required": True}],
        "policy": {"interval": "PT15M", "strategy": "random"},
    }
    answer = program.post("services/", sent, Idempotency_Key="k")
    again = program.post("services/", sent, Idempotency_Key="k")

    assert answer.status_code == 201, answer.content
    assert again.content == answer.content
    shown = answer.json()
    assert (shown["slug"], shown["position"], shown["buffer_after"]) == ("haircut", 0, "PT0S")
    assert shown["price"] == sent["price"]
    assert shown["week"]["tuesday"] == [{"from": "10:00", "to": "12:00"}]
    assert shown["ranges"][0]["week"]["monday"] == [{"from": "22:00", "to": "02:00"}]
    assert [each["id"] for each in shown["resources"]] == [
        str(anna.public_id),
        str(room.public_id),
    ]
    assert shown["questions"][0]["is_required"] is True
    assert (shown["policy"]["strategy"], shown["policy"]["grid"]) == ("random", None)
    assert program.get(answer["Location"].removeprefix("http://localhost:8000")).json() == shown
    service = business.services.get(name="Haircut")
    assert service.reminders.get().offset == timedelta(days=1)
    event = business.events.get(kind="service.added")
    assert event.data["after"]["duration"] == "P0DT00H45M00S"
    make.booking(service, starts_at=make.at("10:15"), answers={str(question.public_id): "no"})


def test_two_services_of_one_name_have_pages_of_their_own(program):
    slugs = [program.post("services/", {"name": "Ärzte"}).json()["slug"] for _ in range(3)]

    assert slugs == ["arzte", "arzte-2", "arzte-3"]


def test_only_what_is_sent_of_a_service_is_changed(program, business):
    service = make.service(business, price_kind="fixed", price=Decimal("25"))
    path = f"services/{service.public_id}/"
    before = program.get(path).json()

    after = program.patch(path, {"price": {"amount": "30"}, "policy": {"minimum_lead": "P1D"}})

    assert after.status_code == 200, after.content
    assert after.json() == before | {
        "price": {"amount": "30.00", "currency": "EUR"},
        "policy": before["policy"] | {"minimum_lead": "P1D"},
    }
    event = business.events.get(kind="service.changed")
    assert event.data["before"] == {"price": "25.00", "minimum_lead": None}
    cleared = program.patch(
        path, {"price": None, "price_kind": "free", "policy": {"interval": None}}
    ).json()
    assert (cleared["price"], cleared["policy"]["interval"]) == (None, None)
    assert cleared["policy"]["minimum_lead"] == "P1D"


def test_a_list_that_is_sent_replaces_the_whole_one_and_others_stay(program, business, service):
    make.question(service)
    make.open_daily(service, "09:00-10:00")
    anna = make.staff(business)
    path = f"services/{service.public_id}/"

    shown = program.patch(path, {"resources": [{"id": str(anna.public_id)}], "week": {}}).json()
    again = program.patch(path, {"resources": [{"id": str(anna.public_id)}], "week": {}})

    assert [each["id"] for each in shown["resources"]] == [str(anna.public_id)]
    assert (shown["week"]["monday"], len(shown["questions"])) == ([], 1)
    assert again.json() == shown
    event = business.events.get(kind="service.changed")
    assert event.data["after"] == {"resources": [[str(anna.public_id), 1]], "week": []}


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x" * 201}, "/name"),
        ({"slug": "taken"}, "/slug"),
        ({"slug": "nö"}, "/slug"),
        ({"duration": "PT0S"}, "/duration"),
        ({"duration": "PT30S"}, "/duration"),
        ({"buffer_before": "-PT5M"}, "/buffer_before"),
        ({"buffer_after": "P100000D"}, "/buffer_after"),
        ({"capacity": 0}, "/capacity"),
        ({"capacity": 10**12}, "/capacity"),
        ({"position": -1}, "/position"),
        ({"price_kind": "fixed"}, "/price"),
        ({"price": {"amount": "5"}}, "/price"),
        ({"price": {"amount": "5", "currency": "USD"}}, "/price/currency"),
        ({"join_link": "javascript:alert(1)"}, "/join_link"),
        ({"sends_sms": True}, "/sends_sms"),
        ({"policy": {"cancellation_notice": "-PT1H"}}, "/policy/cancellation_notice"),
        (
            {
                "week": {
                    "sunday": [{"from": "22:00", "to": "03:00"}],
                    "monday": [{"from": "02:00", "to": "04:00"}],
                }
            },
            "/week/monday",
        ),
        (
            {
                "ranges": [
                    {"first_day": "2031-05-02", "last_day": "2031-05-01", "availability": "none"}
                ]
            },
            "/ranges/0",
        ),
        ({"reminders": [{"offset": "PT1M"}]}, "/reminders/0"),
        ({"reminders": [{"offset": "P400D"}]}, "/reminders/0"),
        ({"reminders": [{"offset": "P1D"}, {"offset": "P1D"}]}, "/reminders"),
        ({"resources": [{"id": "00000000-0000-4000-8000-000000000000"}]}, "/resources/0/id"),
        ({"questions": [{"id": "00000000-0000-4000-8000-000000000000"}]}, "/questions/0/id"),
    ],
)
def test_what_a_service_cannot_be_is_refused_where_it_stands(program, business, sent, pointer):
    make.service(business, slug="taken")
    service = make.service(business)
    for answer in (
        program.patch(f"services/{service.public_id}/", sent),
        program.post("services/", {"name": "New"} | sent),
    ):
        assert answer.status_code == 422, answer.content
        found = {each["pointer"] for each in answer.json()["errors"]}
        assert found in ({pointer}, {"/week/sunday"})
    assert business.services.count() == 2
    assert not business.events.filter(kind__startswith="service.").exists()


def test_a_service_says_what_it_is_told_to_and_coming_appointments_are_planned_again(
    program, service, clock
):
    day_before = make.reminder(service)
    make.booking(service, starts_at=make.at("10:00", days=5), now=clock.now)
    path = f"services/{service.public_id}/"
    kept = program.get(path).json()["reminders"]

    sent = [*kept, {"kind": "follow_up", "offset": "PT2H", "text": "How was it?"}]
    answer = program.patch(path, {"reminders": sent})
    commands.replan(now=clock.now)

    assert answer.status_code == 200, answer.content
    assert [(each["kind"], each["offset"]) for each in answer.json()["reminders"]] == [
        ("follow_up", "PT2H"),
        ("reminder", "P1D"),
    ]
    assert service.reminders.filter(pk=day_before.pk).exists()
    planned = Message.objects.filter(reminder__isnull=False).values_list("topic", "due_at")
    assert set(planned) == {
        ("reminder", make.at("10:00", days=4)),
        ("follow_up", make.at("12:30", days=5)),
    }


def test_nobody_is_named_twice(program, business, service):
    anna = {"id": str(make.staff(business).public_id)}
    answer = program.patch(f"services/{service.public_id}/", {"resources": [anna, anna]})

    assert answer.json()["errors"][0]["pointer"] == "/resources/1"


def test_a_service_takes_nobody_of_another_business(program, service):
    other = make.staff(make.business())
    answer = program.patch(
        f"services/{service.public_id}/", {"resources": [{"id": str(other.public_id)}]}
    )

    assert answer.status_code == 422
    assert not service.resources.filter(pk=other.pk).exists()


def test_an_archived_service_is_hidden_and_nobody_books_it_while_what_is_booked_stays(
    program, business, service, clock
):
    booking = make.booking(service)
    for last_day, availability in ((date(2031, 3, 2), "staff"), (date(2031, 12, 31), "staff")):
        AvailabilityRange.objects.create(
            service=service,
            first_day=date(2031, 1, 1),
            last_day=last_day,
            availability=availability,
        )

    path = f"services/{service.public_id}/"
    shown = program.post(f"{path}archive/").json()
    program.post(f"{path}archive/")

    assert (shown["is_hidden"], shown["availability"]) == (True, "none")
    assert [each["last_day"] for each in shown["ranges"]] == ["2031-03-02"]
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert business.events.filter(kind="service.archived").count() == 1
    with pytest.raises(OutsideHours):
        make.booking(service, starts_at=make.at("14:00"))
    program.patch(path, {"is_hidden": False, "availability": "staff"})
    make.booking(service, starts_at=make.at("14:00"))


def test_a_service_that_has_changed_since_it_was_seen_is_left_alone(program, service):
    path = f"services/{service.public_id}/"
    tag = program.get(path)["ETag"]
    first = program.patch(path, {"description": "First"}, If_Match=tag)

    assert first.status_code == 200
    assert program.patch(path, {"description": "Second"}, If_Match=tag).status_code == 412
    assert program.post(f"{path}archive/", If_Match=tag).status_code == 412
    assert program.patch(path, {"name": "Third"}, If_Match=first["ETag"]).status_code == 200


def test_only_who_may_edit_settings_changes_services(business, service):
    for role in ("team_member", "scheduler", "viewer"):
        program = Program(make.member(business, role), business)
        assert program.post("services/", {"name": "New"}).status_code == 403
        assert program.patch(f"services/{service.public_id}/", {"name": "N"}).status_code == 403
        assert program.post(f"services/{service.public_id}/archive/").status_code == 403
