"""Addresses of web calendars' "new entry" pages, filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from bookings.calendars.event import CalendarEvent
from bookings.calendars.text import one_line, paragraphs, shortened

_LONGEST_DETAILS = 1000


def google_link(event: CalendarEvent) -> str:
    """Return the address that offers `event` to the visitor's Google calendar."""
    fields = {
        "action": "TEMPLATE",
        "text": one_line(event.summary),
        "dates": f"{_utc(event.starts_at):%Y%m%dT%H%M%SZ}/{_utc(event.ends_at):%Y%m%dT%H%M%SZ}",
        "ctz": event.zone,
        "details": _details(event),
        "location": one_line(event.location),
    }
    return _address("https://calendar.google.com/calendar/render", fields)


def outlook_link(event: CalendarEvent) -> str:
    """Return the address that offers `event` to the visitor's Outlook.com calendar."""
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": one_line(event.summary),
        "startdt": f"{_utc(event.starts_at):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{_utc(event.ends_at):%Y-%m-%dT%H:%M:%SZ}",
        "body": _details(event),
        "location": one_line(event.location),
    }
    return _address("https://outlook.live.com/calendar/0/deeplink/compose", fields)


def google_subscription(address: str) -> str:
    """Return the address that offers a feed to the visitor's Google calendar."""
    return _address("https://calendar.google.com/calendar/render", {"cid": webcal(address)})


def outlook_subscription(address: str, name: str) -> str:
    """Return the address that offers a feed to the visitor's Outlook.com calendar."""
    fields = {"url": address, "name": one_line(name, 200)}
    return _address("https://outlook.live.com/calendar/0/addfromweb", fields)


def webcal(address: str) -> str:
    """Return a feed's address as calendar programs register for it: Apple's open it at a touch."""
    return f"webcal:{address.partition(':')[2]}"


def _details(event: CalendarEvent) -> str:
    return shortened(paragraphs(event.description), _LONGEST_DETAILS)


def _address(page: str, fields: dict[str, str]) -> str:
    """Return `page` with the fields that say something; spaces as %20, which Outlook wants."""
    said = {name: value for name, value in fields.items() if value}
    return f"{page}?{urlencode(said, quote_via=quote)}"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
