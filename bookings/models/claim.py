"""The time that is taken, guarded by the database, and the versions that say it changed."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from bookings.models.appointment import Appointment
from bookings.models.business import Business
from bookings.models.catalogue import Resource

LONGEST_CLAIM = 1440


class Claim(models.Model):
    """One resource is blocked by one appointment from minute `s` to `e`, buffers included.

    Epoch minutes UTC, half-open: integers are twelve times cheaper to read than timestamps.
    An appointment longer than a day takes several rows, so a reader need look back no further
    than `LONGEST_CLAIM`. A claim with `expires_at` belongs to a hold. Claims are the present:
    they are deleted when the time is free again. Only `bookings.commands.claims` writes them.
    """

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="claims", db_index=False)
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="claims")
    s = models.IntegerField()
    e = models.IntegerField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["resource", "s"], include=["e", "expires_at"], name="claim_read")
        ]
        constraints = [
            models.CheckConstraint(
                name="claim_length_sane", condition=Q(e__gt=F("s"), e__lte=F("s") + LONGEST_CLAIM)
            ),
            # The key is wrapped in a range because btree_gist is not everywhere.
            ExclusionConstraint(
                name="claim_no_overlap",
                expressions=[
                    (
                        Func(
                            F("resource"),
                            F("resource"),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("s"), F("e"), function="int4range", output_field=IntegerRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource_id} {self.s}–{self.e}"


class ResourceVersion(models.Model):
    """Counts the changes of what one resource offers; bumped last by every such write.

    The stamp of the caches and the optimistic lock of booking. A trigger makes the row with
    its resource, and bumps it when time off changes.
    """

    resource = models.OneToOneField(
        Resource, models.CASCADE, primary_key=True, related_name="version"
    )
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.resource_id} v{self.version}"


class CatalogueVersion(models.Model):
    """Counts the changes of services, hours and people of one business; kept by triggers."""

    business = models.OneToOneField(
        Business,
        models.DO_NOTHING,
        primary_key=True,
        related_name="catalogue_version",
        db_constraint=False,
    )
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.business_id} v{self.version}"
