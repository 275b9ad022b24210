"""Letters in the words of the business that sends them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models import OwnWording
from bookings.outlets.letter import Audience, Letter, Topic
from bookings.outlets.wording import language_of

WORDED: Final[Mapping[Topic, Promise]] = {
    Topic.CONFIRMED: _("Confirmation"),
    Topic.REQUESTED: _("A request has arrived"),
    Topic.DECLINED: _("A request is declined"),
    Topic.CHANGED: _("Change"),
    Topic.CANCELLED: _("Cancellation"),
    Topic.REMOVED: _("Taken out of a group"),
    Topic.OFFER: _("A place has become free"),
    Topic.REMINDER: _("Reminder"),
    Topic.RECONFIRMATION: _("Question whether they will come"),
    Topic.FOLLOW_UP: _("Follow-up"),
}
"""The news that a business may word itself, as people call it.

Of a place in the line several things are told under one topic, so the portal tells them itself.
"""


def in_own_words(letter: Letter, business_id: int) -> Letter:
    """Return a letter to a customer with the subject and opening that its business wrote, if any.

    Cost: one query.
    """
    if letter.audience != Audience.CUSTOMER or letter.topic not in WORDED:
        return letter
    own = OwnWording.objects.filter(
        business=business_id, topic=letter.topic, language=language_of(letter)
    ).first()
    return letter if own is None else worded_by(letter, own)


def worded_by(letter: Letter, own: OwnWording) -> Letter:
    """Return a letter with the subject and opening of a wording; what is empty there stays ours."""
    return replace(letter, own_subject=own.subject, own_opening=own.text)
