"""Two people at one appointment: the second learns who was faster."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.commands.actor import Actor
from bookings.errors import ChangedMeanwhile
from bookings.models import Appointment, Business, Event


def refuse_stale(appointment: Appointment, version: int | None, actor: Actor) -> None:
    """Refuse to decide on an older look at an appointment; None decides on whatever is there.

    The word is final only under the appointment's lock. Cost: none, one query where it refuses.

    Raises:
        ChangedMeanwhile: its version is another by now.
    """
    if version is not None and version != appointment.version:
        raise changed(appointment, actor)


def changed(appointment: Appointment, actor: Actor) -> ChangedMeanwhile:
    """Return the refusal that tells `actor` who made the last change. Cost: one query."""
    made_by = Event.objects.filter(appointment=appointment).order_by("-version")
    last = made_by.values_list("actor", flat=True).first() or ""
    return ChangedMeanwhile(who=_named(last, actor, appointment))


def changed_row(business: Business, **about: str) -> ChangedMeanwhile:
    """Return the refusal that tells staff who last changed something that is no appointment.

    `about` is what the events of it have in their data. Cost: one query.
    """
    made_by = Event.objects.filter(business=business, appointment=None, data__contains=about)
    last = made_by.order_by("-at", "-pk").values_list("actor", flat=True).first() or ""
    return ChangedMeanwhile(who=last.partition(":")[2] or _("somebody else"))


def _named(last: str, reader: Actor, appointment: Appointment) -> str | Promise:
    """Name who did something: staff by their names, but not to customers."""
    kind, _colon, name = last.partition(":")
    if reader.is_customer:
        return _("somebody else") if kind in ("customer", "") else appointment.service.business.name
    if kind == "customer":
        return _("the customer")
    return name or (_("the portal") if kind == "system" else _("somebody else"))
