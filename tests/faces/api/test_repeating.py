"""Calls with an Idempotency-Key: what is kept of them, for whom, and who can read it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from bookings import commands
from bookings.faces.api.answering import Answer
from bookings.faces.api.sealing import Unreadable, opened, sealed
from bookings.models import Booking, Event, KeptAnswer
from tests import make
from tests.faces.api.conftest import Program
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db

DIGEST = "7f" * 32


@pytest.fixture
def wanted(business):
    service = make.service(business)
    return {
        "service": str(service.public_id),
        "starts_at": "2031-03-04T09:00:00Z",
        "contact": {"name": "Jo", "email": "jo@example.org"},
    }


def stored() -> str:
    """Return all that stands in the table, as a dump has it and as bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept::text, encode(sealed, 'escape') FROM bookings_keptanswer kept")
        return str(cursor.fetchall())


def test_links_and_secrets_are_kept_sealed(program, business, wanted):
    later = {"service": wanted["service"], "starts_at": "2031-03-04T10:00:00Z"}
    booked = program.post("bookings/", wanted, Idempotency_Key="k1").json()
    held = program.post("holds/", later, Idempotency_Key="k2").json()
    hook = {"url": "https://receiver.example/hook"}
    subscribed = program.post("subscriptions/", hook, Idempotency_Key="k3").json()
    link = re.search(r"/m/([\w-]+)/", booked["manage_url"])

    assert link
    assert KeptAnswer.objects.count() == 3
    said = stored()
    assert booked["id"] in said
    for word in (link[1], held["token"], subscribed["secret"], "jo@example.org", "receiver"):
        assert word not in said


def test_neither_the_key_nor_the_secret_key_opens_an_answer_alone(settings):
    given = Answer(201, '{"name":"Jo"}', {"ETag": '"1"'})
    content = sealed(given, key="k1", digest=DIGEST)

    assert opened(content, key="k1", digest=DIGEST) == given
    with pytest.raises(Unreadable):
        opened(content, key="k2", digest=DIGEST)
    with pytest.raises(Unreadable):
        opened(content, key="k1", digest="80" * 32)
    settings.SECRET_KEY = "another"
    with pytest.raises(Unreadable):
        opened(content, key="k1", digest=DIGEST)


def test_the_same_answer_is_sealed_anew_each_time():
    given = Answer(204, "")

    assert sealed(given, key="k", digest=DIGEST) != sealed(given, key="k", digest=DIGEST)


def test_nobody_who_guesses_what_was_sent_finds_it_by_its_fingerprint(program):
    for key in ("k1", "k2"):
        program.post("customers/", {"name": "Jo"}, Idempotency_Key=key)

    assert len(set(KeptAnswer.objects.values_list("fingerprint", flat=True))) == 2


def test_an_answer_under_another_secret_key_is_lost_and_nothing_is_done_again(
    program, wanted, settings
):
    program.post("bookings/", wanted, Idempotency_Key="k1")
    settings.SECRET_KEY = "another key of at least fifty characters, made for this test"
    lost = program.post("bookings/", wanted, Idempotency_Key="k1")
    other = program.post("bookings/", wanted | {"seats": 2}, Idempotency_Key="k1")

    assert (lost.status_code, lost.json()["code"]) == (410, "answer_lost")
    assert lost.json()["answered"] == 201
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Booking.objects.count() == 1


def test_a_refusal_that_stays_true_is_kept(program, wanted):
    wanted["contact"]["email"] = "nonsense"
    first = program.post("bookings/", wanted, Idempotency_Key="k1")
    again = program.post("bookings/", wanted, Idempotency_Key="k1")

    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.status_code == 422
    assert again["Idempotency-Replayed"] == "true"


def test_who_saw_an_older_state_looks_again_and_repeats_with_the_same_key(program, business):
    booking = make.booking(make.service(business))
    path = f"bookings/{booking.public_id}/cancel/"
    stale = program.post(path, {}, Idempotency_Key="k1", If_Match='"old"')
    seen = program.get(f"bookings/{booking.public_id}/")["ETag"]
    done = program.post(path, {}, Idempotency_Key="k1", If_Match=seen)

    assert (stale.status_code, done.status_code) == (412, 200)


def test_a_repeat_is_answered_although_what_it_named_is_gone(program, business):
    one, other = (
        program.post("customers/", {"name": name}).json()["id"] for name in ("Jo", "Jo Meyer")
    )
    merge = {"duplicate": other}
    first = program.post(f"customers/{one}/merge/", merge, Idempotency_Key="k1")
    again = program.post(f"customers/{one}/merge/", merge, Idempotency_Key="k1")

    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert Event.objects.filter(kind="customer.merged").count() == 1


def test_what_was_said_of_a_group_goes_with_each_who_was_in_it(program, business, clock):
    service = make.service(business, capacity=4)
    booking = make.booking(service, contact=make.contact(name="Anna Lee"))
    make.booking(service)
    path = f"appointments/{booking.appointment.public_id}/notes/"
    body = {"staff_notes": "Anna Lee comes late"}
    noted = program.post(path, body, Idempotency_Key="k1")
    clock.now += timedelta(days=2)
    assert booking.customer
    commands.erase_customer(customer=booking.customer, now=clock.now, actor=commands.SYSTEM)
    clock.now -= timedelta(days=1)
    again = program.post(path, body, Idempotency_Key="k1")

    assert noted.status_code == 200
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    assert bytes(KeptAnswer.objects.get().sealed) == b""


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_call_is_under_way_is_asked_to_wait(program, wanted):
    user = program.user
    said = []

    def repeat():
        again = Program(user, program.business)
        again.token = program.token
        said.append(again.post("bookings/", wanted, Idempotency_Key="k1"))

    with meanwhile(repeat, before="INSERT INTO bookings_claim"):
        made = program.post("bookings/", wanted, Idempotency_Key="k1")

    assert made.status_code == 201
    assert (said[0].status_code, said[0].json()["code"]) == (409, "under_way")
    assert said[0]["Retry-After"] == "1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["pg_try_advisory", "FROM bookings_resource"])
def test_who_is_overtaken_gives_the_answer_of_the_other(program, wanted, statement):
    """The other call begins and ends between two statements of this one."""
    other = Program(program.user, program.business)
    other.token = program.token
    said = []

    def repeat():
        said.append(other.post("bookings/", wanted, Idempotency_Key="k1"))

    with meanwhile(repeat, before=statement):
        made = program.post("bookings/", wanted, Idempotency_Key="k1")

    assert made.status_code == said[0].status_code == 201
    assert made.content == said[0].content
    assert Booking.objects.count() == 1


def test_who_saw_an_older_state_is_told_so_also_where_nothing_is_left_to_do(program, business):
    booking = make.booking(make.service(business))
    path = f"bookings/{booking.public_id}/"
    seen = program.get(path)["ETag"]
    moved = {"starts_at": "2031-03-04T11:00:00Z"}
    first = program.post(f"{path}reschedule/", moved, If_Match=seen)
    again = program.post(f"{path}reschedule/", moved, If_Match=seen)
    unasked = program.post(f"{path}reschedule/", moved)

    assert (first.status_code, again.status_code, unasked.status_code) == (200, 412, 200)
    assert first["ETag"] == again["ETag"] == unasked["ETag"]
