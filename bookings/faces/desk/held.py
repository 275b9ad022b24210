"""That nothing is sent at the moment, in a sentence for admins."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.faces import words
from bookings.models import Business, Message
from bookings.queries import outgoing


def what_is_held(business: Business, *, now: datetime) -> str:
    """Return why nothing of a business is sent and what waits, "" where sending is not held.

    Times are on the business's clock. Cost: one query, two while sending is held.
    """
    held = outgoing.held(now=now, within=Message.objects.filter(business=business))
    if held is None:
        return ""
    since = words.instant(held.since, business.zone)
    said = [_("Nothing is sent since %(since)s.") % {"since": since}, held.because]
    if held.first is not None and held.last is not None:
        waits = ngettext(
            "%(count)d message waits, due %(first)s.",
            "%(count)d messages wait, due from %(first)s to %(last)s.",
            held.count,
        )
        first, last = (words.instant(each, business.zone) for each in (held.first, held.last))
        said.append(waits % {"count": held.count, "first": first, "last": last})
    else:
        said.append(_("Nothing has had to wait yet."))
    said.append(_("Whoever runs the portal lets it go on with “manage.py outbox release”."))
    return " ".join(said)
