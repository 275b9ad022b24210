"""What is asked to set up a new business, in the order of the page."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from bookings.admin.durations import DurationField
from bookings.admin.opening import OpeningField
from bookings.admin.refusals import in_words
from bookings.admin.rows import LineField
from bookings.admin.zones import ZoneSelect
from bookings.commands import Beginning, FirstService, Person, why_not_set_up
from bookings.engine.weekly import Rule
from bookings.errors import BookingError, Invalid
from bookings.models import Business, LocationKind
from bookings.models.business import RESERVED
from bookings.models.hours import WEEKDAYS

DAYS = [f"week-{number}" for number, _name in WEEKDAYS]
WORKDAY = [(time(9), time(17))]


@dataclass(frozen=True)
class Section:
    """A part of the page: its heading, a sentence, and its fields."""

    heading: Promise
    about: Promise
    names: list[str]


SECTIONS = [
    Section(
        gettext_lazy("The business"),
        gettext_lazy("Its name, where it is, and the clock on its wall."),
        ["name", "slug", "mailbox", "address", "zone", "currency"],
    ),
    Section(
        gettext_lazy("Hours"),
        gettext_lazy("When customers can come. Empty for closed; a break needs two times."),
        DAYS,
    ),
    Section(
        gettext_lazy("The first service"),
        gettext_lazy("What can be booked. More can be added later."),
        [
            "service_name",
            "service_duration",
            "service_price",
            "service_location_kind",
            "service_place",
        ],
    ),
    Section(
        gettext_lazy("Who gives it"),
        gettext_lazy("The first person whose time can be booked."),
        ["is_themselves", "person_name", "person_email"],
    ),
]


def line(label: Any, *, needed: bool = False, longest: int = 200, **more: Any) -> LineField:
    """Return a field for one line."""
    widget = AdminTextInputWidget()
    return LineField(label=label, required=needed, max_length=longest, widget=widget, **more)


class SetupForm(forms.Form):
    """A new business as typed; `public_id` is the same however often it is sent."""

    public_id = forms.UUIDField(widget=forms.HiddenInput)
    name = line(gettext_lazy("Name"), needed=True)
    slug = forms.SlugField(
        label=gettext_lazy("Address of the page"),
        required=False,
        help_text=gettext_lazy("The page is at /b/ followed by this. Empty: made from the name."),
    )
    mailbox = forms.EmailField(
        label=gettext_lazy("Mailbox address"),
        help_text=gettext_lazy("Organizer of every appointment; customers' replies go here."),
    )
    address = line(gettext_lazy("Street and town"), longest=300)
    zone = forms.CharField(label=gettext_lazy("Time zone"), widget=ZoneSelect)
    currency = line(gettext_lazy("Currency"), needed=True, longest=3, initial="EUR")
    service_name = line(gettext_lazy("Name of the service"), needed=True)
    service_duration = DurationField(
        label=gettext_lazy("Length"), initial=timedelta(minutes=30), required=True
    )
    service_price = forms.DecimalField(
        label=gettext_lazy("Price"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text=gettext_lazy("Empty: no price is shown. 0: free of charge."),
    )
    service_location_kind = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=LocationKind.choices
    )
    service_place = line(
        gettext_lazy("Place"),
        longest=300,
        help_text=gettext_lazy("Such as a room. Empty: the address of the business."),
    )
    is_themselves = forms.BooleanField(label=gettext_lazy("That’s me"), required=False)
    person_name = line(gettext_lazy("Name of the person"), longest=120)
    person_email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Where their invitations to appointments are sent."),
    )

    def __init__(self, data: Mapping[str, Any] | None, user: User) -> None:
        super().__init__(data, initial=_proposed(user))
        self.label_suffix = ""
        self.user = user
        for (number, day), name in zip(WEEKDAYS, DAYS, strict=True):
            initial = WORKDAY if number < 5 else []
            self.fields[name] = OpeningField(label=day, required=False, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Fill in what was left to us: the address of the page, and one's own name."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not values.get("slug") and "slug" not in self.errors and values.get("name"):
            values["slug"] = _free_slug(values["name"])
            if not values["slug"]:
                self.add_error("slug", _("Write an address in Latin letters and numbers."))
        if values.get("is_themselves"):
            values["person_name"] = values.get("person_name") or str(self.user)[:120]
            values["person_email"] = values.get("person_email") or self.user.email
        elif not values.get("person_name") and "person_name" not in self.errors:
            self.add_error("person_name", _("Please give a name."))
        if not self.errors:
            self._refuse(why_not_set_up(**self.begun()))
        return values

    def sections(self) -> Iterator[tuple[Section, list[BoundField]]]:
        """Yield the parts of the page with their fields."""
        for section in SECTIONS:
            yield section, [self[name] for name in section.names]

    def week(self) -> list[Rule]:
        """Return the hours of the week as typed."""
        return [
            (number, opens, closes)
            for number, name in enumerate(DAYS)
            for opens, closes in self.cleaned_data[name]
        ]

    def begun(self) -> dict[str, Any]:
        """Return what was typed as the command that sets a business up wants it."""
        typed = self.cleaned_data
        named = ("public_id", "name", "slug", "mailbox", "zone", "currency", "address")
        return {
            "business": Beginning(**{name: typed[name] for name in named}),
            "week": self.week(),
            "service": FirstService(
                name=typed["service_name"],
                slug=slugify(typed["service_name"])[:50] or "service",
                duration=typed["service_duration"],
                price=typed["service_price"],
                location_kind=typed["service_location_kind"],
                place=typed["service_place"],
            ),
            "person": Person(typed["person_name"], typed["person_email"]),
        }

    def refuse(self, refusal: BookingError) -> None:
        """Say what the command refused."""
        self._refuse(refusal.fields if isinstance(refusal, Invalid) else {"": in_words(refusal)})

    def _refuse(self, fields: Mapping[str, str]) -> None:
        """Show what is wrong beside each field; what has no field is said above them."""
        for name, sentence in fields.items():
            place = DAYS[0] if name == "week" else name
            self.add_error(place if place in self.fields else None, _(sentence))


def _proposed(user: User) -> dict[str, Any]:
    """Return what the page proposes to somebody who opens it for the first time."""
    return {
        "public_id": uuid.uuid4(),
        "mailbox": user.email,
        "zone": "UTC",
        "is_themselves": True,
        "person_name": user.name,
        "person_email": user.email,
    }


def _free_slug(name: str) -> str:
    """Return an address made from a name that no page has yet; "" where it has no Latin letter.

    Cost: one query.
    """
    slug = slugify(name)[:45]
    used = Business.objects.filter(slug__startswith=slug).values_list("slug", flat=True)
    taken = RESERVED | set(used)
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)
