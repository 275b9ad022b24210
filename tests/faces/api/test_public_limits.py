"""What strangers cannot do endlessly; and what browsers are told that call from other sites."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from bookings.faces.abuse import HOLDS
from bookings.models import Booking, Business, CallCount, Message, Service
from tests import make
from tests.faces.api.strangers import Stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business: Business) -> Service:
    return make.service(business, slug="cut")


def statuses(count: int, *callers: Stranger) -> list[int]:
    """Return what came of some calls, the callers taking turns."""
    return [callers[number % len(callers)].get("").status_code for number in range(count)]


def test_one_address_calls_so_often_and_then_waits(stranger, settings, clock):
    settings.API_CALLS_PER_MINUTE = 3
    assert statuses(3, stranger) == [200] * 3
    refused = stranger.get("")

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert (refused["Retry-After"], refused["RateLimit-Remaining"]) == ("60", "0")
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert statuses(1, Stranger(stranger.business, address="203.0.113.8")) == [200]
    clock.now += timedelta(seconds=60)
    assert statuses(1, stranger) == [200]


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("", "nonsense", True),
    ],
)
def test_addresses_are_counted_by_network(business, settings, one, other, is_one):
    settings.API_CALLS_PER_MINUTE = 1
    callers = [Stranger(business, address=each) for each in (one, other)]

    assert statuses(2, *callers) == [200, 429 if is_one else 200]


def test_behind_a_proxy_the_client_is_counted_and_not_what_it_claims(
    stranger: Stranger, settings: Settings
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.API_CALLS_PER_MINUTE = 1, 2

    def ask(forged: str, real: str) -> int:
        return int(stranger.get("", X_Forwarded_For=f"{forged}, {real}").status_code)

    asked = [ask(f"198.51.100.{number}", "192.0.2.1") for number in range(3)]
    assert asked == [200, 200, 429]
    assert ask("198.51.100.1", "192.0.2.2") == 200


def test_without_a_proxy_nobody_is_believed(stranger, settings):
    settings.API_CALLS_PER_MINUTE = 1

    assert stranger.get("", X_Forwarded_For="198.51.100.1").status_code == 200
    assert stranger.get("", X_Forwarded_For="198.51.100.2").status_code == 429


def test_one_address_cannot_hold_a_whole_calendar(stranger, service):
    starts = stranger.get("services/cut/starts/?first_day=2031-03-04&last_day=2031-03-06").json()[
        "starts"
    ]
    held = [
        stranger.post("holds/", {"service": "cut", "starts_at": each["starts_at"]}).status_code
        for each in starts[: HOLDS + 1]
    ]

    assert held == [201] * HOLDS + [429]
    assert Booking.objects.count() == HOLDS


def test_a_business_takes_so_many_changes_from_strangers(business, service, settings, clock):
    settings.PUBLIC_CHANGES_PER_HOUR = 2
    callers = [Stranger(business, address=f"203.0.113.{number}") for number in range(4)]
    answers = [
        caller.hold(service, make.at("10:00", days=number)) for number, caller in enumerate(callers)
    ]

    assert [each.status_code for each in answers] == [201, 201, 429, 429]
    assert answers[-1]["Retry-After"] == "3600"
    elsewhere = Stranger(make.business())
    other = make.service(elsewhere.business, slug="other")
    assert elsewhere.hold(other, make.at("10:00")).status_code == 201
    clock.now += timedelta(hours=1)
    assert callers[3].hold(service, make.at("10:00", days=3)).status_code == 201


@pytest.mark.parametrize(
    "typed", ["anna@example.org", "ANNA@example.org", "anna+1@example.org", "an.na@example.org"]
)
def test_nobody_is_sent_letters_without_end(business, service, settings, typed):
    settings.LETTERS_PER_DAY = 2
    callers = [Stranger(business, address=f"203.0.113.{number}") for number in range(3)]
    for number, caller in enumerate(callers[:2]):
        caller.booked(service, make.at("10:00", days=number + 1))
    letters = Message.objects.filter(address__iexact="anna@example.org").count()
    hold = callers[2].held(service, make.at("12:00"))
    refused = callers[2].book(hold, email=typed)

    assert refused.json()["code"] == "too_often"
    assert (refused.status_code, refused["Retry-After"]) == (429, str(24 * 3600))
    assert Message.objects.filter(address__icontains="example.org").count() >= letters == 2
    assert Booking.objects.filter(state="confirmed").count() == 2
    assert callers[2].book(hold, email="ben@example.org").status_code == 201


def test_moving_to_and_fro_sends_no_letters_without_end(stranger, service, settings):
    settings.LETTERS_PER_DAY = 4
    token = stranger.booked(service, make.at("10:00"))
    moved = [
        stranger.post(
            f"bookings/{token}/reschedule/",
            {"starts_at": make.at(f"{11 + number % 2}:00").isoformat()},
        ).status_code
        for number in range(5)
    ]

    assert moved == [200, 200, 200, 429, 429]
    assert stranger.post(f"bookings/{token}/cancel/").status_code == 200


def test_an_answer_that_is_repeated_counts_for_nothing(stranger, service, settings):
    settings.LETTERS_PER_DAY = 1
    who = {"name": "Anna", "email": "anna@example.org"}
    body = {"hold_token": stranger.held(service, make.at("10:00")), "contact": who}
    answers = [stranger.post("bookings/", body, Idempotency_Key="k1") for _ in range(3)]

    assert [each.status_code for each in answers] == [201] * 3


def test_a_refusal_by_a_limit_is_no_answer_to_keep(stranger, service, settings, clock):
    settings.PUBLIC_CHANGES_PER_HOUR = 0
    body = {"service": "cut", "starts_at": "2031-03-04T10:00:00Z"}
    refused = stranger.post("holds/", body, Idempotency_Key="k1")
    settings.PUBLIC_CHANGES_PER_HOUR = 1
    clock.now += timedelta(hours=1)

    assert refused.status_code == 429
    assert stranger.post("holds/", body, Idempotency_Key="k1").status_code == 201


def test_nobody_can_be_read_off_the_counts(stranger, service):
    stranger.booked(service, make.at("10:00"))
    kept = " ".join(CallCount.objects.values_list("caller", flat=True))

    assert CallCount.objects.count() == 4
    assert stranger.address not in kept
    assert "anna" not in kept


PUBLIC = ("", "services/", "services/cut/", "services/cut/starts/", "holds/", "bookings/")
PUBLIC += (f"holds/{'x' * 43}/", f"bookings/{'x' * 43}/", f"bookings/{'x' * 43}/cancel/")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_of_another_site_may_ask_and_call(stranger, service, path, settings):
    settings.API_CALLS_PER_MINUTE = 1
    asked = [
        stranger.call(
            "OPTIONS",
            path,
            Origin="https://salon.example",
            Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="content-type,idempotency-key",
        )
        for _ in range(3)
    ]

    for answer in asked:
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer
        assert answer["Access-Control-Allow-Methods"] == answer["Allow"]
        allowed = answer["Access-Control-Allow-Headers"]
        assert {"Content-Type", "Idempotency-Key", "If-Match"} <= set(allowed.split(", "))
        assert "Authorization" not in allowed
    answer = stranger.get(path, Origin="https://salon.example")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in answer["Access-Control-Expose-Headers"]


def test_no_other_part_may_be_called_from_other_sites(program, service):
    for path in ("services/", "bookings/", "/api/v1/schema/", "/api/v1/businesses/"):
        asked = program.call("OPTIONS", path, Origin="https://salon.example")
        answer = program.get(path, Origin="https://salon.example")

        assert asked.status_code == 405
        assert "Access-Control-Allow-Origin" not in {*asked.headers, *answer.headers}


def test_a_cookie_of_the_portal_opens_nothing(stranger, business):
    stranger.client.force_login(make.member(business))
    Business.objects.update(is_published=False)

    assert stranger.get("").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_refused_with_those_there_are(stranger, service, method):
    answer = stranger.call(method, "services/cut/")

    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer["Access-Control-Allow-Origin"] == "*"
