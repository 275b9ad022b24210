"""Programs that are told of what happens."""

from __future__ import annotations

import secrets
import uuid
from base64 import b64encode

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.business import Business


class Dialect(models.TextChoices):
    STANDARD = "standard", _("Standard Webhooks")


class DisabledBecause(models.TextChoices):
    BY_HAND = "by_hand", _("by hand")
    GONE = "gone", _("it answered that it is gone")
    FAILING = "failing", _("it failed for days")


def new_secret() -> str:
    """Return a secret for signing: 256 random bits, written as Standard Webhooks 1.0 says."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


class Subscription(models.Model):
    """A webhook of a business: where to, about which events, in which words, how signed.

    `events` are kinds of events, none means all. `old_secret` signs too until `old_secret_until`.
    `failing_since` is when the first of the failures came that no success has ended;
    `paused_until` keeps an endpoint that fails from keeping senders busy. A disabled one gets
    nothing any more.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="subscriptions")
    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    dialect = models.CharField(
        max_length=20, choices=Dialect.choices, default=Dialect.STANDARD.value
    )
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    old_secret = models.CharField(max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=10, choices=DisabledBecause.choices, blank=True)
    created_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["business"],
                name="subscription_of_business",
                condition=Q(disabled_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.url
