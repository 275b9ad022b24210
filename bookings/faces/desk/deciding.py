"""Deciding something at the desk: done, or shown again with the reason."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from bookings.errors import BookingError, NotAllowed, NotFound
from bookings.faces.replies import see_other, status_of
from bookings.faces.typed import TypedForm
from bookings.faces.words import said_in_full


def refusal_of(decide: Callable[[], object]) -> BookingError | None:
    """Decide, and return what refuses it, None where it is done.

    Raises:
        NotFound, NotAllowed: the page itself is refused then, not what was asked of it.
    """
    try:
        decide()
    except (NotFound, NotAllowed):
        raise
    except BookingError as refusal:
        return refusal
    return None


def refused(form: TypedForm, decide: Callable[[], object]) -> int:
    """Decide, and return 0; where it is refused, say why on the form and return the status.

    Raises: as `refusal_of`.
    """
    if not form.is_valid():
        return 422
    refusal = refusal_of(decide)
    if refusal is None:
        return 0
    form.refuse(refusal)
    return status_of(refusal)


def done(request: HttpRequest, sentence: str, *, to: str) -> HttpResponse:
    """Return the way to another page, which says what was done."""
    messages.success(request, sentence)
    return see_other(to)


def attempted(
    request: HttpRequest, decide: Callable[[], object], sentence: str, *, to: str
) -> HttpResponse:
    """Decide what a button asks for; the page that follows says that it was done, or why not.

    Raises: as `refusal_of`.
    """
    refusal = refusal_of(decide)
    if refusal is None:
        return done(request, sentence, to=to)
    messages.error(request, said_in_full(refusal))
    return see_other(to)
