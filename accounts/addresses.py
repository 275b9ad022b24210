"""The address somebody signs in with: the one on the user, and what the sign-in knows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction

if TYPE_CHECKING:
    from accounts.models import User


def proven(user: User) -> str:
    """Return the address that a user signs in with if it is proved to be theirs, else "".

    Cost: one query.
    """
    known = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return user.email if known.exists() else ""


@transaction.atomic
def vouch(user: User) -> None:
    """Let a user sign in with the address that stands on them, and with no other, at once.

    For accounts that an admin makes or changes: the admin vouches for the address, no mail asks
    for its proof, and an address that was theirs before is none any more. Cost: 2 to 4 queries.
    """
    address = user.email.lower()
    EmailAddress.objects.filter(user=user).exclude(email=address).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=address, defaults={"primary": True, "verified": True}
    )
