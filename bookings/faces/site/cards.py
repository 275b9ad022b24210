"""What the templates show of a business, a service and a booking: words, no rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.engine.policy import Policy
from bookings.faces import words
from bookings.faces.site import theme
from bookings.models import Business, Service
from bookings.models.money import price_in_words


@dataclass(frozen=True)
class House:
    """The business in the header and footer of every page."""

    name: str
    letter: str
    about: str
    address: str
    phone: str
    phone_url: str
    email: str
    website: str
    website_name: str
    url: str
    mine_url: str
    theme_url: str


def house(business: Business) -> House:
    """Return how a business presents itself."""
    address = reverse("site:theme", args=[business.slug])
    return House(
        name=business.name,
        letter=business.name[:1].upper(),
        about=business.about,
        address=business.address,
        phone=business.phone,
        phone_url="tel:" + re.sub(r"[^+0-9]", "", business.phone),
        email=business.mailbox,
        website=business.website,
        website_name=urlsplit(business.website).netloc.removeprefix("www."),
        url=reverse("site:business", args=[business.slug]),
        mine_url=reverse("site:mine", args=[business.slug]),
        theme_url=f"{address}?v={theme.version(business.brand)}",
    )


@dataclass(frozen=True)
class Fact:
    """One thing to know, with its picture and a name for those who do not see the picture."""

    icon: str
    label: str
    text: str


@dataclass(frozen=True)
class ServiceCard:
    """A service as customers see it; `approval` says what it means to ask for a time."""

    name: str
    description: str
    url: str
    facts: list[Fact]
    promise: str
    approval: str


def service_card(service: Service) -> ServiceCard:
    """Return a service in words; reads its business."""
    business = service.business
    where = words.place(service.location_kind, service.place, business.address)
    asked = _("On request") if service.needs_approval else ""
    group = _("Up to %(count)s people") % {"count": service.capacity} if service.is_group else ""
    price = price_in_words(service.price_kind, service.price, business.currency)
    facts = [
        Fact("clock", _("Duration"), words.length(service.duration)),
        Fact("tag", _("Price"), price),
        Fact(words.place_icon(service.location_kind), _("Place"), where),
        Fact("people", _("Group"), group),
        Fact("mail", _("Booking"), asked),
    ]
    return ServiceCard(
        name=service.name,
        description=service.description,
        url=reverse("site:service", args=[business.slug, service.slug]),
        facts=[fact for fact in facts if fact.text],
        promise=promise(service.policy),
        approval=_("You ask for a time, and we write to you whether it suits us.") if asked else "",
    )


def promise(policy: Policy) -> str:
    """Return until when a booking can be changed, said before it is made."""
    if not policy.cancellation_notice:
        return _("Move or cancel online until it starts")
    notice = {"length": words.length(policy.cancellation_notice)}
    return _("Move or cancel online until %(length)s before") % notice
