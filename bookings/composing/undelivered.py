"""What a notice lists of letters and texts that nobody got.

It names no customer: a notice lies where nobody looks when somebody is erased.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings

from bookings.composing.pieces import when
from bookings.models import Audience, Message, Outlet
from bookings.models.outbox import BY_STATE
from bookings.outbox import LEASE
from bookings.outlets.house import Lost

MOST: Final = 50
"""How many a notice lists; the page behind it has all."""


def lost_before(notice: Message) -> tuple[Lost, ...]:
    """Return what was given up since the last such notice and still is, latest first.

    Cost: two queries.
    """
    about = notice.key.rpartition(":")[0]
    earlier = Message.objects.filter(key__startswith=f"{about}:", sent_at__isnull=False)
    last = earlier.exclude(pk=notice.pk).order_by("-sent_at").first()
    dead = Message.objects.filter(
        BY_STATE["failed"],
        business=notice.business_id,
        audience__in=[Audience.CUSTOMER.value, Audience.STAFF.value],
    )
    if last is not None and last.sent_at is not None:
        # That one was written up to a lease before it was sent.
        dead = dead.filter(failed_at__gt=last.sent_at - LEASE)
    found = dead.select_related("appointment__service", "booking").order_by("-failed_at", "-pk")
    return tuple(_lost(each, notice) for each in found[:MOST])


def _lost(message: Message, notice: Message) -> Lost:
    appointment, booking, business = message.appointment, message.booking, notice.business
    desk = f"{settings.PUBLIC_URL}/desk/{business.slug}/"
    return Lost(
        is_text=message.outlet == Outlet.SMS.value,
        to_customer=message.audience == Audience.CUSTOMER.value,
        service=appointment.service.name if appointment else "",
        when=when(appointment, business.zone) if appointment else None,
        reference=booking.reference if booking else "",
        url=f"{desk}appointments/{appointment.public_id}/" if appointment else desk,
    )
