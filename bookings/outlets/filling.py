"""Words of a business with blanks in them: `{{ name }}` and a few others, and nothing else.

No template language: a blank is one of a short list of names, what fills it is plain text, and
all else between braces stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.calendars.text import one_line
from bookings.outlets import facts, times
from bookings.outlets.letter import When

BLANKS: Final[Mapping[str, Promise]] = {
    "name": _("the customer’s name"),
    "service": _("what is booked"),
    "start": _("day and time"),
    "day": _("the day alone"),
    "time": _("the time alone"),
    "staff": _("who serves"),
    "place": _("where"),
    "price": _("the price"),
    "reference": _("the booking’s reference"),
    "business": _("your name"),
    "phone": _("your telephone number"),
    "manage_link": _("the link to see, move and cancel"),
    "reason": _("why it was cancelled or declined"),
}
"""What may be filled in, and what each blank stands for."""

_NESTED: Final = r"\{\{[^{}]*(?:\{\{[^{}]*\}\}[^{}]*)+\}\}"
_BLANK: Final = re.compile(rf"{_NESTED}|\{{\{{ *([a-z_]+) *\}}\}}")


def values_of(
    *,
    name: str,
    service: str,
    when: When,
    staff: Sequence[str],
    place: str,
    price: str,
    reference: str,
    business: str,
    phone: str,
    manage_link: str,
    reason: str,
) -> dict[str, str]:
    """Return what fills each of the `BLANKS`, in the active language; "" where there is nothing."""
    return {
        "name": name,
        "service": service,
        "start": times.start(when),
        "day": times.day(when.starts_at, when.zone),
        "time": times.clock(when.starts_at, when.zone),
        "staff": facts.listed(staff),
        "place": place,
        "price": price,
        "reference": reference,
        "business": business,
        "phone": phone,
        "manage_link": manage_link,
        "reason": one_line(reason),
    }


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with its blanks filled; what is filled in is never read again.

    >>> filled("Hello {{ name }}, {{name.upper}} {{ settings }} {x}", {"name": "{{ day }}"})
    'Hello {{ day }}, {{name.upper}} {{ settings }} {x}'
    >>> filled("{{ {{ name }} }} {% now %}", {"name": "Jo"})
    '{{ {{ name }} }} {% now %}'
    """

    def fill(found: re.Match[str]) -> str:
        return values.get(found[1] or "", found[0])

    return _BLANK.sub(fill, text)


def unknown_blanks(text: str) -> list[str]:
    """Return what looks like a blank but is none, as it was typed."""
    nothing = dict.fromkeys(BLANKS, "")
    return [each for each in re.findall(r"\{\{.*?\}\}", text) if filled(each, nothing)]
