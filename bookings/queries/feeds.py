"""What calendar feeds show, and which feeds there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.roles import Capability, Reach, reach
from bookings.engine.policy import CHANGEABLE, AppointmentState, BookingState
from bookings.errors import NotFound
from bookings.models import (
    Appointment,
    Booking,
    Event,
    Feed,
    ManageLink,
    Membership,
    Resource,
    ResourceKind,
)
from bookings.models.appointment import digest_of
from bookings.queries.colleagues import Colleague
from bookings.queries.requests import CONFIRMED

BACK: Final = timedelta(days=30)
"""How far a feed reaches back, and how long it shows as struck what was cancelled."""

ABOUT: Final = ("starts_at", "ends_at", "zone", "location_kind", "place", "join_link")
"""What an entry takes from its appointment as it is."""

GONE: Final = [BookingState.CANCELLED, BookingState.DECLINED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who comes."""

    name: str
    phone: str
    seats: int
    is_awaiting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One entry of a feed: an appointment for the house, a booking for its customer.

    `changed_at` is when something about it was last decided, `public_id` and `sequence` are what
    its invitations say too. `guests`, `capacity` and `taken` are for the house; `reference`,
    `seats`, the price and `links`, the digests of manage links, for the customer.
    """

    public_id: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    is_cancelled: bool
    changed_at: datetime
    service: str
    location_kind: str
    place: str
    join_link: str
    staff: Sequence[str]
    rooms: Sequence[str]
    guests: Sequence[Guest] = ()
    capacity: int = 1
    taken: int = 1
    reference: str = ""
    seats: int = 1
    price_kind: str = ""
    price: Decimal | None = None
    currency: str = ""
    links: Sequence[str] = ()


@dataclass(frozen=True)
class OpenFeed:
    """A feed with its business, resource, customer and maker; and the maker's role there now."""

    feed: Feed
    role: str | None

    @property
    def may_be_seen(self) -> bool:
        """Whether whoever made it may see what is in it now; a customer may always.

        Somebody who is switched off or has left may not, and no role sees more than it covers.
        """
        feed, user = self.feed, self.feed.user
        if feed.customer is not None:
            return True
        if user is None or not user.is_active:
            return False
        if user.is_superuser:
            return True
        covered = reach(self.role, Capability.SEE_BOOKINGS) if self.role else Reach.NONE
        is_own = feed.resource is not None and feed.resource.user_id == user.pk
        return covered is Reach.ANY or (covered is Reach.OWN and is_own)


def feed_by_token(token: str) -> OpenFeed:
    """Return the feed at a secret address. Cost: one query.

    Raises:
        NotFound: it is unknown or revoked.
    """
    of_maker = Membership.objects.filter(user=OuterRef("user"), business=OuterRef("business"))
    found = (
        Feed.objects.filter(digest=digest_of(token), revoked_at=None)
        .select_related("business", "resource", "customer", "user")
        .annotate(role=Subquery(of_maker.values("role")[:1], output_field=CharField()))
        .first()
    )
    if found is None:
        raise NotFound()
    return OpenFeed(found, found.role)


def visits(feed: Feed, *, now: datetime) -> list[Visit]:
    """Return what a feed shows: what ends from 30 days ago on, soonest first.

    Requests that were never confirmed are not in it; what was cancelled stays in it, struck, for
    30 days. Cost: one query, whatever the number of appointments.
    """
    if feed.customer is not None:
        rows = Booking.objects.filter(customer=feed.customer, business=feed.business_id)
        return [_of_customer(row) for row in _bookings(rows, now - BACK)]
    appointments = Appointment.objects.filter(business=feed.business_id)
    if feed.resource is not None:
        appointments = appointments.filter(resources=feed.resource)
    return [_of_house(row) for row in _appointments(appointments, now - BACK)]


def visit_of(appointment: Appointment) -> Visit:
    """Return one appointment as the house's feeds show it. Cost: one query.

    Raises:
        NotFound: nobody has ever confirmed it.
    """
    since = min(appointment.created_at, appointment.starts_at)
    for row in _appointments(Appointment.objects.filter(pk=appointment.pk), since):
        return _of_house(row)
    raise NotFound()


def feeds_of(colleague: Colleague) -> QuerySet[Feed]:
    """Return the live feeds of the house that somebody may end.

    Their own; those of everybody for whom may change the staff.
    """
    live = Feed.objects.filter(business=colleague.business, customer=None, revoked_at=None)
    if not colleague.may(Capability.EDIT_STAFF):
        live = live.filter(user=colleague.user)
    return live.select_related("business", "resource", "user")


Row = dict[str, Any]


def _appointments(rows: QuerySet[Appointment], since: datetime) -> list[Row]:
    events = Event.objects.filter(appointment=OuterRef("pk"))
    agreed = Event.objects.filter(kind=CONFIRMED, booking__events__appointment=OuterRef("pk"))
    changed_at = Coalesce(Subquery(events.order_by("-version").values("at")[:1]), "created_at")
    coming = Booking.objects.filter(appointment=OuterRef("pk"), state__in=CHANGEABLE)
    guest = JSONObject(name="name", phone="phone", seats="seats", state="state")
    was_agreed = Exists(coming.filter(state=BookingState.CONFIRMED)) | Exists(agreed)
    stands = Q(state=AppointmentState.SCHEDULED) & Exists(coming)
    struck = Q(state=AppointmentState.CANCELLED, changed_at__gte=since)
    found = (
        rows.annotate(changed_at=changed_at)
        .filter(stands | struck, was_agreed, ends_at__gte=since)
        .annotate(
            guests=ArraySubquery(coming.order_by("pk").values(said=guest)),
            service_name=F("service__name"),
            **_serving("pk"),
        )
        .order_by("starts_at", "pk")
        .values(
            *("public_id", "version", "state", "capacity", "seats_taken", "changed_at"),
            *("guests", "service_name", "staff", "rooms", *ABOUT),
        )
    )
    return cast(list[Row], list(found))


def _bookings(rows: QuerySet[Booking], since: datetime) -> list[Row]:
    own = Event.objects.filter(booking=OuterRef("pk"))
    about = (*ABOUT, "price_kind", "price", "currency")
    links = ManageLink.objects.filter(booking=OuterRef("pk")).order_by("pk")
    changed_at = Coalesce(Subquery(own.order_by("-at", "-pk").values("at")[:1]), "created_at")
    stands = Q(state=BookingState.CONFIRMED)
    struck = Q(Exists(own.filter(kind=CONFIRMED)), state__in=GONE, changed_at__gte=since)
    found = (
        rows.annotate(changed_at=changed_at)
        .filter(stands | struck, appointment__ends_at__gte=since)
        .annotate(
            links_known=ArraySubquery(links.values("digest")),
            service_name=F("appointment__service__name"),
            **_serving("appointment"),
        )
        .order_by("appointment__starts_at", "pk")
        .values(
            *("public_id", "sequence", "state", "reference", "seats", "changed_at"),
            *("links_known", "service_name", "staff", "rooms"),
            **{f"of_{name}": F(f"appointment__{name}") for name in about},
        )
    )
    return cast(list[Row], list(found))


def _serving(appointment: str) -> dict[str, ArraySubquery]:
    """Return the names of those who serve an appointment, and of the rooms it is in."""
    there = Resource.objects.filter(appointments=OuterRef(appointment)).order_by("name", "pk")
    return {
        "staff": ArraySubquery(there.filter(kind=ResourceKind.STAFF).values("name")),
        "rooms": ArraySubquery(there.filter(kind=ResourceKind.ROOM).values("name")),
    }


def _of_house(row: Row) -> Visit:
    return Visit(
        public_id=row["public_id"],
        sequence=row["version"],
        is_cancelled=row["state"] == AppointmentState.CANCELLED,
        changed_at=row["changed_at"],
        service=row["service_name"],
        staff=row["staff"],
        rooms=row["rooms"],
        guests=[
            Guest(
                name=said["name"],
                phone=said["phone"],
                seats=said["seats"],
                is_awaiting=said["state"] == BookingState.PENDING,
            )
            for said in row["guests"]
        ],
        capacity=row["capacity"],
        taken=row["seats_taken"],
        **{name: row[name] for name in ABOUT},
    )


def _of_customer(row: Row) -> Visit:
    said = {name[3:]: value for name, value in row.items() if name.startswith("of_")}
    return Visit(
        public_id=row["public_id"],
        sequence=row["sequence"],
        is_cancelled=row["state"] != BookingState.CONFIRMED,
        changed_at=row["changed_at"],
        service=row["service_name"],
        staff=row["staff"],
        rooms=row["rooms"],
        reference=row["reference"],
        seats=row["seats"],
        links=row["links_known"],
        **said,
    )
