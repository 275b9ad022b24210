"""A form that decides something: done, or shown again with the reason."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from bookings.errors import BookingError, NotAllowed, NotFound
from bookings.faces.replies import see_other, status_of
from bookings.faces.typed import TypedForm
from bookings.faces.words import said_in_full


def refused(form: TypedForm, decide: Callable[[], object]) -> int:
    """Decide, and return 0; where it is refused, say why on the form and return the status.

    Raises:
        NotFound, NotAllowed: the page itself is refused then, not what was typed.
    """
    if not form.is_valid():
        return 422
    try:
        decide()
    except (NotFound, NotAllowed):
        raise
    except BookingError as refusal:
        form.refuse(refusal)
        return status_of(refusal)
    return 0


def done(request: HttpRequest, sentence: str, *, to: str) -> HttpResponse:
    """Return the way to another page, which says what was done."""
    messages.success(request, sentence)
    return see_other(to)


def attempted(
    request: HttpRequest, decide: Callable[[], object], sentence: str, *, to: str
) -> HttpResponse:
    """Decide what a button asks for; the page that follows says that it was done, or why not.

    Raises:
        NotFound, NotAllowed: the address itself is refused.
    """
    try:
        decide()
    except (NotFound, NotAllowed):
        raise
    except BookingError as refusal:
        messages.error(request, said_in_full(refusal))
        return see_other(to)
    return done(request, sentence, to=to)
