"""What everybody may know of a business, as its pages show it, and no more."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bookings.models import Business, Service
from bookings.queries import availability
from tests import make
from tests.faces.api.strangers import Stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business: Business) -> Service:
    return make.service(business, slug="cut", name="Cut", price_kind="fixed", price="25")


def test_a_business_presents_itself(stranger, business):
    shown = stranger.get("").json()

    assert shown["name"] == business.name
    assert shown["page"] == f"http://localhost:8000/b/{business.slug}/"
    assert shown["email"] == business.mailbox


def test_services_are_listed_in_the_order_of_the_page_in_parts(stranger, business):
    for number in range(3):
        make.service(business, name=f"Service {number}", position=3 - number)
    make.service(business, is_hidden=True)
    first = stranger.get("services/?limit=2").json()
    rest = stranger.get(first["next"]).json()

    names = [each["name"] for each in first["results"] + rest["results"]]
    assert names == ["Service 2", "Service 1", "Service 0"]
    assert rest["next"] is None


def test_a_service_says_all_that_it_takes_to_book_it(stranger, business, service):
    asked = make.question(service, required=True, kind="one_choice", choices="Tea\nCoffee")
    shown = stranger.get("services/cut/").json()

    assert (shown["duration"], shown["price"]) == (
        "PT30M",
        {"amount": "25.00", "currency": "EUR"},
    )
    assert shown["questions"] == [
        {
            "id": str(asked.public_id),
            "text": asked.text,
            "kind": "one_choice",
            "choices": ["Tea", "Coffee"],
            "is_required": True,
        }
    ]
    assert [each["name"] for each in shown["staff"]] == [
        each.name for each in service.resources.all()
    ]
    assert shown["consent_to_texts"] is None


def test_whom_one_cannot_choose_is_not_named(stranger, business):
    make.service(business, slug="cut", allow_staff_selection=False)

    assert stranger.get("services/cut/").json()["staff"] == []


def test_consent_is_worded_in_the_language_of_the_reader(stranger, business):
    business.country = "DE"
    business.save(update_fields=["country"])
    make.service(business, slug="cut", sends_sms=True)
    english = stranger.get("services/cut/")
    german = stranger.get("services/cut/", Accept_Language="de")

    assert english.json()["consent_to_texts"].startswith("Send me text messages")
    assert german.json()["consent_to_texts"] != english.json()["consent_to_texts"]
    assert german["Content-Language"] == "de"
    assert "Accept-Language" in german["Vary"]


@pytest.mark.parametrize("what", ["", "starts/", "days/", "full-sessions/"])
@pytest.mark.parametrize("why", ["hidden", "unpublished", "unknown", "foreign"])
def test_what_is_not_public_is_not_there(business, service, what, why):
    if why == "hidden":
        Service.objects.update(is_hidden=True)
    elif why == "unpublished":
        Business.objects.update(is_published=False)
    elif why == "unknown":
        Service.objects.update(slug="other")
    else:
        business = make.business()
    span = "?first_day=2031-03-04&last_day=2031-03-04" if what else ""
    answer = Stranger(business).get(f"services/cut/{what}{span}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_an_unpublished_business_is_not_there_at_all(stranger, business, service):
    Business.objects.update(is_published=False)
    unknown = Stranger(Business(slug="nobody"))
    body = {"service": "cut", "starts_at": "2031-03-04T09:00:00Z"}
    wish = {"appointment": str(uuid4()), "contact": {"name": "A", "email": "a@example.org"}}
    for method, path, sent in (
        ("GET", "", None),
        ("GET", "services/", None),
        ("POST", "holds/", body),
        ("POST", "waitlist/", wish),
    ):
        hidden, missing = (each.call(method, path, sent) for each in (stranger, unknown))

        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content


def test_the_times_are_those_of_the_booking_page(stranger, service, clock):
    ann = service.resources.get()
    make.booking(service, starts_at=make.at("10:00"))
    expected = availability.starts(
        service, lo=make.at("00:00"), hi=make.at("00:00", days=2), now=clock.now
    )

    assert len(stranger.starts("services/cut/")) == len(expected) == 15
    for staff in (ann.public_id, None):
        query = "first_day=2031-03-03&last_day=2031-03-05" + (f"&staff={staff}" if staff else "")
        days = stranger.get(f"services/cut/days/?{query}").json()
        assert days == {"time_zone": "UTC", "days": ["2031-03-03", "2031-03-04", "2031-03-05"]}


def test_whoever_cannot_be_chosen_is_refused(stranger, business, service):
    other = make.staff(business)
    query = f"first_day=2031-03-04&last_day=2031-03-04&staff={other.public_id}"
    for what in ("starts", "days", "full-sessions"):
        answer = stranger.get(f"services/cut/{what}/?{query}")

        assert (answer.status_code, answer.json()["code"]) == (422, "staff_not_offered")


def test_a_business_that_insists_on_its_own_clock_is_heeded(stranger, business, service):
    Business.objects.update(zone="Europe/Berlin", shows_business_zone=True)
    query = "first_day=2031-03-04&last_day=2031-03-04&time_zone=Asia/Tokyo"

    assert stranger.get(f"services/cut/starts/?{query}").json()["time_zone"] == "Europe/Berlin"
    Business.objects.update(shows_business_zone=False)
    make.staff(business)  # the catalogue has changed
    assert stranger.get(f"services/cut/starts/?{query}").json()["time_zone"] == "Asia/Tokyo"


def test_groups_that_are_full_are_named_to_those_who_would_wait(stranger, business):
    service = make.service(business, slug="yoga", capacity=2, has_waitlist=True)
    booking = make.booking(service, seats=2)
    query = "first_day=2031-03-04&last_day=2031-03-04"

    shown = stranger.get(f"services/yoga/full-sessions/?{query}").json()
    assert shown["sessions"] == [
        {"id": str(booking.appointment.public_id), "starts_at": "2031-03-04T10:00:00Z"}
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_what_everybody_reads_costs_the_same_however_much_there_is(
    stranger, business, django_assert_num_queries, count
):
    people = [make.staff(business) for _ in range(count)]
    for number in range(count):
        service = make.service(business, slug=f"service-{number}", by=people)
    for _ in range(count):
        make.question(service)
    span = "?first_day=2031-03-04&last_day=2031-04-02"
    here = f"services/{service.slug}/"
    costs = {"": 2, "services/?limit=100": 3, here: 3, f"{here}starts/{span}": 3}
    for path, queries in costs.items():
        stranger.get(path)
        with django_assert_num_queries(queries):
            assert stranger.get(path).status_code == 200
