"""Notices to the house of what has stopped, once a day: somebody has to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from bookings.composing.pieces import letterhead
from bookings.composing.undelivered import lost_before
from bookings.models import Business, DisabledBecause, Message
from bookings.outlets import letter as written
from bookings.outlets.house import SwitchedOff
from bookings.outlets.letter import Letter, Topic, Trouble

_GIVEN_UP: Final = "/admin/bookings/message/?outlet__exact=sms&state=failed"

PAGES: Final[Mapping[Trouble, str]] = {
    Trouble.TEXTS: _GIVEN_UP,
    Trouble.TEXTS_TO_NUMBER: _GIVEN_UP,
    Trouble.WEBHOOK: "/desk/{slug}/webhooks/",
    Trouble.UNDELIVERED: "/admin/bookings/message/?state=failed",
}
"""By trouble: the page on which it is seen and mended."""


def notice_of(message: Message) -> Letter | None:
    """Return the letter of a notice, whose key names the trouble: `notice:<trouble>:…`.

    None where nobody would know what it is about, or there is nothing left to tell.
    Cost: two queries where it lists what was not delivered, one where it lists webhooks.
    """
    named = message.key.split(":")[1:2]
    if not named or named[0] not in set(Trouble):
        return None
    trouble = Trouble(named[0])
    lost = lost_before(message) if trouble is Trouble.UNDELIVERED else ()
    off = _switched_off(message.business) if trouble is Trouble.WEBHOOK else ()
    if trouble in (Trouble.UNDELIVERED, Trouble.WEBHOOK) and not (lost or off):
        return None
    page = PAGES[trouble].format(slug=message.business.slug)
    return Letter(
        topic=Topic.NOTICE,
        audience=written.Audience.BUSINESS,
        language=settings.LANGUAGE_CODE,
        business=letterhead(message.business),
        trouble=trouble,
        lost=lost,
        switched_off=off,
        trouble_url=f"{settings.PUBLIC_URL}{page}",
    )


def _switched_off(business: Business) -> tuple[SwitchedOff, ...]:
    """Return the webhooks that were switched off because they fail, and still are, latest first.

    Of their addresses the host alone: the rest may be a secret.
    """
    found = business.subscriptions.filter(disabled_at__isnull=False)
    failing = found.exclude(disabled_because=DisabledBecause.BY_HAND.value)
    page = f"{settings.PUBLIC_URL}{PAGES[Trouble.WEBHOOK].format(slug=business.slug)}"
    return tuple(
        SwitchedOff(
            host=urlsplit(each.url).netloc,
            is_gone=each.disabled_because == DisabledBecause.GONE.value,
            url=f"{page}{each.public_id}/",
        )
        for each in failing.order_by("-disabled_at", "-pk")
    )
