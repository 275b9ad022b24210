"""What the keys of programs have in common: a name among one's own, and scopes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scopes import SCOPES

LONGEST_NAME: Final = 100


def refuse(**wrong: str) -> None:
    """Refuse what somebody wants, for each field with a sentence; "" is nothing wrong.

    Raises:
        ValidationError: something is, by field.
    """
    found = {field: sentence for field, sentence in wrong.items() if sentence}
    if found:
        raise ValidationError(found)


def why_not_name(name: str, taken: Iterable[str]) -> str:
    """Return why a key cannot have this name beside those that are `taken`, "" where it can."""
    if not name:
        return _("Please give it a name, so that you know it again.")
    if len(name) > LONGEST_NAME:
        return _("A name has at most %(most)s characters.") % {"most": LONGEST_NAME}
    if name.casefold() in {each.casefold() for each in taken}:
        return _("You have one with this name already.")
    return ""


def why_not_scopes(scopes: Iterable[str]) -> str:
    """Return why a key cannot be good for these scopes, "" where it can."""
    wanted = set(scopes)
    if not wanted:
        return _("Please choose at least one thing that it may do.")
    unknown = wanted - set(SCOPES)
    if unknown:
        return _("There is no such scope.")
    return ""


def locked(user: User) -> User:
    """Return the user under a lock, so that two keys made at once are never one too many."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
