"""Customers as programs keep them: found, added, corrected, merged, taken away, erased."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Actor, Contact
from bookings.models import Customer, Event, KeptAnswer
from tests import make
from tests.at_once import at_once
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same
from tests.make import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
DESK = Actor("staff", "Mia")


def known(business, name="Ann Lee", **fields):
    """Return a customer of the business."""
    contact = Contact(name=name, **{"language": ""} | fields)
    return commands.add_customer(business=business, contact=contact, now=NOW, actor=DESK)


def names(answer):
    assert answer.status_code == 200, answer.json()
    return [each["name"] for each in answer.json()["results"]]


def test_customers_are_listed_by_name_whatever_its_capitals(program, business):
    for name in ("bert", "Émile", "Ann"):
        known(business, name)
    known(make.business(), "Stranger")

    assert names(program.get("customers/")) == ["Ann", "bert", "Émile"]
    assert names(program.get("customers/?order=-created_at")) == ["Ann", "Émile", "bert"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=EMILE", ["Émile"]),
        ("q=nobody", []),
        ("q=5551234", ["Ann"]),
        ("email=ANN@example.org", ["Ann"]),
        ("email=nn@example.org", []),
        ("opted_out=true", ["Émile"]),
        ("opted_out=false", ["Ann"]),
        ("q=%00%27%20OR%201%3D1--", []),
    ],
)
def test_customers_are_found(program, business, query, found):
    known(business, "Ann", email="Ann@example.org", phone="+49 555 1234")
    commands.opt_out(customer=known(business, "Émile"), now=NOW)

    assert names(program.get(f"customers/?{query}")) == found


@pytest.mark.parametrize("query", ["order=email", "expand=bookings", "limit=0", "opted_out=maybe"])
def test_what_is_not_on_the_list_of_what_can_be_asked_is_refused(program, query):
    answer = program.get(f"customers/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")


def test_totals_come_where_they_are_asked_for(program, business):
    service = make.service(business)
    contact = make.contact(name="Ann")
    kept = make.booking(service, contact=contact)
    commands.cancel_booking(booking=kept, now=NOW)
    make.booking(service, starts_at=at("11:00"), contact=contact)
    (shown,) = program.get("customers/?expand=totals").json()["results"]

    assert shown["totals"] == {"bookings": 2, "cancellations": 1, "no_shows": 0}
    assert program.get(f"customers/{shown['id']}/?expand=totals").json() == shown
    assert program.get(f"customers/{shown['id']}/").json() == shown | {"totals": None}


def test_a_list_of_thirty_costs_what_a_list_of_one_does(program, business):
    assert costs_the_same(program, "customers/", lambda: known(business))
    assert costs_the_same(
        Program(make.member(other := make.business()), other),
        "customers/?expand=totals",
        lambda: known(other),
    )


def test_a_team_member_reaches_the_customers_of_their_own_bookings(business):
    user = make.member(business, "team_member")
    mine = make.service(business, by=[make.staff(business, user=user)])
    make.booking(mine, contact=make.contact(name="Mine"))
    make.booking(make.service(business), contact=make.contact(name="Another's"))
    other = Customer.objects.get(name="Another's")
    program = Program(user, business)

    assert names(program.get("customers/")) == ["Mine"]
    assert program.get(f"customers/{other.public_id}/").status_code == 404
    assert program.call("PATCH", f"customers/{other.public_id}/", {"name": "X"}).status_code == 404
    assert program.post("customers/", {"name": "New"}).status_code == 403


def test_a_customer_is_added(program, business):
    sent = {
        "name": "Ann Lee",
        "email": "ann@example.org",
        "phone": "+49 30 901820",
        "time_zone": "Europe/Berlin",
        "language": "de",
        "notes": "Likes tea.\nNo milk.",
    }
    answer = program.post("customers/", sent)

    assert answer.status_code == 201
    shown = answer.json()
    assert {name: shown[name] for name in sent} == sent
    assert (shown["opted_out_at"], shown["totals"]) == (None, None)
    address = answer["Location"].removeprefix("http://localhost:8000")
    again = program.get(address)
    assert (again.json(), again["ETag"]) == (shown, answer["ETag"])
    event = Event.objects.get(kind="customer.added")
    assert event.actor.startswith("program:Sync")


def test_a_key_adds_a_customer_once(program):
    first = program.post("customers/", {"name": "Ann"}, Idempotency_Key="k1")
    again = program.post("customers/", {"name": "Ann"}, Idempotency_Key="k1")

    assert (first.content, first["Location"]) == (again.content, again["Location"])
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "status", "pointers"),
    [
        ({}, 400, ["/name"]),
        ({"name": "Ann", "zone": "Europe/Berlin"}, 400, ["/zone"]),
        ({"name": "Ann", "email": 5}, 400, ["/email"]),
        ({"name": "Ann", "notes": "x" * 1_000_000}, 400, ["/notes"]),
        ({"name": " "}, 422, ["/name"]),
        ({"name": "Ann", "time_zone": "Mars/Base"}, 422, ["/time_zone"]),
        ({"name": "Ann", "email": "no", "phone": "no"}, 422, ["/email", "/phone"]),
        ({"name": "Ann", "language": "xx"}, 422, ["/language"]),
        ({"name": "Ann", "email": "Taken@example.org"}, 422, ["/email"]),
    ],
)
def test_a_wrong_customer_is_refused_field_by_field(program, business, sent, status, pointers):
    known(business, "Taken", email="taken@example.org")
    answer = program.post("customers/", sent)

    assert answer.status_code == status
    assert sorted(each["pointer"] for each in answer.json()["errors"]) == pointers
    assert Customer.objects.count() == 1


def test_only_what_is_sent_changes(program, business):
    row = known(business, phone="+49 30 901820", notes="Likes tea.")
    answer = program.call("PATCH", f"customers/{row.public_id}/", {"name": "Ann", "notes": ""})

    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.name, row.phone, row.notes) == ("Ann", "+49 30 901820", "")
    assert answer.json() == program.get(f"customers/{row.public_id}/").json()
    assert Event.objects.get(kind="customer.changed").data["fields"] == ["name", "notes"]


@pytest.mark.parametrize("sent", [{"name": None}, {"id": "x"}, {"time_zone": ["UTC"]}, []])
def test_a_change_that_cannot_be_read_is_refused(program, business, sent):
    row = known(business)

    assert program.call("PATCH", f"customers/{row.public_id}/", sent).status_code == 400


def test_a_change_names_fields_as_they_were_sent(program, business):
    row = known(business)
    answer = program.call("PATCH", f"customers/{row.public_id}/", {"time_zone": "Mars/Base"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/time_zone"


def test_who_saw_an_older_customer_changes_nothing(program, business):
    row = known(business)
    path = f"customers/{row.public_id}/"
    seen = program.get(path)["ETag"]
    first = program.call("PATCH", path, {"name": "Ann"}, If_Match=seen)
    late = program.call("PATCH", path, {"name": "Anna"}, If_Match=seen)

    assert (first.status_code, late.status_code) == (200, 412)
    assert late["ETag"] == first["ETag"]
    assert program.call("DELETE", path, If_Match=seen).status_code == 412
    assert program.post(f"{path}opt-out/", If_Match=seen).status_code == 412
    assert program.get(path).json()["name"] == "Ann"


def test_reminders_are_refused_and_wanted_again(program, business):
    row = known(business)
    out = program.post(f"customers/{row.public_id}/opt-out/")
    again = program.post(f"customers/{row.public_id}/opt-out/")
    back = program.post(f"customers/{row.public_id}/opt-in/")

    assert out.json()["opted_out_at"] == "2031-03-03T07:00:00Z"
    assert again.json() == out.json()
    assert back.json()["opted_out_at"] is None
    kinds = Event.objects.exclude(kind="customer.added").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["customer.opted_out", "customer.opted_in"]


def test_a_duplicate_is_merged(program, business):
    keep, double = known(business, phone=""), known(business, phone="+49 30 901820")
    booking = make.booking(make.service(business), contact=make.contact(name="Ann"))
    type(booking).objects.filter(pk=booking.pk).update(customer=double)
    sent = {"duplicate": str(double.public_id)}
    answer = program.post(f"customers/{keep.public_id}/merge/", sent)

    assert (answer.status_code, answer.json()["phone"]) == (200, "+49 30 901820")
    booking.refresh_from_db()
    assert booking.customer_id == keep.pk
    assert program.get(f"customers/{double.public_id}/").status_code == 404


def test_nobody_is_their_own_duplicate(program, business):
    row = known(business)
    sent = {"duplicate": str(row.public_id)}
    answer = program.post(f"customers/{row.public_id}/merge/", sent)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/duplicate")


def test_a_customer_of_another_business_is_no_duplicate(program, business):
    row, other = known(business), known(make.business())
    sent = {"duplicate": str(other.public_id)}

    assert program.post(f"customers/{row.public_id}/merge/", sent).status_code == 404


def test_everything_about_a_customer_is_taken_away_and_that_is_on_record(program, business):
    service = make.service(business, price_kind="fixed", price=25)
    asked = make.question(service)
    booking = make.booking(
        service,
        contact=make.contact(name="Ann", email="ann@example.org"),
        answers={str(asked.public_id): "Blue"},
    )
    commands.send_my_bookings(business=business, email="ann@example.org", now=NOW)
    commands.feed_for(customer=booking.customer, now=NOW)
    answer = program.post(f"customers/{booking.customer.public_id}/export/")

    assert answer.status_code == 200
    told = answer.json()
    assert told["customer"]["email"] == "ann@example.org"
    assert told["bookings"][0]["answers"] == [{"question": asked.text, "answer": "Blue"}]
    assert told["bookings"][0]["appointment"]["price"] == "25.00"
    assert {each["kind"] for each in told["events"]} >= {"customer.exported", "booking.confirmed"}
    assert (len(told["messages"]) > 1, len(told["feeds"])) == (True, 1)
    assert Event.objects.get(kind="customer.exported").actor.startswith("program:Sync")


def test_a_customer_is_erased(program, business, clock):
    booking = make.booking(make.service(business), contact=make.contact(name="Ann"))
    path = f"customers/{booking.customer.public_id}/"
    early = program.call("DELETE", path)
    clock.now += timedelta(days=2)
    done = program.call("DELETE", path)

    assert (early.status_code, early.json()["code"]) == (422, "still_coming")
    assert (done.status_code, done.content) == (204, b"")
    assert program.get(path).status_code == program.call("DELETE", path).status_code == 404
    booking.refresh_from_db()
    assert booking.name == "(erased)"


def test_an_answer_that_named_an_erased_customer_is_not_told_again(program):
    made = program.post("customers/", {"name": "Jo"}, Idempotency_Key="k1")
    program.call("DELETE", f"customers/{made.json()['id']}/")
    again = program.post("customers/", {"name": "Jo"}, Idempotency_Key="k1")

    assert (again.status_code, again.json()["code"]) == (410, "erased")
    assert not Customer.objects.filter(erased_at=None).exists()


def test_what_was_said_of_a_merged_duplicate_goes_with_the_one_that_stays(program, business):
    double = program.post("customers/", {"name": "Jo"}, Idempotency_Key="k1").json()
    keep = known(business, "Al")
    program.post(f"customers/{keep.public_id}/merge/", {"duplicate": double["id"]})
    program.call("DELETE", f"customers/{keep.public_id}/")
    again = program.post("customers/", {"name": "Jo"}, Idempotency_Key="k1")

    assert again.status_code == 410


@pytest.mark.django_db(transaction=True)
def test_nothing_is_kept_of_a_customer_who_is_erased_at_the_very_moment(business):
    user = make.member(business)
    taker, eraser = Program(user, business), Program(user, business)
    for number in range(8):
        path = f"customers/{known(business, f'Canary {number}').public_id}/"
        took, erased = at_once(
            partial(taker.post, f"{path}export/", Idempotency_Key="k1"),
            partial(eraser.call, "DELETE", path),
        )

        assert took.status_code in (200, 404)
        assert erased.status_code == 204
    assert not KeptAnswer.objects.filter(status=200).exclude(sealed=b"").exists()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "", {"name": "Ann"}),
        ("PATCH", "{}/", {"name": "Ann"}),
        ("DELETE", "{}/", None),
        ("POST", "{}/opt-out/", None),
        ("POST", "{}/opt-in/", None),
        ("POST", "{}/merge/", {"duplicate": "00000000-0000-0000-0000-000000000000"}),
        ("POST", "{}/export/", None),
    ],
)
def test_neither_viewers_nor_readers_change_customers(business, method, path, body):
    row = known(business)
    path = f"customers/{path.format(row.public_id)}"
    viewer = Program(make.member(business, "viewer"), business)
    reader = Program(make.member(business), business, (Scope.CUSTOMERS_READ,))
    said = [each.call(method, path, body) for each in (viewer, reader)]

    assert [each.status_code for each in said] == [403, 403]
    assert [each.json()["code"] for each in said] == ["not_allowed", "insufficient_scope"]
