"""The sign-ins of the trial portal on one's own machine."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from accounts.models import User
from accounts.roles import Role
from bookings.management.linden import SLUG
from bookings.models import Business, Membership, Resource
from portal.files import written_once

ADDRESS = "admin@demo.example"


@dataclass(frozen=True)
class Account:
    """Somebody who works for the demo business."""

    email: str
    name: str
    role: Role


ACCOUNTS = [
    Account("amira@linden.example", "Amira Haddad", Role.TEAM_MEMBER),
    Account("desk@linden.example", "Dana Novak", Role.SCHEDULER),
    Account("books@linden.example", "Luis Moreno", Role.VIEWER),
]
"""Whoever has the address of one of the staff is that person."""


def password() -> str:
    """Return the first password of all demo accounts, made once and kept in the data folder."""
    return written_once(settings.DATA_DIR / "demo-password", lambda: secrets.token_urlsafe(9))


def make_administrator() -> None:
    """Store the demo administrator, unless there is one already."""
    if not User.objects.filter(email=ADDRESS).exists():
        User.objects.create_superuser(ADDRESS, password(), name="Demo administrator")


def make_members() -> None:
    """Give the demo business its members, unless it has some: an account of every role."""
    business = Business.objects.filter(slug=SLUG, memberships=None).first()
    if business is None:
        return
    for account in ACCOUNTS:
        user = User.objects.filter(email__iexact=account.email).first()
        if user is None:
            user = User.objects.create_user(account.email, password(), name=account.name)
        Membership.objects.create(
            business=business, user=user, role=account.role.value, created_at=datetime.now(UTC)
        )
        Resource.objects.filter(business=business, email=account.email).update(user=user)
