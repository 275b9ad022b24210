"""No page of the admin asks more questions when there are more rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import (
    Appointment,
    AvailabilityRange,
    Booking,
    Business,
    Customer,
    Event,
    HoursException,
    HoursRule,
    Message,
    Question,
    Resource,
    Service,
    ServiceQuestion,
    TimeOff,
)
from tests import make

KINDS: list[type[Model]] = [
    Business,
    Service,
    Resource,
    Question,
    Customer,
    AvailabilityRange,
    TimeOff,
    Appointment,
    Booking,
    Event,
    Message,
]


def queries(office: Client, address: str) -> int:
    """Return how many queries a page takes."""
    with CaptureQueriesContext(connection) as seen:
        assert office.get(address).status_code == 200
    return len(seen)


def grown(office: Client, address: str, grow: Callable[[], object]) -> tuple[int, int]:
    """Return the queries of a page now, and after growing what it shows thirtyfold."""
    queries(office, address)
    before = queries(office, address)
    for _ in range(29):
        grow()
    return before, queries(office, address)


def everything() -> Service:
    """Return a service with one row of everything around it."""
    service = make.service()
    make.question(service)
    make.room(service.business)
    make.booking(service)
    range_of(service)
    TimeOff.objects.create(
        business=service.business,
        resource=service.resources.first(),
        starts_at=make.at("10:00"),
        ends_at=make.at("12:00"),
    )
    return service


def range_of(service: Service) -> AvailabilityRange:
    number = service.ranges.count()
    first = date(2031, 6, 1) + timedelta(days=number)
    return AvailabilityRange.objects.create(
        service=service, first_day=first, last_day=first, availability="none"
    )


def addresses() -> list[str]:
    """Return the list of every kind of row, and the page of its first row."""
    found = []
    for kind in KINDS:
        address = f"/admin/bookings/{kind.__name__.lower()}/"
        first = kind._default_manager.order_by("pk").values_list("pk", flat=True)[0]
        found += [address, f"{address}{first}/change/"]
    return found


def test_every_page_takes_as_many_queries_for_thirty_rows_as_for_one(office: Client) -> None:
    everything()
    opened = addresses()
    before = {address: queries(office, address) for address in opened * 2}
    for _ in range(29):
        everything()

    assert {address: queries(office, address) for address in opened} == before


def test_a_group_with_many_guests_takes_no_more_queries(office: Client) -> None:
    service = make.service(capacity=40)
    question = make.question(service)

    def grow() -> Booking:
        return make.booking(service, answers={str(question.public_id): "Yes"})

    appointment = grow().appointment
    address = f"/admin/bookings/appointment/{appointment.pk}/change/"
    before, after = grown(office, address, grow)

    assert appointment.bookings.count() == 30
    assert after == before


def test_a_service_with_much_around_it_takes_no_more_queries(office: Client) -> None:
    service = everything()

    def grow() -> None:
        make.question(service)
        number = service.links.count()
        service.links.create(resource=make.staff(service.business), priority=number)
        range_of(service)
        open_at(number, business=service.business, service=service)

    before, after = grown(office, f"/admin/bookings/service/{service.pk}/change/", grow)

    assert after == before


def open_at(number: int, **owner: object) -> None:
    """Give an owner one more hour of the week."""
    HoursRule.objects.create(
        weekday=number % 7, opens=time(number // 7), closes=time(number // 7, 30), **owner
    )


def other_hours(number: int, business: Business, resource: Resource | None = None) -> None:
    """Close an owner on one more day."""
    day = date(2031, 7, 1) + timedelta(days=number)
    HoursException.objects.create(business=business, resource=resource, day=day)


def test_a_business_with_many_hours_takes_no_more_queries(office: Client) -> None:
    business = make.business(hours="")
    open_at(0, business=business)
    other_hours(0, business)

    def grow() -> None:
        number = business.hours.count()
        open_at(number, business=business)
        other_hours(number, business)

    before, after = grown(office, f"/admin/bookings/business/{business.pk}/change/", grow)

    assert after == before


def test_a_person_with_many_services_takes_no_more_queries(office: Client) -> None:
    business = make.business()
    person = make.staff(business)
    make.service(business, by=[person])
    open_at(0, business=business, resource=person)
    other_hours(0, business, person)

    def grow() -> None:
        number = person.hours.count()
        make.service(business, by=[person])
        open_at(number, business=business, resource=person)
        other_hours(number, business, person)

    before, after = grown(office, f"/admin/bookings/resource/{person.pk}/change/", grow)

    assert after == before


def test_a_question_of_many_services_takes_no_more_queries(office: Client) -> None:
    asked = make.question(make.service())

    def grow() -> None:
        service = make.service(asked.business)
        ServiceQuestion.objects.create(service=service, question=asked)

    grow()
    assert Question.objects.count() == 1
    before, after = grown(office, f"/admin/bookings/question/{asked.pk}/change/", grow)

    assert after == before


def test_an_admin_of_one_business_has_lists_as_cheap(client: Client, db: None) -> None:
    service = everything()
    client.force_login(make.member(service.business))
    lists = [f"/admin/bookings/{kind.__name__.lower()}/" for kind in KINDS]
    before = {address: queries(client, address) for address in lists * 2}
    for _ in range(4):
        more = make.service(service.business)
        make.question(more)
        range_of(more)
        make.booking(more)

    assert {address: queries(client, address) for address in lists} == before
