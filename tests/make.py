"""Builders: the smallest believable rows, everything optional, nothing random.

The default world is one business in UTC, open every day from 09:00 to 17:00, seen on the
morning of Monday, 3 March 2031.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from accounts.models import User
from bookings import commands
from bookings.commands import Contact
from bookings.models import (
    Booking,
    Business,
    HoursRule,
    Membership,
    Question,
    Reminder,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
    Subscription,
)
from bookings.queries import availability

NOW = datetime(2031, 3, 3, 7, 0, tzinfo=UTC)
API = "https://book.example/api/v1/"
"""An address that a program may bring its token to."""
MONDAY = date(2031, 3, 3)
_numbers = count(1)


def at(clock: str, *, days: int = 1) -> datetime:
    """Return an instant by its UTC clock, `days` after the Monday of the default world."""
    hour, minute = map(int, clock.split(":"))
    day = MONDAY + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def business(*, hours: str = "09:00-17:00", **fields: object) -> Business:
    """Return a published business that is open every day during `hours` ("" for never)."""
    number = next(_numbers)
    values: dict[str, object] = {
        "slug": f"business-{number}",
        "name": f"Business {number}",
        "mailbox": f"desk{number}@business.example",
        "zone": "UTC",
        "is_published": True,
        "minimum_lead": timedelta(0),
        "maximum_advance": timedelta(days=60),
        "cancellation_notice": timedelta(hours=2),
    }
    made = Business.objects.create(**values | fields)
    if hours:
        open_daily(made, hours)
    return made


def open_daily(owner: Business | Resource | Service, hours: str) -> None:
    """Give a business, resource or service the same weekly hours on every day."""
    opens, closes = (time.fromisoformat(part) for part in hours.split("-"))
    values: dict[str, object] = {"business": owner}
    if isinstance(owner, Resource):
        values = {"business": owner.business, "resource": owner}
    if isinstance(owner, Service):
        values = {"business": owner.business, "service": owner}
    HoursRule.objects.bulk_create(
        HoursRule(weekday=weekday, opens=opens, closes=closes, **values) for weekday in range(7)
    )


def staff(of: Business, **fields: object) -> Resource:
    """Return a staff member who keeps the hours of the business."""
    number = next(_numbers)
    values: dict[str, object] = {
        "name": f"Person {number}",
        "email": f"person{number}@business.example",
    }
    return Resource.objects.create(business=of, **values | fields)


def room(of: Business, **fields: object) -> Resource:
    """Return a room that keeps the hours of the business."""
    return staff(of, **{"kind": "room", "name": f"Room {next(_numbers)}", "email": ""} | fields)


def service(
    of: Business | None = None, *, by: list[Resource] | None = None, **fields: object
) -> Service:
    """Return a service of 30 minutes every 30, served by `by` (one new person when None)."""
    of = of or business()
    number = next(_numbers)
    values: dict[str, object] = {
        "slug": f"service-{number}",
        "name": f"Service {number}",
        "duration": timedelta(minutes=30),
        "interval": timedelta(minutes=30),
    }
    made = Service.objects.create(business=of, **values | fields)
    for position, resource in enumerate([staff(of)] if by is None else by, start=1):
        ServiceResource.objects.create(service=made, resource=resource, priority=position)
    return made


def texting_service(**fields: object) -> Service:
    """Return a service of Salon Möwe, in Germany, that sends text messages to who agrees."""
    return service(business(name="Salon Möwe", country="DE"), sends_sms=True, **fields)


def question(of: Service, *, required: bool = False, **fields: object) -> Question:
    """Return a question that the service asks."""
    values: dict[str, object] = {"text": f"Question {next(_numbers)}?"}
    made = Question.objects.create(business=of.business, **values | fields)
    ServiceQuestion.objects.create(service=of, question=made, is_required=required)
    return made


def reminder(of: Service, **fields: object) -> Reminder:
    """Return a rule of the service: its customers are reminded by e-mail the day before."""
    return Reminder.objects.create(service=of, **fields)


def contact(**fields: str) -> Contact:
    """Return a customer with an address of their own."""
    number = next(_numbers)
    values = {"name": f"Customer {number}", "email": f"customer{number}@example.org"}
    return Contact(**values | fields)


def booking(
    of: Service | None = None,
    *,
    starts_at: datetime | None = None,
    now: datetime = NOW,
    **arguments: object,
) -> Booking:
    """Return a confirmed booking, tomorrow at ten unless told otherwise."""
    values: dict[str, object] = {"contact": contact(), "answers": {}}
    return commands.book(
        service=of or service(), starts_at=starts_at or at("10:00"), now=now, **values | arguments
    ).booking


def subscription(of: Business | None = None, **fields: object) -> Subscription:
    """Return a webhook of a business that asks for every event."""
    values: dict[str, object] = {
        "url": f"https://receiver{next(_numbers)}.example/hook",
        "created_at": NOW,
    }
    return Subscription.objects.create(business=of or business(), **values | fields)


def today() -> datetime:
    """Return the present, for what reads the real clock."""
    return timezone.now()


def next_start(of: Service, now: datetime, *, skip: int = 0) -> datetime:
    """Return the free start after `skip` others from the day after tomorrow on."""
    free = availability.starts(of, lo=now + timedelta(days=2), hi=now + timedelta(days=9), now=now)
    return free[skip].at


def user(**fields: object) -> User:
    """Return a person who can sign in, but works nowhere yet."""
    number = next(_numbers)
    values: dict[str, object] = {"email": f"user{number}@people.example", "name": f"User {number}"}
    return User.objects.create_user(**values | fields)


def member(of: Business, role: str = "admin", **fields: object) -> User:
    """Return a person with a role in a business."""
    made = user(**fields)
    Membership.objects.create(user=made, business=of, role=role, created_at=NOW)
    return made
