"""What a business offers, as those who work there may read it."""

from __future__ import annotations

from django.db.models import Prefetch

from bookings.models import Business, Reminder, Resource, Service, ServiceQuestion


def offered(business: Business) -> list[Service]:
    """Return all services, hidden ones too, in the order of the page.

    `people` of each has the people and rooms that serve it, `asked` what it asks, `rules` its
    reminders and follow-ups, each in order. Cost: four queries.
    """
    people = Resource.objects.filter(is_active=True).order_by("-kind", "name")
    asked = ServiceQuestion.objects.select_related("question").order_by("position", "pk")
    rules = Reminder.objects.order_by("kind", "-offset", "pk")
    return list(
        Service.objects.filter(business=business)
        .select_related("business")
        .prefetch_related(
            Prefetch("resources", people, to_attr="people"),
            Prefetch("asks", asked, to_attr="asked"),
            Prefetch("reminders", rules, to_attr="rules"),
        )
        .order_by("position", "name")
    )
