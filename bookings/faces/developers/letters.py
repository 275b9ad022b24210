"""Letters to people about their keys, so that nobody makes one in their name unseen."""

from __future__ import annotations

from allauth.account.adapter import get_adapter

from accounts.models import User


def tell(user: User, news: str, **words: str) -> None:
    """Write to somebody what happened to their keys; what happened stands, told or not."""
    get_adapter().send_notification_mail(f"developers/email/{news}", user, words)
