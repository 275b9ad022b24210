"""How the pages word lengths, places, dates, times and zones."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils.dateformat import format as date_format
from django.utils.dateformat import time_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from bookings.errors import BookingError, Invalid


def length(duration: timedelta) -> str:
    """Return a duration in words: “45 min”, “1 h 30 min”, “2 days”."""
    minutes = duration // timedelta(minutes=1)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [
        ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else "",
        _("%(count)s h") % {"count": hours} if hours else "",
        _("%(count)s min") % {"count": minutes} if minutes else "",
    ]
    return " ".join(part for part in parts if part)


def place(kind: str, named: str, address: str, *, for_staff: bool = False) -> str:
    """Return where it happens in words; `address` stands in for an unnamed physical place."""
    if kind == "online":
        return named or _("Online")
    if kind == "telephone":
        return named or _("By telephone: we call you")
    if kind == "offsite":
        return named or (_("At the customer’s place") if for_staff else _("At your place"))
    return named or address


def place_icon(kind: str) -> str:
    """Return the name of the picture for a location kind."""
    return {"online": "video", "telephone": "phone"}.get(kind, "pin")


def consent_to_texts(business: str) -> str:
    """Return what a customer agrees to who ticks the box for text messages."""
    said = _(
        "Send me text messages about this booking: confirmation, changes and reminders from "
        "%(business)s. I can end them at any time by answering STOP."
    )
    return said % {"business": business}


def consent_taken_down(business: str) -> str:
    """Return what staff say who tick the box for a customer that they talk to."""
    said = _(
        "The customer agrees to text messages about this booking from %(business)s, and knows "
        "that answering STOP ends them."
    )
    return said % {"business": business}


def number(e164: str) -> str:
    """Return a telephone number as people write it, in one piece: “+49 170 1234567”."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(written).replace(" ", "\u00a0")


def initials(name: str) -> str:
    """Return the first letters of the first and last name."""
    names = name.split()
    return "".join(part[0] for part in dict.fromkeys([*names[:1], *names[-1:]])).upper()


def day(of: date) -> str:
    """Return a day without its year: “Wednesday 25 November”."""
    return _dated(of, pgettext("date format", "l j F"), get_language())


def full_day(of: date) -> str:
    """Return a day with its year: “Wednesday 25 November 2026”."""
    return _dated(of, pgettext("date format", "l j F Y"), get_language())


def short_day(of: date) -> str:
    """Return a short day: “Wed 25 Nov”."""
    return _dated(of, pgettext("date format", "D j M"), get_language())


def dated(of: date) -> str:
    """Return a short day with its year: “Wed 25 Nov 2026”."""
    return _dated(of, pgettext("date format", "D j M Y"), get_language())


def month(of: date) -> str:
    """Return a month: “November 2026”."""
    return _dated(of, pgettext("date format", "F Y"), get_language())


@lru_cache(maxsize=4096)
def _dated(of: date, pattern: str, language: str | None) -> str:
    """Return a date in the language that is active; pages name the same days again and again."""
    return date_format(of, pattern)


def clock(of: time | datetime) -> str:
    """Return a time of day: “09:30”."""
    return time_format(of, pgettext("time format", "H:i"))


def offset(at: datetime, zone: str) -> str:
    """Return the offset of `zone` at an instant: “UTC+1”, “UTC+5:30”."""
    ahead = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    sign = "-" if ahead < timedelta(0) else "+"
    hours, minutes = divmod(abs(ahead) // timedelta(minutes=1), 60)
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def city(zone: str) -> str:
    """Return the last part of a zone's name: “New York”."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def zone_at(zone: str, at: datetime) -> str:
    """Return a zone in words with its offset at an instant: “Berlin time (UTC+1)”."""
    if zone == "UTC":
        return "UTC"
    words = {"city": city(zone), "offset": offset(at, zone)}
    return _("%(city)s time (%(offset)s)") % words


def period(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Return from when to when, as the clock in `zone` shows it; “+1 day” where it turns."""
    begin, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    turned = (end.date() - begin.date()).days
    later = " (%s)" % (ngettext("+%s day", "+%s days", turned) % turned) if turned else ""
    return f"{clock(begin)} – {clock(end)}{later}"


def stretch(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Return from when to when over days, on the clock in `zone`; whole days by their dates alone.

    “Tuesday 4 March 2031, 09:00 – 12:00”, “Tuesday 4 March – Thursday 6 March 2031”.
    """
    begin, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    if is_whole_days(begin, end):
        last = end.date() - timedelta(days=1)
        return (
            full_day(last) if last == begin.date() else f"{_from(begin, last)} – {full_day(last)}"
        )
    if end.date() == begin.date():
        return f"{full_day(begin.date())}, {clock(begin)} – {clock(end)}"
    return f"{_from(begin, end)}, {clock(begin)} – {full_day(end.date())}, {clock(end)}"


def _from(begin: datetime, end: date) -> str:
    """Return the day of `begin`, its year only where that of the end is another."""
    return day(begin.date()) if begin.year == end.year else full_day(begin.date())


def is_whole_days(begin: datetime, end: datetime) -> bool:
    """Say whether two wall-clock times are the beginnings of days."""
    return begin.time() == end.time() == time(0)


def people(count: int) -> str:
    """Return the size of a party in words."""
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def apart(start: datetime, wanted: datetime) -> str:
    """Return how far a start lies from the wanted one: “15 min later”."""
    if start == wanted:
        return _("the same time")
    gap = abs(start - wanted)
    if gap >= timedelta(days=1):
        gap = timedelta(days=round(gap / timedelta(days=1)))
    words = {"length": length(gap)}
    return (_("%(length)s later") if start > wanted else _("%(length)s earlier")) % words


def instant(at: datetime, zone: str) -> str:
    """Return an instant on the clock of `zone`: “Wed 25 Nov 2026, 09:30”."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{dated(local.date())}, {clock(local)}"


def who(actor: str) -> str:
    """Return who is behind an event, as written in it."""
    kind, _colon, name = actor.partition(":")
    plain = {"customer": _("the customer"), "system": _("the portal")}
    return name or plain.get(kind, kind)


def said(refusal: BookingError) -> str:
    """Return a refusal in the reader's language, where the fields that are wrong say their part."""
    return _(refusal.text) % refusal.params


def said_in_full(refusal: BookingError) -> str:
    """Return a refusal in the reader's language, with all that is wrong with its fields."""
    if isinstance(refusal, Invalid):
        return " ".join(_(sentence) for sentence in refusal.fields.values())
    return said(refusal)
