"""A day on which there is no room left: many people, hundreds of appointments, written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bookings.engine.hours import minute_of
from bookings.models import Appointment, Booking, Business, Claim, Resource, Service
from tests import make

NAMES = ["Nora Lindqvist", "Tomasz Zieliński", "Fatma Yıldız", "Émile Laurent", "Grace Okafor"]


def crowd(
    business: Business, *, columns: int, appointments: int, opens_at: datetime
) -> list[Resource]:
    """Give a business so many people, and so many appointments of theirs from an instant on."""
    people = [make.staff(business) for _ in range(columns)]
    services = [make.service(business, by=people, name=f"Service {number}") for number in range(8)]
    rows = [
        _appointment(services[number % 8], opens_at + timedelta(minutes=30 * (number // columns)))
        for number in range(appointments)
    ]
    Appointment.objects.bulk_create(rows)
    _assign(rows, people)
    Booking.objects.bulk_create(
        Booking(
            reference=f"R{row.pk}",
            business=business,
            appointment=row,
            state="confirmed",
            name=f"{NAMES[number % 5]} {number}",
            phone="+49 30 5550 1234",
            created_at=make.NOW,
        )
        for number, row in enumerate(rows)
    )
    return people


def _appointment(service: Service, starts_at: datetime) -> Appointment:
    return Appointment(
        business=service.business,
        service=service,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=25),
        zone="UTC",
        wall_date=starts_at.date(),
        wall_time=starts_at.time(),
        seats_taken=1,
        version=1,
        location_kind=service.location_kind,
        price_kind=service.price_kind,
        currency="EUR",
        created_at=make.NOW,
    )


def _assign(rows: Sequence[Appointment], people: Sequence[Resource]) -> None:
    taken = [(row, people[number % len(people)]) for number, row in enumerate(rows)]
    crews = Appointment.resources.through
    crews.objects.bulk_create(crews(appointment=row, resource=person) for row, person in taken)
    Claim.objects.bulk_create(
        Claim(
            resource=person,
            appointment=row,
            s=minute_of(row.starts_at),
            e=minute_of(row.ends_at),
        )
        for row, person in taken
    )
