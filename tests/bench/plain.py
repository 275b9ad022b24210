"""The control: what a careful program does that trusts the ORM and nothing else.

Instances and datetimes, a question for everything it wants to know, and a look before the
insert; no bitmaps, no versions, no guard.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from bookings import outbox
from bookings.commands import Contact
from bookings.commands.answers import judged
from bookings.commands.contact import checked
from bookings.errors import OutsideHours, SlotTaken
from bookings.models import (
    Appointment,
    Booking,
    Claim,
    Customer,
    Event,
    HoursRule,
    ManageLink,
    Message,
    Reminder,
    Resource,
    Service,
    Subscription,
    TimeOff,
)
from bookings.queries.pages import questions_of

Taken = list[tuple[datetime, datetime]]


def starts(service_id: int, *, first: date, days: int) -> list[datetime]:
    """Return the free starts of a service with anyone, ascending. Cost: seven queries."""
    service = Service.objects.select_related("business").get(pk=service_id)
    staff = list(service.resources.filter(is_active=True))
    zone = ZoneInfo(service.business.zone)
    since = datetime.combine(first, time.min, tzinfo=zone)
    until = since + timedelta(days=days)
    taken = _taken(service, staff, since, until)
    rules = list(HoursRule.objects.filter(business=service.business, service=None, range=None))
    found: set[datetime] = set()
    for person in staff:
        own = [rule for rule in rules if rule.resource_id == person.pk]
        own = own or [rule for rule in rules if rule.resource_id is None]
        clock = ZoneInfo(person.zone) if person.zone else zone
        openings = [
            (datetime.combine(day, rule.opens, clock), datetime.combine(day, rule.closes, clock))
            for day in (first + timedelta(days=number) for number in range(days))
            for rule in own
            if rule.weekday == day.weekday()
        ]
        found.update(_free(service, openings, taken[person.pk]))
    return sorted(found)


def _taken(
    service: Service, staff: list[Resource], since: datetime, until: datetime
) -> dict[int, Taken]:
    taken: dict[int, Taken] = defaultdict(list)
    visits = Appointment.objects.filter(
        resources__in=staff, state="scheduled", starts_at__lt=until, ends_at__gt=since
    ).annotate(person=F("resources"))
    for visit in visits:
        taken[visit.person].append(
            (visit.starts_at - visit.buffer_before, visit.ends_at + visit.buffer_after)
        )
    absences = TimeOff.objects.filter(
        business=service.business, starts_at__lt=until, ends_at__gt=since
    )
    for absence in absences:
        for person in staff:
            if absence.resource_id in (None, person.pk):
                taken[person.pk].append((absence.starts_at, absence.ends_at))
    for each in taken.values():
        each.sort()
    return taken


def _free(
    service: Service, openings: Iterable[tuple[datetime, datetime]], taken: Taken
) -> Iterable[datetime]:
    """Go through starts and what is taken side by side; both are sorted."""
    length, interval = service.duration, service.policy.interval
    before, after = service.buffer_before, service.buffer_after
    passed = 0
    for opens, closes in openings:
        start, closes = opens.astimezone(ZoneInfo("UTC")), closes.astimezone(ZoneInfo("UTC"))
        while start + length <= closes:
            while passed < len(taken) and taken[passed][1] <= start - before:
                passed += 1
            if passed == len(taken) or taken[passed][0] >= start + length + after:
                yield start
            start += interval


@transaction.atomic
def book(
    *, service: Service, staff: Resource, starts_at: datetime, contact: Contact, now: datetime
) -> Booking:
    """Book a start with one person after a look whether it is free.

    What the customer typed is checked as `commands.book` checks it.
    """
    contact = checked(contact, needs_email=True)
    judged([(ask.question, ask.is_required) for ask in questions_of(service)], {})
    ends_at = starts_at + service.duration
    s = int((starts_at - service.buffer_before).timestamp()) // 60
    e = int((ends_at + service.buffer_after).timestamp()) // 60
    _refuse_closed(service, staff, starts_at, ends_at)
    if Claim.objects.filter(resource=staff, s__lt=e, e__gt=s).exists():
        raise SlotTaken()
    local = starts_at.astimezone(ZoneInfo(service.business.zone))
    appointment = Appointment.objects.create(
        business=service.business,
        service=service,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=service.business.zone,
        wall_date=local.date(),
        wall_time=local.time(),
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        capacity=service.capacity,
        seats_taken=1,
        version=1,
        location_kind=service.location_kind,
        price_kind=service.price_kind,
        currency=service.business.currency,
        created_at=now,
    )
    appointment.resources.add(staff)
    Claim.objects.create(resource=staff, appointment=appointment, s=s, e=e)
    return _write(appointment, staff, contact, now)


def _refuse_closed(
    service: Service, staff: Resource, starts_at: datetime, ends_at: datetime
) -> None:
    local = starts_at.astimezone(ZoneInfo(staff.zone or service.business.zone))
    rules = HoursRule.objects.filter(
        business=service.business, service=None, range=None, weekday=local.weekday()
    )
    own = rules.filter(resource=staff) or rules.filter(resource=None)
    beginning = local.time()
    ending = (local + service.duration).time()
    if not any(rule.opens <= beginning and ending <= rule.closes for rule in own):
        raise OutsideHours()
    absences = TimeOff.objects.filter(
        Q(resource=staff) | Q(resource=None),
        business=service.business,
        starts_at__lt=ends_at,
        ends_at__gt=starts_at,
    )
    if absences.exists():
        raise OutsideHours()


def _write(appointment: Appointment, staff: Resource, contact: Contact, now: datetime) -> Booking:
    """Write what goes with an appointment: the rows that `commands.book` writes."""
    business = appointment.business
    customer, _ = Customer.objects.get_or_create(
        business=business, email=contact.email, defaults={"name": contact.name}
    )
    booking = Booking.objects.create(
        reference=token_hex(6),
        business=business,
        appointment=appointment,
        customer=customer,
        state="confirmed",
        name=contact.name,
        email=contact.email,
        created_at=now,
    )
    ManageLink.objects.create(booking=booking, digest=token_hex(32), created_at=now)
    event = Event.objects.create(
        business=business,
        appointment=appointment,
        booking=booking,
        version=1,
        kind="booking.confirmed",
        actor="customer",
        at=now,
    )
    addresses = {"customer": contact.email, "staff": staff.email, "business": business.mailbox}
    for audience, address in addresses.items():
        Message.objects.create(
            key=f"{event.public_id}:email:{address}",
            business=business,
            event=event,
            appointment=appointment,
            booking=booking,
            audience=audience,
            address=address,
            topic="confirmed",
            due_at=now,
        )
    Message.objects.bulk_create(
        Message(
            key=f"{event.public_id}:webhook:{asking.public_id}",
            business=business,
            event=event,
            subscription=asking,
            outlet="webhook",
            audience="program",
            address=asking.url,
            topic=event.kind,
            due_at=now,
        )
        for asking in Subscription.objects.filter(business=business, disabled_at=None)
        if not asking.events or event.kind in asking.events
    )
    Message.objects.bulk_create(
        Message(
            key=f"reminder:{rule.public_id}:{booking.public_id}:email",
            business=business,
            appointment=appointment,
            booking=booking,
            reminder=rule,
            audience="customer",
            address=contact.email,
            topic=rule.kind,
            due_at=appointment.starts_at - rule.offset,
        )
        for rule in Reminder.objects.filter(service=appointment.service)
    )
    outbox.wake()
    return booking
