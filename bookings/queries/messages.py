"""Letters and texts: what was sent, is on its way or was given up."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.roles import Capability, Reach
from bookings.models import Message, Outlet
from bookings.queries.colleagues import Colleague


def messages_of(colleague: Colleague, capability: Capability) -> QuerySet[Message]:
    """Return the letters and texts within reach of a capability, in no order.

    They are about appointments within its reach. What is about none (invitations, notices to the
    house, links to customers) is for those who edit the settings too. What webhooks are told is
    not among them, nor their addresses: `Colleague.deliveries`.
    """
    rows = Message.objects.filter(business=colleague.business)
    about = Q(appointment__in=colleague.appointments(capability))
    if colleague.reach(capability) is Reach.ANY:
        about = Q(appointment__isnull=False)
    if colleague.reach(Capability.EDIT_SETTINGS) is Reach.ANY:
        about |= Q(appointment=None)
    return rows.filter(about).exclude(outlet=Outlet.WEBHOOK.value)
