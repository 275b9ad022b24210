"""Every code with which a program is refused: its status, what it means, what helps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.errors import BookingError
from bookings.faces.replies import status_of


@dataclass(frozen=True)
class Explained:
    """A code, the status it comes with, what it means, and what helps."""

    code: str
    status: int
    meaning: str | Promise
    help: str | Promise = ""


OF_CALLS: Final = (
    Explained(
        "unauthenticated",
        401,
        gettext_lazy("The call has no access token."),
        gettext_lazy("Send one in the header “Authorization: Bearer …”, never in the address."),
    ),
    Explained(
        "invalid_token",
        401,
        gettext_lazy(
            "The access token is unknown, expired or revoked, or its owner’s account is off."
        ),
        gettext_lazy("Refresh it, or make another one."),
    ),
    Explained(
        "insufficient_scope",
        403,
        gettext_lazy("The access token is not good for this."),
        gettext_lazy("“scope” says what it lacks."),
    ),
    Explained(
        "factor_required",
        403,
        gettext_lazy("The owner of the token is an admin here, and has no second factor."),
        gettext_lazy("Let them set one up in the portal; the token is then good again."),
    ),
    Explained(
        "bad_request",
        400,
        gettext_lazy("The request could not be read."),
    ),
    Explained(
        "bad_body",
        400,
        gettext_lazy("The body is no JSON, or not of the shape that is described."),
        gettext_lazy("“errors” names each wrong field; unknown fields are wrong too."),
    ),
    Explained(
        "bad_query",
        400,
        gettext_lazy("A parameter in the address is unknown, given twice or wrong."),
        gettext_lazy("“errors” names each of them."),
    ),
    Explained(
        "bad_key",
        400,
        gettext_lazy("The Idempotency-Key is empty, too long, or has signs that cannot be seen."),
    ),
    Explained(
        "method_not_allowed",
        405,
        gettext_lazy("This address does not take this method."),
        gettext_lazy("The header “Allow” names those that it takes."),
    ),
    Explained(
        "under_way",
        409,
        gettext_lazy("The same call, with the same Idempotency-Key, is still under way."),
        gettext_lazy("Repeat it after a moment; the answer is then that of the first one."),
    ),
    Explained(
        "erased",
        410,
        gettext_lazy("This call was answered before, but whom it was about has been erased since."),
        gettext_lazy("Do not repeat it."),
    ),
    Explained(
        "answer_lost",
        410,
        gettext_lazy(
            "This call was answered before, but the secret key of the portal has changed since, and"
            " what the answer said cannot be read any more."
        ),
        gettext_lazy(
            "Do not repeat it: “answered” is the status that it got. Look for what it made."
        ),
    ),
    Explained(
        "precondition_failed",
        412,
        gettext_lazy("What you want to change has changed since you saw it (If-Match)."),
        gettext_lazy("Read it again, and decide anew. The header “ETag” is that of now."),
    ),
    Explained(
        "too_large",
        413,
        gettext_lazy("The body is larger than the portal takes."),
    ),
    Explained(
        "address_too_long",
        414,
        gettext_lazy("The address is too long."),
        gettext_lazy("Ask for less at once."),
    ),
    Explained(
        "unsupported_media_type",
        415,
        gettext_lazy("The body is something else than JSON in UTF-8, or compressed."),
        gettext_lazy("Send it as “Content-Type: application/json”, without Content-Encoding."),
    ),
    Explained(
        "key_reused",
        422,
        gettext_lazy("This Idempotency-Key was used for another call."),
        gettext_lazy("Make a new key for each thing that you want done."),
    ),
    Explained(
        "too_many_calls",
        429,
        gettext_lazy("This token or client has called too often in the last minute."),
        gettext_lazy(
            "“Retry-After” says how many seconds to wait; “RateLimit-Remaining” says in every"
            " answer how many calls are left."
        ),
    ),
    Explained(
        "headers_too_large",
        431,
        gettext_lazy("The headers are too many or too long."),
    ),
    Explained(
        "failed",
        500,
        gettext_lazy("Something went wrong on our side."),
        gettext_lazy("It has been noted. With an Idempotency-Key the call can be repeated safely."),
    ),
    Explained(
        "unavailable",
        503,
        gettext_lazy("The portal cannot answer right now, as its database is away."),
        gettext_lazy(
            "Repeat the call after as many seconds as “Retry-After” says, best with an"
            " Idempotency-Key."
        ),
    ),
)
"""What is wrong with a call itself."""

_HELP: Final = {
    "slot_taken": gettext_lazy("“alternatives” has the nearest times that are free."),
    "hold_expired": gettext_lazy("Hold the time again, or book another one."),
    "changed_meanwhile": gettext_lazy("Read it again, and decide anew."),
    "too_often": gettext_lazy("Repeat the call after as many seconds as “Retry-After” says."),
    "busy": gettext_lazy("Repeat the call after as many seconds as “Retry-After” says."),
    "invalid": gettext_lazy("“errors” says what is wrong with which field."),
    "not_found": gettext_lazy("It may be there, but not for the owner of this token."),
    "not_allowed": gettext_lazy("What a token may do, its owner has to be allowed too."),
}
"""Code → what helps a program; the rest is for people to decide."""


def problems_of_calls() -> list[Explained]:
    """Return what can be wrong with a call, whatever it asks for."""
    return list(OF_CALLS)


def refusals() -> list[Explained]:
    """Return every way the domain says no, in the order of its list."""
    return [
        Explained(kind.code, status_of(kind), _plain(kind), _HELP.get(kind.code, ""))
        for kind in _kinds(BookingError)
    ]


def _kinds(parent: type[BookingError]) -> Iterator[type[BookingError]]:
    for kind in parent.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from _kinds(kind)


def _plain(kind: type[BookingError]) -> str:
    """Return the sentence of a refusal, with “…” for what it names."""
    return (_(kind.text) % _Dots()).replace("….", "…")


class _Dots(dict[str, str]):
    """Stands for the words that only a single refusal knows."""

    def __missing__(self, name: str) -> str:
        return "…"
