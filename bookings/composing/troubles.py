"""Notices to the house of what has stopped, once a day: somebody has to look at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.conf import settings

from bookings.composing.pieces import letterhead
from bookings.composing.undelivered import lost_before
from bookings.models import Message
from bookings.outlets import letter as written
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
    Cost: two queries where it lists what was not delivered.
    """
    named = message.key.split(":")[1:2]
    if not named or named[0] not in set(Trouble):
        return None
    trouble = Trouble(named[0])
    lost = lost_before(message) if trouble is Trouble.UNDELIVERED else ()
    if trouble is Trouble.UNDELIVERED and not lost:
        return None
    page = PAGES[trouble].format(slug=message.business.slug)
    return Letter(
        topic=Topic.NOTICE,
        audience=written.Audience.BUSINESS,
        language=settings.LANGUAGE_CODE,
        business=letterhead(message.business),
        trouble=trouble,
        lost=lost,
        trouble_url=f"{settings.PUBLIC_URL}{page}",
    )
