"""The right to be forgotten: a person vanishes, what the business counts stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.db.models.functions import Lower

from bookings.commands.actor import Actor
from bookings.commands.customers import locked_customers, record, stale
from bookings.commands.decision import decision
from bookings.commands.forgetting import (
    ERASED,
    drop,
    forget,
    forget_answers,
    forget_in_sessions,
    nameless,
    redacted,
    rewrite,
)
from bookings.commands.reminding import TOPICS
from bookings.commands.scheduling import locked
from bookings.errors import StillComing
from bookings.models import (
    Answer,
    Appointment,
    Booking,
    ChoiceLink,
    Customer,
    Event,
    Feed,
    ManageLink,
    Message,
    StoppedNumber,
)
from bookings.models.outbox import WAITING, Audience
from bookings.queries.histories import LIVE
from bookings.queries.records import addresses_of, bookings_of, ids_of

LONG = 4
"""How many letters of a name are enough to find it among what others are typing or were told."""


@dataclass(frozen=True)
class Traces:
    """Where a person is to be found, by pks; `words` are names, addresses and numbers.

    `alone` are the appointments in which nobody else ever was, `shared` the others.
    """

    customer: Customer
    bookings: list[int]
    alone: list[int]
    shared: list[int]
    addresses: set[str]
    words: list[str]


@decision
def erase_customer(*, customer: Customer, now: datetime, actor: Actor) -> Customer:
    """Erase a person from everything that is stored, and return the nameless row that is left.

    Times, states, seats and prices stay, and with them what reports count. Names, addresses,
    notes, answers, reasons and secret links go: from the customer and the bookings, from events
    and messages, from the admin's history, from forms that wait in somebody's session and from
    answers that are kept for programs.
    Letters about the person that have not left are dropped; those kept as files are known by
    the new keys of their messages, and a sweep takes them away. Notes of staff go where the
    person was alone in the appointment; in a group's notes the person's name, addresses and
    numbers are made unreadable.

    Locks: the appointments in pk order, then the customer.

    Raises:
        StillComing: the person is expected; a booking must be cancelled before.
        ChangedMeanwhile: a booking was made or moved at this very moment.
        NotFound: the customer was merged into another or erased already.
    """
    known = set(bookings_of(customer).values_list("appointment_id", flat=True))
    locked(*known)
    (customer,) = locked_customers(customer.pk)
    theirs = list(bookings_of(customer).select_related("appointment").order_by("pk"))
    if any(booking.state in LIVE and booking.appointment.ends_at > now for booking in theirs):
        raise StillComing()
    if any(booking.appointment_id not in known for booking in theirs):
        raise stale(customer)
    traces = _traces(customer, theirs)
    _forget_messages(traces, now)
    rewrite(_events(traces), lambda event: _nameless(event, traces))
    _forget_notes(traces)
    _forget_admin_history(traces)
    forget_in_sessions(_telling(traces, theirs))
    forget_answers(_ids(traces, theirs))
    _forget_stops(theirs)
    _forget_bookings(traces)
    _forget_customer(customer, now)
    record(customer, "customer.erased", now=now, actor=actor, bookings=len(theirs))
    return customer


def locked_with_bookings(customer: Customer) -> Customer:
    """Return a customer as they are now, all their appointments locked before them.

    Raises:
        NotFound: the customer was merged into another or erased.
    """
    locked(*bookings_of(customer).values_list("appointment_id", flat=True).distinct())
    (customer,) = locked_customers(customer.pk)
    return customer


def _traces(customer: Customer, theirs: list[Booking]) -> Traces:
    pks = [booking.pk for booking in theirs]
    left = Event.objects.filter(booking__in=pks).values("appointment")
    been_in = Appointment.objects.filter(Q(bookings__in=pks) | Q(pk__in=left))
    appointments = set(been_in.values_list("pk", flat=True))
    company = Booking.objects.filter(appointment__in=appointments).exclude(pk__in=pks)
    others = Event.objects.filter(appointment__in=appointments, booking__isnull=False)
    shared = set(company.exclude(customer=None).values_list("appointment_id", flat=True))
    shared |= set(others.exclude(booking__in=pks).values_list("appointment_id", flat=True))
    addresses = addresses_of(customer)
    rows: list[Customer | Booking] = [customer, *theirs]
    said = {each for row in rows for each in (row.name, row.email, row.phone)}
    said |= {booking.sms_number for booking in theirs}
    return Traces(
        customer=customer,
        bookings=pks,
        alone=sorted(appointments - shared),
        shared=sorted(shared),
        addresses=addresses,
        words=sorted((each for each in said | addresses if len(each) > 1), key=len, reverse=True),
    )


def _forget_messages(traces: Traces, now: datetime) -> None:
    """Make the messages about the person nameless, whoever they went to.

    What staff are told of a group names everybody in it, also when it is about somebody else. What
    is planned for staff says it only when it leaves, of those who come then: it keeps its key.
    """
    rows = Message.objects.filter(business=traces.customer.business_id)
    own = Q(booking__in=traces.bookings) | Q(event__booking__in=traces.bookings)
    links = Q(appointment=None, booking=None, audience=Audience.CUSTOMER)
    links &= Q(folded__in=traces.addresses)
    group = Q(booking=None) | ~Q(audience=Audience.CUSTOMER)
    group &= Q(appointment__in=[*traces.alone, *traces.shared])
    found = rows.alias(folded=Lower("address"))
    theirs = list(found.filter(own | links).values_list("pk", flat=True))
    planned = Q(WAITING, topic__in=TOPICS, audience=Audience.STAFF)
    others = found.filter(group).exclude(planned).exclude(pk__in=theirs)
    about = list(others.values_list("pk", flat=True))
    drop(theirs, now=now)
    forget([*theirs, *about])


def _events(traces: Traces) -> list[Event]:
    own = Q(booking__in=traces.bookings)
    common = Q(booking=None, appointment__in=[*traces.alone, *traces.shared])
    return list(Event.objects.filter(own | common).order_by("pk"))


def _nameless(event: Event, traces: Traces) -> None:
    """Leave in an event what names nobody; what a group was told stays, without the person."""
    if event.booking_id is None and event.appointment_id in traces.shared:
        event.data = cast(dict[str, object], redacted(event.data, traces.words))
    else:
        event.data = nameless(event.data)
    event.actor = "customer" if event.actor.startswith("customer:") else event.actor


def _forget_notes(traces: Traces) -> None:
    Appointment.objects.filter(pk__in=traces.alone).exclude(staff_notes="").update(staff_notes="")
    noted = Appointment.objects.filter(pk__in=traces.shared).exclude(staff_notes="")
    for appointment in noted.order_by("pk"):
        appointment.staff_notes = str(redacted(appointment.staff_notes, traces.words))
        appointment.save(update_fields=["staff_notes"])


def _forget_admin_history(traces: Traces) -> None:
    """Leave in the admin's history who did something and when, not to whom."""
    named: list[tuple[type[Model], list[int]]] = [
        (Customer, [traces.customer.pk]),
        (Booking, traces.bookings),
        (Appointment, traces.alone),
    ]
    about = Q()
    for model, pks in named:
        kind = ContentType.objects.get_for_model(model)
        about |= Q(content_type=kind, object_id__in=[str(pk) for pk in pks])
    for address in traces.addresses:
        about |= Q(object_repr__icontains=address) | Q(change_message__icontains=address)
    LogEntry.objects.filter(about).update(object_repr=ERASED, change_message="")


def _telling(traces: Traces, theirs: list[Booking]) -> list[str]:
    """Return what tells that something was said about the person: long words, ids, references."""
    alone = [each.appointment.public_id for each in theirs if each.appointment_id in traces.alone]
    words = [word for word in traces.words if len(word) >= LONG]
    return [*words, *_own_ids(traces, theirs), *map(str, alone)]


def _ids(traces: Traces, theirs: list[Booking]) -> list[str]:
    """Return the ids of what may have told of the person: appointments shared with others too."""
    been_in = Appointment.objects.filter(pk__in=[*traces.alone, *traces.shared])
    found = been_in.values_list("public_id", flat=True)
    return [*_own_ids(traces, theirs), *map(str, found)]


def _own_ids(traces: Traces, theirs: list[Booking]) -> list[str]:
    of_bookings = [name for each in theirs for name in (str(each.public_id), each.reference)]
    return [*of_bookings, *ids_of(traces.customer)]


def _forget_stops(theirs: list[Booking]) -> None:
    """Forget that the person answered STOP, where nobody else is to be texted at the number."""
    for number in {booking.sms_number for booking in theirs} - {""}:
        others = Booking.objects.filter(sms_number=number).exclude(pk__in=[b.pk for b in theirs])
        if not others.exists():
            StoppedNumber.objects.filter(number=number).delete()


def _forget_bookings(traces: Traces) -> None:
    Answer.objects.filter(booking__in=traces.bookings).delete()
    ManageLink.objects.filter(booking__in=traces.bookings).delete()
    ChoiceLink.objects.filter(booking__in=traces.bookings).delete()
    Booking.objects.filter(pk__in=traces.bookings).update(
        customer=traces.customer,
        name=ERASED,
        email="",
        phone="",
        notes="",
        zone="",
        language="",
        hold_digest="",
        idempotency_key="",
        cancel_reason="",
        sms_number="",
        sms_consent="",
        sms_consented_at=None,
    )


def _forget_customer(customer: Customer, now: datetime) -> None:
    customer.name = ERASED
    customer.email = customer.phone = customer.notes = customer.zone = customer.language = ""
    customer.opted_out_at = None
    customer.erased_at = now
    customer.save(
        update_fields=[
            *("name", "email", "phone", "notes", "zone", "language", "opted_out_at", "erased_at")
        ]
    )
    Feed.objects.filter(customer=customer).delete()
