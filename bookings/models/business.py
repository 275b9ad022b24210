"""The business: one booking calendar, the tenant."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.engine.hours import is_zone
from bookings.models.naming import why_not_called
from bookings.models.policy import PolicyRules, sane_policy


def validate_zone(name: str) -> None:
    """Refuse a name that is not in the IANA time-zone database."""
    if not is_zone(name):
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})


RESERVED = frozenset({"invitation", "resume"})
"""Addresses under /desk/ that are not those of a business."""


class Business(PolicyRules):
    """One booking calendar with its page, mailbox, zone and policy."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True, help_text=_("The last part of the page's address."))
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True, help_text=_("Shown on the booking page."))
    mailbox = models.EmailField(help_text=_("Organizer of every appointment; replies go here."))
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    currency = models.CharField(
        max_length=3, default="EUR", validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    brand = models.CharField(
        max_length=7,
        default="#2f5bea",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #rrggbb."))],
        help_text=_("The one colour of the page; light and dark shades are derived from it."),
    )
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Write two capital letters, as DE."))],
        help_text=_("Where telephone numbers without a country code belong, as DE or AT."),
    )
    sender_name = models.CharField(
        max_length=60,
        blank=True,
        help_text=_("Who letters come from; empty: the name of the business."),
    )
    reply_to = models.EmailField(
        blank=True, help_text=_("Where answers to letters go; empty: the mailbox.")
    )
    quiet_from = models.TimeField(
        null=True, blank=True, help_text=_("No reminders by text message from then on …")
    )
    quiet_until = models.TimeField(null=True, blank=True, help_text=_("… until then."))
    is_published = models.BooleanField(
        _("published"), default=False, help_text=_("Customers can see the page.")
    )
    shows_business_zone = models.BooleanField(
        default=False, help_text=_("Always show times in the zone of the business.")
    )
    staff_must_accept = models.BooleanField(
        default=False, help_text=_("New staff are bookable once they have agreed.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "businesses"
        constraints = sane_policy("business")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address that the desk keeps for itself, and names that pass for another.

        A business that has such a one may keep it. Quiet hours that begin also end. Cost: one
        query; one for each new name, which reads the names of all businesses.
        """
        super().clean()
        known = Business.objects.filter(pk=self.pk).first() or Business()
        wrong: dict[str, str | Promise] = {}
        if self.slug in RESERVED and self.slug != known.slug:
            wrong["slug"] = _("The portal needs this address itself.")
        for field in ("name", "sender_name"):
            name = getattr(self, field)
            if name and name != getattr(known, field):
                refusal = why_not_called(name, others=self._names_of_others())
                wrong |= {field: refusal} if refusal else {}
        if (self.quiet_from is None) != (self.quiet_until is None):
            wrong["quiet_until"] = _("Quiet hours have a beginning and an end.")
        if wrong:
            raise ValidationError(wrong)

    def _names_of_others(self) -> Iterator[str]:
        others = Business.objects.exclude(pk=self.pk).values_list("name", "sender_name")
        return (name for names in others.iterator() for name in names if name)
