"""Services, questions and resources with all that belongs to them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from bookings.models import (
    AvailabilityRange,
    HoursRule,
    Membership,
    Question,
    Reminder,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
)


def services_in_full(rows: QuerySet[Service]) -> QuerySet[Service]:
    """Return services with their business, hours, ranges, people, questions and reminders.

    Each in its order: hours by the week, ranges as they were made, people by priority, questions
    as they are asked, reminders as they come. Cost: six queries beside that of the services.
    """
    week = HoursRule.objects.order_by("weekday", "opens", "closes")
    ranges = AvailabilityRange.objects.order_by("created_at", "pk")
    gives = ServiceResource.objects.select_related("resource").order_by("priority", "pk")
    asks = ServiceQuestion.objects.select_related("question").order_by("position", "pk")
    return rows.select_related("business").prefetch_related(
        Prefetch("hours", week),
        Prefetch("ranges", ranges.prefetch_related(Prefetch("hours", week))),
        Prefetch("links", gives),
        Prefetch("asks", asks),
        Prefetch("reminders", Reminder.objects.order_by("kind", "-offset", "pk")),
    )


def questions_in_full(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Return questions with the services that ask them, by name. Cost: one query more."""
    asking = ServiceQuestion.objects.select_related("service").order_by("service__name", "pk")
    return rows.prefetch_related(Prefetch("asked_by", asking))


def resources_in_full(rows: QuerySet[Resource]) -> QuerySet[Resource]:
    """Return resources with what they are there for, by name, and who signs in as them.

    Cost: two queries more.
    """
    gives = ServiceResource.objects.select_related("service").order_by("service__name", "pk")
    memberships = Membership.objects.order_by("pk")
    return rows.select_related("user", "business").prefetch_related(
        Prefetch("links", gives), Prefetch("user__memberships", memberships)
    )
