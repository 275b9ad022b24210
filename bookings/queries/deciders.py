"""Who may decide about a request by mail, and who has decided."""

from __future__ import annotations

from accounts.roles import Capability, may
from bookings.models import Appointment, Booking, Event, Membership, Resource

DECISIONS = ("booking.confirmed", "booking.declined", "booking.cancelled")


def decider(appointment: Appointment, address: str) -> str:
    """Return in whose name an address decides about requests, "" where it may not.

    That of the business itself may, and that of the staff who serve the appointment now: guests
    without an account too, whoever signs in only with a role that lets them decide on the desk.
    Reads `service.business`. Cost: at most two queries.
    """
    business = appointment.service.business
    serving = Resource.objects.filter(
        appointments=appointment,
        kind="staff",
        is_active=True,
        acceptance="active",
        email__iexact=address,
    )
    for person in serving.select_related("user").order_by("pk"):
        if person.user is None:
            return person.name
        role = Membership.objects.filter(business=business, user=person.user, user__is_active=True)
        if any(may(each, Capability.CANCEL) for each in role.values_list("role", flat=True)):
            return person.name
    return business.mailbox if business.mailbox.lower() == address.lower() else ""


def last_decision(booking: Booking) -> Event | None:
    """Return the event of what was last decided about a booking. Cost: one query."""
    made = Event.objects.filter(booking=booking, kind__in=DECISIONS)
    return made.order_by("-at", "-pk").first()
