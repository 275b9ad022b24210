"""Whose rows the admin shows and takes: those of the businesses that somebody administers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, QuerySet
from django.db.models.options import Options
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import Capability, Reach, Role, reach
from bookings.models import (
    Answer,
    Appointment,
    Attempt,
    AvailabilityRange,
    Booking,
    Business,
    Customer,
    Event,
    HoursException,
    HoursRule,
    Message,
    OwnWording,
    Question,
    Reminder,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
    TimeOff,
)
from bookings.queries.colleagues import roles_of

RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True)
class Belonging:
    """How a row leads to its business, and what one must be able to do there with all such rows."""

    path: str
    needs: Capability


BELONGINGS: dict[type[Model], Belonging] = {
    Business: Belonging("pk", Capability.EDIT_SETTINGS),
    Service: Belonging("business", Capability.EDIT_SETTINGS),
    Resource: Belonging("business", Capability.EDIT_STAFF),
    ServiceResource: Belonging("service__business", Capability.EDIT_SETTINGS),
    Question: Belonging("business", Capability.EDIT_SETTINGS),
    ServiceQuestion: Belonging("service__business", Capability.EDIT_SETTINGS),
    Reminder: Belonging("service__business", Capability.EDIT_SETTINGS),
    AvailabilityRange: Belonging("service__business", Capability.EDIT_SETTINGS),
    HoursRule: Belonging("business", Capability.EDIT_HOURS),
    HoursException: Belonging("business", Capability.EDIT_HOURS),
    TimeOff: Belonging("business", Capability.CLOSE),
    Customer: Belonging("business", Capability.CONTROL_CUSTOMERS),
    Appointment: Belonging("business", Capability.CANCEL),
    Booking: Belonging("business", Capability.CANCEL),
    Answer: Belonging("booking__business", Capability.SEE_BOOKINGS),
    Event: Belonging("business", Capability.SEE_BOOKINGS),
    OwnWording: Belonging("business", Capability.EDIT_SETTINGS),
    Message: Belonging("business", Capability.SEE_BOOKINGS),
    Attempt: Belonging("message__business", Capability.SEE_BOOKINGS),
}
"""All rows that the admin knows. Of what is not here, only superusers see anything."""


@dataclass(frozen=True)
class Scope:
    """The businesses that somebody administers, and their role in each; None: all there are."""

    roles: Mapping[int, Role] | None

    @property
    def is_everything(self) -> bool:
        return self.roles is None

    def businesses(self, capability: Capability) -> list[int]:
        """Return the pks of the businesses in which somebody has a capability over everything."""
        roles = self.roles or {}
        wanted = (Capability.EDIT_SETTINGS, capability)
        return [
            number
            for number, role in roles.items()
            if all(reach(role, each) is Reach.ANY for each in wanted)
        ]

    def rows(self, found: QuerySet[RowT]) -> QuerySet[RowT]:
        """Return those of the rows that are within the scope. Costs no query."""
        if self.is_everything:
            return found
        belonging = BELONGINGS.get(found.model)
        if belonging is None:
            return found.none()
        return found.filter(**{f"{belonging.path}__in": self.businesses(belonging.needs)})

    def may(self, capability: Capability, business: Business) -> bool:
        """Say whether somebody has a capability over everything in a business."""
        return self.is_everything or business.pk in self.businesses(capability)

    def covers(self, model: type[Model], row: Model | None) -> bool:
        """Say whether rows of a model may be looked at and changed, beneath or at `row`.

        Without a row: whether there is any business in which they may be.
        """
        if self.is_everything:
            return True
        belonging = BELONGINGS.get(model)
        if belonging is None:
            return False
        numbers = self.businesses(belonging.needs)
        return bool(numbers) if row is None else _business_of(row) in numbers


def scope_of(request: HttpRequest) -> Scope:
    """Return whose rows are shown in answer to a request. Cost: one query, once in a request."""
    if request not in _known:
        user = request.user
        is_known = isinstance(user, User) and user.is_active
        _known[request] = Scope(roles_of(cast(User, user)) if is_known else {})
    return _known[request]


class Scoped(BaseModelAdmin[RowT]):
    """Pages or inlines that show and take only what is within the scope of who asks.

    Django's permissions are not asked: what one may do follows from one's roles.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[RowT]:
        """Return the rows within the scope."""
        return scope_of(request).rows(super().get_queryset(request))

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any]:
        """Return the choices of a field that names other rows: those within the scope."""
        rows = super().get_field_queryset(db, db_field, request)
        if rows is None:
            rows = db_field.remote_field.model.objects.all()
        return scope_of(request).rows(rows)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether such rows, or this one, may be seen; an inline asks for its parent."""
        return scope_of(request).covers(self.model, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether such a row may be added."""
        return scope_of(request).covers(self.model, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether such rows, or this one, may be changed."""
        return scope_of(request).covers(self.model, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether such rows, or this one, may be deleted."""
        return scope_of(request).covers(self.model, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the index lists such rows."""
        return scope_of(request).covers(self.model, None)


class OwnChoices(admin.RelatedFieldListFilter):
    """A filter of a list by another row, which names those within the scope only."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[Any, Any]]:
        """Return the choices in the order of their own list."""
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows = scope_of(request).rows(field.related_model.objects.order_by(*ordering))
        return [(row.pk, str(row)) for row in rows]


def own_filters(options: Options[Any], filters: Any) -> list[Any]:
    """Return the filters of a list with those by another row kept to the scope."""
    fields = (*options.fields, *options.many_to_many)
    related = {field.name for field in fields if field.is_relation}
    return [(each, OwnChoices) if each in related else each for each in filters]


def _business_of(row: Model) -> int | None:
    """Return the pk of the business that a row belongs to."""
    belonging = BELONGINGS.get(type(row))
    if belonging is None:
        return None
    *way, last = belonging.path.split("__")
    for name in way:
        row = getattr(row, name)
    number: int | None = getattr(row, last if last == "pk" else f"{last}_id")
    return number


_known: WeakKeyDictionary[HttpRequest, Scope] = WeakKeyDictionary()
