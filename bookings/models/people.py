"""Who works for a business: users with a role, and those who were asked to join."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from bookings.models.business import Business
from bookings.models.catalogue import Resource

ROLES = [
    (Role.ADMIN.value, _("admin")),
    (Role.TEAM_MEMBER.value, _("team member")),
    (Role.SCHEDULER.value, _("scheduler")),
    (Role.VIEWER.value, _("viewer")),
    (Role.GUEST.value, _("guest")),
]


class Membership(models.Model):
    """A user's role in one business."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    business = models.ForeignKey(Business, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=ROLES)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "business"],
                name="membership_once_per_business",
                violation_error_message=_("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(models.Model):
    """An address that was asked to join; only the SHA-256 of its link's token is kept.

    With a resource the answer is also that person's: who declines is not bookable. A guest
    needs no account.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=ROLES)
    resource = models.ForeignKey(
        Resource, models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    invited_by = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_answered_once",
                condition=Q(accepted_at=None) | Q(declined_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email
