"""How every call is answered: who is let in, what is read, what is kept for a repeat."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from accounts import callers
from accounts.models import User
from accounts.scopes import Scope
from bookings import commands
from bookings.models import Booking, KeptAnswer
from tests import make
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business):
    return make.service(business)


@pytest.fixture
def wanted(service):
    return {
        "service": str(service.public_id),
        "starts_at": "2031-03-04T09:00:00Z",
        "contact": {"name": "Jo", "email": "jo@example.org"},
    }


def test_a_program_lists_the_services_of_its_business(program, service):
    answer = program.get("services/")

    assert answer.status_code == 200
    (shown,) = answer.json()["results"]
    assert (shown["id"], shown["duration"]) == (str(service.public_id), "PT30M")


def test_a_list_goes_on_where_it_says(program, business):
    for number in range(5):
        make.service(business, position=number)
    first = program.get("services/?limit=2", Prefer="count=exact").json()
    second = program.get(first["next"].removeprefix("http://localhost:8000")).json()
    back = program.get(second["previous"].removeprefix("http://localhost:8000")).json()

    assert first["count"] == 5
    assert (len(first["results"]), first["previous"]) == (2, None)
    assert back["results"] == first["results"]
    assert {each["id"] for each in second["results"]}.isdisjoint(
        each["id"] for each in first["results"]
    )


def test_each_thing_in_a_list_has_only_the_fields_that_are_wanted(program, service):
    answer = program.get("services/?fields=id, name")

    assert answer.json()["results"] == [{"id": str(service.public_id), "name": service.name}]
    assert set(answer.json()) == {"results", "next", "previous", "count"}


def test_a_field_that_is_not_there_is_named(program):
    answer = program.get("services/?fields=id,shoe_size")

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error == {"parameter": "fields", "detail": "There is no field shoe_size."}


def test_a_call_without_a_token_is_told_how(program):
    answer = program.client.get(f"/api/v1/businesses/{program.business.public_id}/services/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("how", ["unknown", "expired", "revoked", "switched off"])
def test_a_token_that_is_good_for_nothing_is_refused_from_the_next_call(program, how, clock):
    assert program.get("services/").status_code == 200
    if how == "unknown":
        program.token = "bpt_nonsense"
    elif how == "expired":
        token = program.user.access_tokens.get()
        token.expires_at = clock.now
        token.save(update_fields=["expires_at"])
    elif how == "revoked":
        callers.revoke(program.user.access_tokens.get(), now=clock.now)
    else:
        program.user.is_active = False
        program.user.save(update_fields=["is_active"])
    answer = program.get("services/")

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_without_the_scope_is_told_which(business):
    program = Program(make.member(business), business, (Scope.EVENTS_READ,))
    answer = program.get("services/")

    assert answer.status_code == 403
    assert answer.json()["scope"] == "services:read"


def test_a_role_rules_whatever_the_scopes(business, wanted):
    assert Program(make.member(business, "viewer"), business).get("services/").status_code == 200
    answer = Program(make.member(business, "viewer"), business).post("bookings/", wanted)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_role_counts_from_the_next_call(program, business, wanted):
    assert program.get("services/").status_code == 200
    known = business.memberships.filter(user=program.user)
    known.update(role="viewer")
    assert program.post("bookings/", wanted).status_code == 403
    known.delete()
    assert program.get("services/").status_code == 404
    User.objects.filter(pk=program.user.pk).update(is_superuser=True)
    assert program.post("bookings/", wanted).status_code == 201


def test_another_business_is_not_there(program):
    program.business = make.business()

    assert program.get("services/").status_code == 404


def test_a_booking_is_made_and_told(program, wanted):
    answer = program.post("bookings/", wanted)

    assert answer.status_code == 201
    booking = Booking.objects.get()
    assert answer.json()["id"] == str(booking.public_id)
    assert booking.events.get().actor.startswith("program:Sync")


def test_every_wrong_field_is_named(program, wanted):
    wanted |= {"seats": "two", "colour": "red"}
    wanted["contact"]["emial"] = "jo@example.org"
    answer = program.post("bookings/", wanted)

    assert answer.status_code == 400
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/seats", "/colour", "/contact/emial"}
    assert not Booking.objects.exists()


def test_the_same_key_gets_the_same_answer_and_books_once(program, wanted):
    first = program.post("bookings/", wanted, Idempotency_Key='"k1"')
    again = program.post("bookings/", wanted, Idempotency_Key='"k1"')

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Booking.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(program, wanted):
    program.post("bookings/", wanted, Idempotency_Key="k1")
    answer = program.post("bookings/", wanted | {"seats": 2}, Idempotency_Key="k1")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_a_time_that_is_taken_is_no_answer_to_keep(program, wanted):
    program.post("bookings/", wanted)
    refused = program.post("bookings/", wanted, Idempotency_Key="k1")

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert not KeptAnswer.objects.exists()


def test_what_named_somebody_who_was_erased_is_not_told_again(program, wanted, clock):
    made = program.post("bookings/", wanted, Idempotency_Key="k1")
    other = wanted | {"starts_at": "2031-03-04T09:30:00Z", "contact": {"name": "Al"}}
    program.post("bookings/", other, Idempotency_Key="k2")
    booking = Booking.objects.get(public_id=made.json()["id"])
    clock.now += timedelta(days=1, hours=8)
    assert booking.customer
    commands.erase_customer(customer=booking.customer, now=clock.now, actor=commands.SYSTEM)
    again = program.post("bookings/", wanted, Idempotency_Key="k1")

    assert (again.status_code, again.json()["code"]) == (410, "erased")
    assert program.post("bookings/", other, Idempotency_Key="k2").status_code == 201
    assert Booking.objects.count() == 2


def test_nothing_of_a_key_is_kept_in_clear(program, wanted):
    program.post("bookings/", wanted, Idempotency_Key="order of jo@example.org")
    kept = KeptAnswer.objects.values().get()

    assert "order" not in str(kept)


def test_a_key_is_free_again_after_two_days(program, wanted, clock):
    program.post("bookings/", wanted, Idempotency_Key="k1")
    clock.now += timedelta(hours=49)
    later = wanted | {"starts_at": "2031-03-06T09:00:00Z"}

    assert program.post("bookings/", later, Idempotency_Key="k1").status_code == 201


def test_what_a_reader_has_is_not_sent_again(program, service):
    path = f"services/{service.public_id}/"
    tag = program.get(path)["ETag"]
    answer = program.get(path, If_None_Match=tag)

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "services/?limit=1000", 400),
        ("GET", "services/?colour=red", 400),
        ("DELETE", "services/", 405),
        ("OPTIONS", "services/", 405),
        ("GET", f"services/{UUID(int=1)}/", 404),
        ("GET", "services/1/", 404),
        ("POST", "/api/v1/nonsense", 404),
        ("TRACE", "/api/v1/nonsense", 404),
        ("GET", "/api/v1/line%0Abreak/", 404),
        ("GET", "/api/v2/services/", 404),
        ("GET", "/api", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(program, method, path, status):
    answer = program.call(method, path)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
