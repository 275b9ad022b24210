"""Secret links: whoever holds one may do one thing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.core.signing import Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Booking
from bookings.models.business import Business
from bookings.models.catalogue import Resource
from bookings.models.customer import Customer


class ChoicePurpose(models.TextChoices):
    APPROVAL = "approval", _("approve or decline a request")
    RECONFIRMATION = "reconfirmation", _("confirm once more or cancel")
    OFFER = "offer", _("take a free place or leave it")


class Choice(models.TextChoices):
    """What can be answered; which of it, says the purpose (`OPTIONS`)."""

    APPROVE = "approve", _("approve")
    DECLINE = "decline", _("decline")
    COME = "come", _("will come")
    CANCEL = "cancel", _("cancel")
    TAKE = "take", _("take the place")
    LEAVE = "leave", _("leave it")


OPTIONS: Final[Mapping[str, tuple[Choice, Choice]]] = {
    ChoicePurpose.APPROVAL: (Choice.APPROVE, Choice.DECLINE),
    ChoicePurpose.RECONFIRMATION: (Choice.COME, Choice.CANCEL),
    ChoicePurpose.OFFER: (Choice.TAKE, Choice.LEAVE),
}
"""By purpose: the two answers there are, the welcome one first."""


class ChoiceLink(models.Model):
    """A question put by mail about one booking, to be answered once; only a digest is stored.

    `address` is whom it was put to. `chosen` is the answer, empty until there is one.
    """

    digest = models.CharField(max_length=64, unique=True)
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="choices")
    purpose = models.CharField(max_length=14, choices=ChoicePurpose.choices)
    address = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    chosen = models.CharField(max_length=20, blank=True)
    chosen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]}"


class Feed(models.Model):
    """A secret calendar address: of a business, of one resource, or of one customer.

    `user` is who made it for the house: it shows what that person may see, and nothing once they
    may not. Only the token's SHA-256 is stored.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="feeds")
    resource = models.ForeignKey(Resource, models.CASCADE, null=True, related_name="feeds")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="feeds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="feeds"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feed_of_resource_or_customer",
                condition=Q(resource=None) | Q(customer=None),
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class StoppedNumber(models.Model):
    """A telephone number whose owner answered STOP; nothing is texted to it."""

    number = models.CharField(max_length=16, unique=True)
    stopped_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.number


def opt_out_signer() -> Signer:
    """Return what signs, and reads, the links by which customers end reminders."""
    return Signer(salt="bookings.opt-out", sep=".")
