"""What the database itself refuses, and what it counts."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError

from bookings import commands
from bookings.engine.policy import Policy
from bookings.models import (
    Appointment,
    AvailabilityRange,
    Booking,
    Business,
    CatalogueVersion,
    Claim,
    Event,
    HoursException,
    HoursRule,
    Resource,
    ResourceVersion,
    Service,
    ServiceResource,
    TimeOff,
)
from bookings.models.policy import POLICY_FIELDS, PolicyOverrides, PolicyRules
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db


def test_no_two_claims_of_one_resource_overlap_whoever_writes_them():
    booking = make.booking()
    claim = Claim.objects.get()

    with pytest.raises(IntegrityError, match="claim_no_overlap"), transaction.atomic():
        Claim.objects.create(
            resource=claim.resource,
            appointment=booking.appointment,
            s=claim.e - 1,
            e=claim.e + 30,
        )
    Claim.objects.create(
        resource=claim.resource, appointment=booking.appointment, s=claim.e, e=claim.e + 30
    )


def test_seats_never_exceed_the_capacity():
    booking = make.booking(make.service(capacity=2))

    with pytest.raises(IntegrityError, match="appointment_seats_within_capacity"):
        Appointment.objects.filter(pk=booking.appointment_id).update(seats_taken=3)


def test_a_held_booking_must_expire():
    held = commands.hold(service=make.service(), starts_at=at("10:00"), now=NOW).booking

    with pytest.raises(IntegrityError, match="booking_held_expires"):
        Booking.objects.filter(pk=held.pk).update(expires_at=None)


@pytest.mark.parametrize(
    "change", ["UPDATE bookings_event SET kind = 'another'", "DELETE FROM bookings_event"]
)
def test_events_are_never_changed(change):
    make.booking()

    with (
        pytest.raises(IntegrityError, match="events are never changed"),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_events_can_be_erased_where_the_law_demands_it():
    make.booking()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL bookings.erasing = 'on'")

    assert Event.objects.update(actor="erased") == 1


def _catalogue(of: Business) -> int:
    return CatalogueVersion.objects.get(business=of).version


CHANGES = {
    "business": lambda service: Business.objects.update(interval=timedelta(minutes=5)),
    "service": lambda service: Service.objects.update(duration=timedelta(minutes=5)),
    "resource": lambda service: Resource.objects.update(is_active=False),
    "link": lambda service: ServiceResource.objects.all().delete(),
    "hours": lambda service: HoursRule.objects.filter(weekday=1).delete(),
    "exception": lambda service: HoursException.objects.create(
        business=service.business, day=date(2031, 3, 4), opens=time(9), closes=time(10)
    ),
    "range": lambda service: AvailabilityRange.objects.create(
        service=service,
        first_day=date(2031, 3, 4),
        last_day=date(2031, 3, 4),
        availability="none",
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_every_change_of_the_catalogue_is_counted_even_past_the_models(change):
    service = make.service()
    before = _catalogue(service.business)

    change(service)

    assert _catalogue(service.business) > before


def test_a_booking_does_not_count_as_a_change_of_the_catalogue():
    service = make.service()
    before = _catalogue(service.business)

    make.booking(service)

    assert _catalogue(service.business) == before


def test_time_off_counts_for_its_resource_and_a_closure_for_everybody():
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    stranger = make.staff(make.business())

    off = TimeOff.objects.create(
        business=business, resource=ann, starts_at=at("09:00"), ends_at=at("10:00")
    )
    counted = dict(ResourceVersion.objects.values_list("resource_id", "version"))
    assert (counted[ann.pk], counted[bob.pk], counted[stranger.pk]) == (1, 0, 0)

    off.resource = None
    off.save(update_fields=["resource"])
    counted = dict(ResourceVersion.objects.values_list("resource_id", "version"))
    assert (counted[ann.pk], counted[bob.pk], counted[stranger.pk]) == (2, 1, 0)


def test_the_policy_of_the_engine_is_the_policy_of_the_rows():
    expected = {field.name for field in fields(Policy)}

    for model in (PolicyRules, PolicyOverrides):
        assert {field.name for field in model._meta.get_fields()} == expected
    assert set(POLICY_FIELDS) == expected


def test_a_service_inherits_field_by_field():
    service = make.service(
        make.business(minimum_lead=timedelta(hours=3), allow_staff_selection=True),
        interval=timedelta(minutes=20),
        allow_staff_selection=False,
        strategy="priority",
    )

    policy = service.policy

    assert policy.interval == timedelta(minutes=20)
    assert policy.minimum_lead == timedelta(hours=3)
    assert policy.allow_staff_selection is False
    assert policy.strategy == "priority"
    assert policy.grid == "hours"


def test_a_business_that_has_an_address_of_the_desk_keeps_it_and_no_other_gets_it():
    business = make.business(slug="resume")
    business.full_clean()
    business.slug = "invitation"

    with pytest.raises(ValidationError, match="needs this address itself"):
        business.full_clean()
