"""Webhooks and what they were told, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.faces.desk.badges import Badge
from bookings.faces.words import instant
from bookings.models import Attempt, DisabledBecause, Message, Subscription
from bookings.models.kinds import KINDS
from bookings.queries.subscriptions import Listed

BECAUSE: Final[Mapping[str, Promise]] = {
    DisabledBecause.BY_HAND.value: gettext_lazy("Somebody switched it off."),
    DisabledBecause.GONE.value: gettext_lazy("The receiver said that it is gone for good (410)."),
    DisabledBecause.FAILING.value: gettext_lazy("It failed for five days without a success."),
}
STATES: Final[Mapping[str, Badge]] = {
    "waiting": Badge(gettext_lazy("waiting"), ""),
    "retrying": Badge(gettext_lazy("will be tried again"), "warn"),
    "sent": Badge(gettext_lazy("delivered"), "ok"),
    "failed": Badge(gettext_lazy("given up"), "bad"),
    "dropped": Badge(gettext_lazy("not sent"), "off"),
}


@dataclass(frozen=True)
class Card:
    """A webhook: what stands on its card, and a sentence on how it does."""

    subscription: Subscription
    host: str
    badge: Badge
    events: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """A delivery in the list."""

    message: Message
    when: str
    what: str
    badge: Badge
    outcome: str


@dataclass(frozen=True)
class Try:
    """A try of a delivery."""

    row: Attempt
    title: str
    result: str
    headers: Sequence[tuple[str, str]]


def card(listed: Listed, zone: str) -> Card:
    """Return a webhook in words, times on the clock of `zone`."""
    row = listed.subscription
    return Card(row, host_of(row), _badge(listed), _events(row), _sentence(listed, zone))


def host_of(row: Subscription) -> str:
    """Return the host that a webhook goes to."""
    return urlsplit(row.url).hostname or row.url


def delivery_line(message: Message, zone: str) -> Line:
    """Return a delivery in words; its event and its tries are loaded."""
    event, tries = message.event, list(message.tries.all())
    return Line(
        message,
        instant(event.at if event else message.created_at, zone),
        what_of(message.topic),
        STATES[message.state],
        _outcome(message, tries, zone),
    )


def what_of(kind: str) -> str:
    """Return what a kind of event tells, in a sentence."""
    return str(KINDS.get(kind, kind))


def try_line(row: Attempt, zone: str) -> Try:
    """Return a try in words."""
    title = _("Try %(number)s, %(when)s") % {"number": row.number, "when": instant(row.at, zone)}
    result = _("%(count)s ms") % {"count": row.took_ms}
    if row.status is not None:
        result = f"{row.status} · {result}"
    return Try(row, title, result, list(row.headers.items()))


def _badge(listed: Listed) -> Badge:
    row = listed.subscription
    if row.disabled_at is not None:
        return Badge(_("switched off"), "off")
    if row.failing_since is not None:
        return Badge(_("failing"), "bad")
    return Badge(_("works"), "ok") if listed.last_success else Badge(_("new"), "")


def _events(row: Subscription) -> str:
    count = len(row.events)
    if not count:
        return _("All events")
    if count == 1:
        return what_of(row.events[0])
    return ngettext("%(count)s kind of event", "%(count)s kinds of events", count) % {
        "count": count
    }


def _sentence(listed: Listed, zone: str) -> str:
    row = listed.subscription
    if row.disabled_at is not None:
        when = _("Since %(when)s.") % {"when": instant(row.disabled_at, zone)}
        return f"{BECAUSE.get(row.disabled_because, '')} {when}".strip()
    if row.failing_since is not None:
        words = {"since": instant(row.failing_since, zone)}
        if row.paused_until is None:
            return _("Since %(since)s.") % words
        words["next"] = instant(row.paused_until, zone)
        return _("Since %(since)s. The next try is not before %(next)s.") % words
    if listed.last_success:
        return _("Last delivery %(when)s.") % {"when": instant(listed.last_success, zone)}
    return _("Nothing has been delivered yet.")


def _outcome(message: Message, tries: Sequence[Attempt], zone: str) -> str:
    said = ""
    if tries:
        last = tries[-1]
        said = _("answered %(status)s") % {"status": last.status} if last.status else last.error
    if message.state == "retrying":
        again = _("next try %(when)s") % {"when": instant(message.due_at, zone)}
        return f"{said}, {again}" if said else again
    return said
