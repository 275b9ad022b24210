"""What the operations are grouped by, in the order in which somebody reads about them."""

from __future__ import annotations

import re
from typing import Final

TAGS: Final = {
    "entry": "Where everything is. Without a token.",
    "businesses": "The businesses that somebody works for, and what holds in each.",
    "services": "What can be booked.",
    "questions": "What customers are asked.",
    "resources": "People, rooms and equipment.",
    "hours": "When a business is open, and when somebody works.",
    "times off": "Absences and closures.",
    "availability": "What is free, and why something is not.",
    "holds": "Five minutes in which nobody else can take a time.",
    "bookings": "One customer's seats: made, moved, decided, and how the day went.",
    "appointments": "What takes place: who comes, who waits, and moving or cancelling it for all.",
    "customers": "Who books: found, added, corrected, merged, taken away and erased.",
    "events": "What has happened, for programs that follow.",
    "messages": "Letters and texts: what became of them, and sending one again.",
    "subscriptions": "Webhooks, what they were told, and telling it once more.",
    "memberships": "Who works for a business, with which role.",
    "invitations": "Whom a business has asked to join.",
    "reports": "How it goes, in figures.",
    "exports": "Bookings as a file.",
    "public": "What everybody may know of a business and its services. Without a token.",
    "public holds": "Times that are held while somebody says who they are. Without a token.",
    "public bookings": "Booking and waiting for a place. Without a token.",
    "public links": "What a customer can do with the link of their letter. Without a token.",
}

_PLACE: Final = re.compile(r"/api/v1/(?P<public>public/)?businesses/(\{\w+\}/(?P<rest>.*))?")


def tag_of(path: str) -> str:
    """Return the group of an address as OpenAPI has it: the word for what it is about.

    >>> tag_of("/api/v1/businesses/{business}/times-off/{time_off}/")
    'times off'
    >>> tag_of("/api/v1/public/businesses/{slug}/bookings/{token}/cancel/")
    'public links'
    """
    if path == "/api/v1/":
        return "entry"
    found = _PLACE.fullmatch(path)
    assert found, path
    rest = found["rest"] or ""
    if not found["public"]:
        is_hours = rest.endswith("/hours/")
        return "hours" if is_hours else rest.partition("/")[0].replace("-", " ") or "businesses"
    if rest.startswith("holds/"):
        return "public holds"
    if rest.startswith("bookings/{"):
        return "public links"
    return "public bookings" if rest in ("bookings/", "waitlist/") else "public"
