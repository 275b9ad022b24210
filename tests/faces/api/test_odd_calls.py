"""Calls that no well-meant program makes, and what they are answered: never a page, never a 500."""

from __future__ import annotations

import gzip
import json
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from bookings.faces.api import operation
from bookings.models import Question, Service
from tests import make
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


@pytest.fixture
def service(business):
    return make.service(business)


def sent(program: Program, path: str, data: bytes, media: str = "application/json", **headers: str):
    """Return the answer to a PATCH of these very bytes."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return program.client.generic(
        "PATCH",
        f"/api/v1/businesses/{program.business.public_id}/{path}",
        data=data,
        content_type=media,
        headers={"Authorization": f"Bearer {program.token}", **headers},
    )


@pytest.mark.parametrize(
    "media",
    ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "Application/JSON"],
)
def test_json_is_json_however_its_type_is_spelled(program, service, media):
    answer = sent(program, f"services/{service.public_id}/", b'{"name": "Cut"}', media)

    assert (answer.status_code, answer.json()["name"]) == (200, "Cut")


@pytest.mark.parametrize(
    "media",
    ["", "text/plain", "application/json; charset=utf-16", "application/merge-patch+json", "json"],
)
def test_what_is_no_json_in_utf_8_is_refused_with_what_is_taken(program, service, media):
    answer = sent(program, f"services/{service.public_id}/", b'{"name": "Cut"}', media)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert answer["Accept"] == "application/json"


def test_a_compressed_body_is_refused_as_such(program, service):
    body = gzip.compress(b'{"name": "Cut"}')
    answer = sent(program, f"services/{service.public_id}/", body, Content_Encoding="gzip")

    assert (answer.status_code, answer["Accept-Encoding"]) == (415, "identity")


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "Cut", "name": "Shave"}',
        b'{"price": {"amount": "1.00", "amount": "2.00", "currency": "EUR"}}',
    ],
)
def test_a_field_that_is_given_twice_is_refused(program, service, body):
    answer = sent(program, f"services/{service.public_id}/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert "more than once" in answer.json()["errors"][0]["detail"]
    assert Service.objects.get().name == service.name


def test_a_list_in_the_address_may_repeat_its_name_and_nothing_else_may(program, service):
    twice = program.get("services/?fields=id&fields=name")
    at_once = program.get("services/?fields=id,name")

    assert twice.json()["results"] == [{"id": str(service.public_id), "name": service.name}]
    assert twice.json() == at_once.json()
    refused = program.get("services/?limit=1&limit=2")
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        [{"parameter": "limit", "detail": "This is given more than once."}],
    )


@pytest.mark.parametrize("length", ["P1M", "P1Y", "P1M2DT1H", "-p2y"])
def test_a_length_that_is_none_is_refused(program, service, length):
    answer = program.patch(f"services/{service.public_id}/", {"buffer_after": length})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/buffer_after")
    assert "months and years have none" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000 + b"]" * 100_000,
        b'{"name":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"name": "\xff\xfe"}',
        b'{"name": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"position": ' + b"9" * 5000 + b"}",
        b'{"position": NaN}',
        b'{"name": "x"}{}',
        b"null",
        json.dumps({"name": "x" * 1_000_000}).encode(),
    ],
    ids=["deep", "deeper", "latin", "half", "marked", "huge", "nan", "two", "null", "long"],
)
def test_a_body_that_is_not_as_it_should_be_is_a_problem_with_a_pointer(program, service, body):
    answer = sent(program, f"services/{service.public_id}/", body)

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["errors"][0]["pointer"] in ("", "/name", "/position")


def test_what_is_no_json_is_told_where(program, service):
    answer = sent(program, f"services/{service.public_id}/", b'{"name": "x",}')

    assert answer.json()["errors"][0]["detail"].endswith("at line 1 column 14.")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/businesses/", "/api//v1/"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "TRACE", "PROPFIND"])
def test_beside_the_api_is_no_page_either(method, path):
    answer = Client().generic(method, path)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer["Cache-Control"] == "no-store"


def test_a_host_that_is_not_ours_is_told_so_in_json():
    answer = Client().get("/api/v1/businesses/", headers={"Host": "evil.example"})

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)


def test_a_lost_database_is_a_moment_to_come_back_after(program, monkeypatch):
    def lose(*_args: object, **_named: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(operation, "caller_behind", lose)
    answer = program.get("services/")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "10"


@pytest.mark.parametrize("path", ["nothing/", "services/cut", "../../public/nothing"])
def test_pages_of_other_sites_may_read_that_a_public_address_is_none(stranger, path):
    asked = stranger.call("OPTIONS", path, Origin="https://salon.example")
    answer = stranger.post(path, {}, Origin="https://salon.example")

    assert (asked.status_code, answer.status_code) == (204, 404)
    assert answer["Content-Type"] == PROBLEM
    assert asked["Access-Control-Allow-Origin"] == answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("edge", ["after", "before"])
def test_a_list_does_not_begin_anew_without_a_word(program, service, edge):
    foreign = make.service().public_id
    for lost in (uuid4(), foreign):
        answer = program.get(f"services/?{edge}={lost}")

        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, edge)


def test_who_turned_at_a_row_that_is_deleted_is_told(program, business):
    for _ in range(3):
        Question.objects.create(business=business, text="Why?")
    following = program.get("questions/?limit=1").json()["next"]
    Question.objects.order_by("pk")[0].delete()

    assert program.get(following.removeprefix("http://localhost:8000")).status_code == 400


@pytest.mark.parametrize(
    "wish", ["count=exact", 'return=minimal, count="exact"', "Count = exact; x=1"]
)
def test_how_many_there_are_is_told_however_one_asks(program, service, wish):
    assert program.get("services/", Prefer=wish).json()["count"] == 1


def test_a_list_is_turned_one_way_at_once(program, service):
    answer = program.get(f"services/?after={service.public_id}&before={service.public_id}")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "before")


@pytest.mark.parametrize(
    "path", ["messages/?topic=%00", "customers/?q=%00", "customers/?email=%00"]
)
def test_a_nul_finds_nothing_special(program, path):
    assert program.get(path).status_code == 200


def test_refusals_and_answers_to_changes_are_kept_by_nobody(program, service):
    path = f"services/{service.public_id}/"
    answers = [program.get("services/?limit=0"), program.patch(path, {"name": "Cut"})]

    assert [each["Cache-Control"] for each in answers] == ["no-store"] * 2
    assert set(program.get(path)["Cache-Control"].split(", ")) == {"private", "no-cache"}


NOWHERE = "00000000-0000-4000-8000-000000000000"
THEN = "2031-03-04T10:00:00Z"
WHO = {"name": "Jo"}


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("bookings/", {"service": NOWHERE, "starts_at": THEN, "contact": WHO}, "/service"),
        ("bookings/", {"starts_at": THEN, "staff": NOWHERE, "contact": WHO}, "/staff"),
        ("bookings/", {"starts_at": THEN, "customer": NOWHERE}, "/customer"),
        ("holds/", {"service": NOWHERE, "starts_at": THEN}, "/service"),
        ("times-off/", {"resource": NOWHERE, "starts_at": THEN, "ends_at": THEN}, "/resource"),
        ("invitations/", {"email": "a@example.org", "role": "guest", "staff": NOWHERE}, "/staff"),
    ],
)
def test_what_a_body_names_and_is_not_there_is_pointed_at(program, service, path, body, pointer):
    if "starts_at" in body and "service" not in body and path == "bookings/":
        body = {**body, "service": str(service.public_id)}
    answer = program.post(path, body)

    assert answer.status_code == 404
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"availability/starts/?service={NOWHERE}&first_day={{day}}&last_day={{day}}", "service"),
        (f"reports/?resource={NOWHERE}&first_day={{day}}&last_day={{day}}", "resource"),
        (f"events/?appointment={NOWHERE}", "appointment"),
    ],
)
def test_what_a_query_names_and_is_not_there_is_pointed_at(program, service, path, parameter):
    answer = program.get(path.format(day="2031-03-04"))

    assert answer.status_code == 404
    assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]
