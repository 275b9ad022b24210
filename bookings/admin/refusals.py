"""Deciding for many rows at once, and saying what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from bookings.commands import Actor
from bookings.errors import BookingError

RowT = TypeVar("RowT", bound=Model)


def actor_of(request: HttpRequest) -> Actor:
    """Return the person who is signed in, as one who decides."""
    return Actor.of(cast(User, request.user))


def in_words(refusal: BookingError) -> str:
    """Return a refusal in the language of the reader."""
    return _(refusal.text) % refusal.params


def decide(
    request: HttpRequest, rows: Iterable[RowT], command: Callable[[RowT], object], *, done: str
) -> None:
    """Run a command for each row and tell how many it did, and why it refused the others.

    `done` is the sentence for those it did, with `%(count)d` in it.
    """
    count = 0
    refused: Counter[str] = Counter()
    named: dict[str, str] = {}
    for row in rows:
        try:
            command(row)
        except BookingError as refusal:
            sentence = in_words(refusal)
            refused[sentence] += 1
            named.setdefault(sentence, str(row))
        else:
            count += 1
    if count:
        messages.success(request, done % {"count": count})
    for sentence, times in refused.items():
        who = named[sentence] if times == 1 else _("%(times)d not done") % {"times": times}
        messages.error(request, f"{who}: {sentence}")
