"""What the booking pages show. Whatever is not public is not found, whatever the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature
from django.db import connection
from django.db.models import QuerySet

from bookings.engine.policy import Assignment
from bookings.errors import NotFound
from bookings.models import (
    Answer,
    Booking,
    Business,
    ChoiceLink,
    Customer,
    ManageLink,
    Resource,
    ResourceKind,
    Service,
    ServiceQuestion,
)
from bookings.models.appointment import digest_of
from bookings.models.capability import opt_out_signer
from bookings.queries.cache import Memory

LINK_LASTS = timedelta(days=30)
"""How long after its end a booking can still be seen through its manage link."""

BOOKING_WITH = "appointment__service__business"


@dataclass(frozen=True)
class ServicePage:
    """A service and those of its staff who can be chosen, in order of priority.

    Where everyone comes, `staff` names all of them; nobody where the policy gives no choice.
    """

    service: Service
    staff: Sequence[Resource]


def published_business(slug: str) -> Business:
    """Return the published business of this name. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    business = Business.objects.filter(slug=slug, is_published=True).first()
    if business is None:
        raise NotFound()
    return business


def only_business() -> Business:
    """Return the one published business. Cost: one query.

    Raises:
        NotFound: there is none, or more than one, and nobody shall learn which.
    """
    published = Business.objects.filter(is_published=True)[:2]
    if len(published) != 1:
        raise NotFound()
    return published[0]


def public_services(business: Business) -> QuerySet[Service]:
    """Return the services that customers may book, in the order of the page. Cost: one query."""
    return (
        Service.objects.filter(business=business, is_hidden=False)
        .select_related("business")
        .order_by("position", "name", "pk")
    )


def service_page(slug: str, name: str) -> ServicePage:
    """Return a public service of a published business, remembered until the catalogue changes.

    What is returned is shared between requests: nobody changes it.
    Cost: one query; two more where the catalogue has changed.

    Raises:
        NotFound: there is none.
    """
    stamp = _catalogue_of(slug)
    row = _pages.get((slug, name))
    if row is None or row[0] != stamp:
        row = (stamp, _read_page(slug, name))
        _pages.put((slug, name), row, size=10_000 + 2_000 * len(row[1].staff))
    return row[1]


_pages: Memory[tuple[tuple[int, int], ServicePage]] = Memory(limit=4_000_000)


def _catalogue_of(slug: str) -> tuple[int, int]:
    """Return the business of this name and the version of its catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, version FROM bookings_catalogueversion v"
            " JOIN bookings_business b ON b.id = v.business_id WHERE b.slug = %s",
            [slug],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def _read_page(slug: str, name: str) -> ServicePage:
    service = (
        Service.objects.filter(
            business__slug=slug, business__is_published=True, slug=name, is_hidden=False
        )
        .select_related("business")
        .first()
    )
    if service is None:
        raise NotFound()
    return ServicePage(service, staff_of(service))


def staff_of(service: Service) -> list[Resource]:
    """Return the staff a customer may choose from, or who come together. Cost: one query."""
    if not service.policy.allow_staff_selection and service.assignment != Assignment.ALL:
        return []
    return list(
        Resource.objects.filter(
            links__service=service, kind=ResourceKind.STAFF, is_active=True, acceptance="active"
        ).order_by("links__priority", "pk")
    )


def questions_of(service: Service) -> list[ServiceQuestion]:
    """Return what a service asks, in order, the questions loaded. Cost: one query."""
    return list(
        ServiceQuestion.objects.filter(service=service)
        .select_related("question")
        .order_by("position", "pk")
    )


def held(token: str) -> Booking:
    """Return the booking that a hold's token leads to: held, confirmed or expired.

    Its appointment, service and business are loaded. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    booking = (
        Booking.objects.filter(hold_digest=digest_of(token)).select_related(BOOKING_WITH).first()
        if token
        else None
    )
    if booking is None:
        raise NotFound()
    return booking


def booking_by_token(token: str, *, now: datetime) -> Booking:
    """Return the booking that a manage link's token leads to.

    Its customer, appointment, service and business are loaded. Unknown, revoked and long-past
    links are the same. Cost: one query.

    Raises:
        NotFound: the link leads nowhere.
    """
    link = (
        ManageLink.objects.filter(
            digest=digest_of(token), booking__appointment__ends_at__gt=now - LINK_LASTS
        )
        .select_related(f"booking__{BOOKING_WITH}", "booking__customer")
        .first()
    )
    if link is None:
        raise NotFound()
    return link.booking


def customer_of_opt_out(token: str) -> Customer:
    """Return the customer whose reminders a link ends, the business loaded. Cost: one query.

    Raises:
        NotFound: nobody signed the link, or the person was erased.
    """
    try:
        number = UUID(opt_out_signer().unsign(token))
    except (BadSignature, ValueError) as error:
        raise NotFound() from error
    found = Customer.objects.filter(bookings__public_id=number, erased_at=None)
    customer = found.select_related("business").first()
    if customer is None:
        raise NotFound()
    return customer


def choice_by_token(token: str, *, now: datetime) -> ChoiceLink:
    """Return the question that a link from a letter asks, answered or not.

    Its booking, appointment, service and business are loaded. Unknown and long-past links are
    the same. Cost: one query.

    Raises:
        NotFound: the link leads nowhere.
    """
    link = (
        ChoiceLink.objects.filter(
            digest=digest_of(token), booking__appointment__ends_at__gt=now - LINK_LASTS
        )
        .select_related(f"booking__{BOOKING_WITH}")
        .first()
    )
    if link is None:
        raise NotFound()
    return link


def answers_of(booking: Booking) -> list[Answer]:
    """Return the answers given with a booking and their questions, in the order asked.

    Cost: one query.
    """
    return list(booking.answers.select_related("question").order_by("pk"))
