"""Events as programs are told of them: what happened, and how things are by now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from bookings.composing.pieces import guests_of
from bookings.models import Answer, Appointment, Booking, Business, Event, Instance, Resource

LOADED: Final = ("business", "appointment__service")
"""What has to be loaded of an event that is told."""

_BEFORE: Final = ("starts_at", "ends_at", "staff")
"""What an event of an appointment keeps of the time and the people before it."""
_INSTANTS: Final = ("starts_at", "ends_at", "since", "until")
"""What of that which an event keeps is an instant."""

Json = dict[str, Any]


def told(events: Sequence[Event], *, bookings: QuerySet[Booking]) -> list[Json]:
    """Return events, with what is `LOADED`, as webhooks tell them.

    Of the bookings that an event is about, those among `bookings` are told. Instants are on the
    clock of the appointment, else of the business; the timestamp is in UTC.
    Cost: four queries, however many events.
    """
    appointments = {each.appointment_id: each.appointment for each in events if each.appointment}
    people = Prefetch("resources", queryset=Resource.objects.order_by("name", "pk"))
    prefetch_related_objects(list(appointments.values()), people)
    concerned = _concerned(events, bookings)
    epoch = _epoch()
    return [
        {
            "type": event.kind,
            "timestamp": _said(event.at, UTC),
            "data": {
                "id": str(event.public_id),
                "sequence": event.version,
                "instance_epoch": epoch,
                "business": _business(event.business),
                "actor": event.actor.partition(":")[0],
                **_facts(event, appointments.get(event.appointment_id), concerned[event.pk]),
            },
        }
        for event in events
    ]


def _concerned(
    events: Collection[Event], bookings: QuerySet[Booking]
) -> Mapping[int, Sequence[Booking]]:
    """Return, by event, the booking that it is about, or those of its appointment."""
    named = {event.booking_id for event in events} - {None}
    common = {event.appointment_id for event in events if event.booking_id is None} - {None}
    found: dict[int, list[Booking]] = defaultdict(list)
    if not named and not common:
        return found
    rows = bookings.filter(Q(pk__in=named) | Q(appointment__in=common)).order_by("pk")
    answers = Prefetch("answers", queryset=Answer.objects.order_by("pk"))
    known = {row.pk: row for row in rows.select_related("customer").prefetch_related(answers)}
    together: dict[int, list[Booking]] = defaultdict(list)
    for row in known.values():
        together[row.appointment_id].append(row)
    for event in events:
        if event.booking_id in known:
            found[event.pk] = [known[event.booking_id]]
        elif event.booking_id is None and event.appointment_id is not None:
            found[event.pk] = guests_of(event, together[event.appointment_id])
    return found


def _facts(event: Event, appointment: Appointment | None, bookings: Sequence[Booking]) -> Json:
    """Return which appointment and bookings it is about, and how that was before."""
    if appointment is None:
        return {"details": _kept(event.data, ZoneInfo(event.business.zone))}
    zone = ZoneInfo(appointment.zone)
    kept = _kept(event.data, zone)
    return {
        "appointment": _appointment(appointment, zone),
        "bookings": [_booking(booking) for booking in bookings],
        "before": {name: each for name, each in kept.items() if name in _BEFORE},
        "details": {name: each for name, each in kept.items() if name not in _BEFORE},
    }


def _kept(data: Json, zone: tzinfo) -> Json:
    """Return what an event keeps, its instants on the clock of a zone."""
    return {
        name: _said(datetime.fromisoformat(each), zone) if name in _INSTANTS else each
        for name, each in data.items()
    }


def _said(at: datetime, zone: tzinfo) -> str:
    """Return an instant in ISO 8601 on the clock of a zone; “Z” stands for no offset."""
    return at.astimezone(zone).isoformat().replace("+00:00", "Z")


def _epoch() -> str | None:
    epoch = Instance.objects.values_list("epoch", flat=True).first()
    return str(epoch) if epoch else None


def _business(business: Business) -> Json:
    return {"id": str(business.public_id), "slug": business.slug, "name": business.name}


def _appointment(appointment: Appointment, zone: ZoneInfo) -> Json:
    people = list(appointment.resources.all())
    return {
        "id": str(appointment.public_id),
        "state": appointment.state,
        "version": appointment.version,
        "service": {
            "id": str(appointment.service.public_id),
            "name": appointment.service.name,
        },
        "starts_at": _said(appointment.starts_at, zone),
        "ends_at": _said(appointment.ends_at, zone),
        "time_zone": appointment.zone,
        "staff": [_named(each) for each in people if each.kind == "staff"],
        "rooms": [_named(each) for each in people if each.kind != "staff"],
        "location_kind": appointment.location_kind,
        "place": appointment.place,
        "join_link": appointment.join_link,
        "capacity": appointment.capacity,
        "seats_taken": appointment.seats_taken,
    }


def _named(resource: Resource) -> Json:
    return {"id": str(resource.public_id), "name": resource.name}


def _booking(booking: Booking) -> Json:
    return {
        "id": str(booking.public_id),
        "reference": booking.reference,
        "state": booking.state,
        "seats": booking.seats,
        "customer": {
            "id": str(booking.customer.public_id) if booking.customer else None,
            "name": booking.name,
            "email": booking.email,
            "phone": booking.phone,
        },
        "notes": booking.notes,
        "answers": [
            {"question": each.asked, "answer": each.value} for each in booking.answers.all()
        ],
    }
