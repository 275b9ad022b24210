"""Who somebody is in a business, and which of its rows are within their reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet

from accounts.models import User
from accounts.roles import Capability, Reach, Role, may, reach
from bookings.errors import NotFound
from bookings.models import (
    Appointment,
    Booking,
    Business,
    Customer,
    Invitation,
    Membership,
    Message,
    Question,
    Resource,
    Service,
    Subscription,
    TimeOff,
)
from bookings.queries.whole import Whole

RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True)
class Colleague:
    """A signed-in person in one business."""

    user: User
    business: Business
    role: Role

    def may(self, capability: Capability) -> bool:
        """Say whether they have a capability, be it for their own things alone."""
        return may(self.role, capability)

    def reach(self, capability: Capability) -> Reach:
        """Return whose things a capability covers for them."""
        return reach(self.role, capability)

    @cached_property
    def own(self) -> frozenset[int]:
        """Return the pks of the staff rows that are them. Cost: one query, once."""
        rows = Resource.objects.filter(business=self.business, user=self.user)
        return frozenset(rows.values_list("pk", flat=True))

    def resources(self, capability: Capability) -> QuerySet[Resource]:
        """Return the people and rooms within reach."""
        rows = Resource.objects.filter(business=self.business)
        return self._within(rows, capability, lambda: Q(user=self.user))

    def services(self, capability: Capability) -> QuerySet[Service]:
        """Return the services that a capability is about: all, whoever serves them."""
        rows = Service.objects.filter(business=self.business)
        return rows if self.may(capability) else rows.none()

    def service(self, capability: Capability, public_id: UUID) -> Service:
        """Return one of those `services` with its business. Cost: one query.

        Raises:
            NotFound: it is not among them.
        """
        with connection.cursor() as cursor:
            cursor.execute(_ONE_SERVICE, [self.business.pk, public_id])
            values = cursor.fetchone()
        if values is None or not self.may(capability):
            raise NotFound()
        service = _SERVICE.row(values)
        service.business = self.business
        return service

    def questions(self, capability: Capability) -> QuerySet[Question]:
        """Return the questions that a capability is about: all, whoever asks them."""
        rows = Question.objects.filter(business=self.business)
        return rows if self.may(capability) else rows.none()

    def appointments(self, capability: Capability) -> QuerySet[Appointment]:
        """Return the appointments within reach; one's own are those one is assigned to."""
        rows = Appointment.objects.filter(business=self.business)
        return self._within(rows, capability, lambda: Q(pk__in=self._own_appointments()))

    def bookings(self, capability: Capability) -> QuerySet[Booking]:
        """Return the bookings within reach."""
        rows = Booking.objects.filter(business=self.business)
        own = self._own_appointments
        return self._within(rows, capability, lambda: Q(appointment__in=own()))

    def customers(self, capability: Capability) -> QuerySet[Customer]:
        """Return the customers within reach, those who were erased left out."""
        rows = Customer.objects.filter(business=self.business, erased_at=None)

        def own() -> Q:
            known = Booking.objects.filter(appointment__in=self._own_appointments())
            return Q(pk__in=known.values("customer"))

        return self._within(rows, capability, own)

    def times_off(self, capability: Capability) -> QuerySet[TimeOff]:
        """Return the times off within reach; closures are for those who may close."""
        rows = TimeOff.objects.filter(business=self.business)
        if not self.may(Capability.CLOSE):
            rows = rows.filter(resource__isnull=False)
        return self._within(rows, capability, lambda: Q(resource__user=self.user))

    def absences(self) -> QuerySet[TimeOff]:
        """Return the times off that they may see, also where they may not change them.

        All for who enters anybody's; else closures and their own.
        """
        rows = TimeOff.objects.filter(business=self.business)
        own = Q(resource=None) | Q(resource__user=self.user)
        covered = self.reach(Capability.TAKE_TIME_OFF)
        if covered is Reach.ANY:
            return rows
        return rows.filter(own) if covered is Reach.OWN else rows.none()

    def members(self, capability: Capability) -> QuerySet[Membership]:
        """Return the memberships within reach."""
        rows = Membership.objects.filter(business=self.business)
        return self._within(rows, capability, lambda: Q(user=self.user))

    def invitations(self, capability: Capability) -> QuerySet[Invitation]:
        """Return the invitations within reach; none is one's own."""
        rows = Invitation.objects.filter(business=self.business)
        return rows if self.reach(capability) is Reach.ANY else rows.none()

    def subscriptions(self, capability: Capability) -> QuerySet[Subscription]:
        """Return the webhooks within reach; none is one's own."""
        rows = Subscription.objects.filter(business=self.business)
        return rows if self.reach(capability) is Reach.ANY else rows.none()

    def deliveries(self, capability: Capability) -> QuerySet[Message]:
        """Return what the webhooks within reach were told, the event loaded."""
        rows = Message.objects.filter(subscription__in=self.subscriptions(capability))
        return rows.select_related("event__appointment", "subscription")

    def _own_appointments(self) -> QuerySet[Appointment]:
        return Appointment.objects.filter(business=self.business, resources__in=self.own)

    def _within(
        self, rows: QuerySet[RowT], capability: Capability, own: Callable[[], Q]
    ) -> QuerySet[RowT]:
        """Return the rows that a capability covers; `own` is asked only where it counts."""
        covered = self.reach(capability)
        if covered is Reach.ANY:
            return rows
        return rows.filter(own()) if covered is Reach.OWN else rows.none()


_BUSINESS: Final = Whole(Business)
_STANDING: Final = f"""
SELECT m.role, {_BUSINESS.columns("b")}
FROM bookings_business b
LEFT JOIN bookings_membership m ON m.business_id = b.id AND m.user_id = %s
WHERE b.{{}} = %s
"""
"""Every call and every page asks this, as many ask for a service."""

_SERVICE: Final = Whole(Service)
_ONE_SERVICE: Final = f"""
SELECT {_SERVICE.columns("s")} FROM bookings_service s
WHERE s.business_id = %s AND s.public_id = %s
"""


def colleague(user: User, slug: str) -> Colleague:
    """Return who a user is in the business of this name; a superuser is an admin everywhere.

    Cost: one query.

    Raises:
        NotFound: there is no such business, or the user has no part in it: nobody shall learn
            which.
    """
    return _colleague(user, _STANDING.format("slug"), slug)


def colleague_of(user: User, business: UUID) -> Colleague:
    """Return who a user is in the business with this public id; as `colleague`."""
    return _colleague(user, _STANDING.format("public_id"), business)


def _colleague(user: User, asked: str, business: str | UUID) -> Colleague:
    with connection.cursor() as cursor:
        cursor.execute(asked, [user.pk, business])
        row = cursor.fetchone()
    role, *values = row or (None,)
    if user.is_superuser and values:
        role = Role.ADMIN
    if role is None:
        raise NotFound()
    return Colleague(user, _BUSINESS.row(values), Role(role))


def businesses_of(user: User, capability: Capability) -> QuerySet[Business]:
    """Return the businesses in which a user has a capability, by name."""
    rows = Business.objects.order_by("name", "pk")
    if user.is_superuser:
        return rows
    roles = [role.value for role in Role if may(role, capability)]
    return rows.filter(memberships__user=user, memberships__role__in=roles)


def roles_of(user: User) -> dict[int, Role] | None:
    """Return a user's role in each business by its pk; None: an admin everywhere.

    Cost: one query, none for a superuser.
    """
    if user.is_superuser:
        return None
    rows = Membership.objects.filter(user=user).values_list("business_id", "role")
    return {number: Role(role) for number, role in rows}
