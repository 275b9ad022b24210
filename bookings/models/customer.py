"""The contacts of a business."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from bookings.models.business import Business
from bookings.models.folding import folding


class Customer(models.Model):
    """A contact of one business, known by e-mail address where there is one.

    `said` is name, e-mail and phone without capitals and accents, as they are sorted and found.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="customers")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)
    notes = models.TextField(blank=True)
    said = models.GeneratedField(
        expression=folding("name", "email", "phone"),
        output_field=models.TextField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    opted_out_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Wants nothing but news of their bookings.")
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["business", "said", "id"],
                name="customer_by_name",
                condition=Q(erased_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                "business",
                Lower("email"),
                condition=~Q(email=""),
                name="customer_email_once_per_business",
            )
        ]

    def __str__(self) -> str:
        return self.name
