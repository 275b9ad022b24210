"""How the pages answer: which methods they take, what browsers may keep, pages for refusals."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from bookings.errors import BookingError, Busy, NotFound

Params = ParamSpec("Params")
View = Callable[Concatenate[HttpRequest, Params], HttpResponseBase]

CONFLICTS = frozenset(
    {"slot_taken", "full", "hold_expired", "changed_meanwhile", "choice_made", "choice_over"}
)

RETRY_SECONDS = 10

_STATUSES = {
    "not_found": 404,
    "busy": 503,
    "cursor_lost": 410,
    "not_allowed": 403,
    "host_not_listed": 403,
    "too_many_subscriptions": 429,
    "too_often": 429,
}


def status_of(refusal: BookingError | type[BookingError]) -> int:
    """Return 409 where something came first, 503 where too many came at once, else 422.

    What the role, or the operator's list of hosts, does not allow is 403; what is not there is
    404; a place to go on from that is gone is 410; one webhook too many is 429.
    """
    if refusal.code in CONFLICTS:
        return 409
    return _STATUSES.get(refusal.code, 422)


def see_other(address: str) -> HttpResponse:
    """Return the answer after something was done: look over there."""
    return HttpResponseRedirect(address, status=303)


def takes(*methods: str) -> Callable[[View[Params]], View[Params]]:
    """Return a decorator that refuses other methods with a page, and turns NotFound into 404.

    Busy, where the view has no better answer to it, is 503 and asks to come back: who calls may
    be a program that does. The view says in `verbs` which methods it takes.
    """

    def decorate(view: View[Params]) -> View[Params]:
        @wraps(view)
        def answer(
            request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
        ) -> HttpResponseBase:
            allowed = (*methods, "HEAD") if "GET" in methods else methods
            if request.method not in allowed:
                refused = render(request, "405.html", status=405)
                refused["Allow"] = ", ".join(allowed)
                return refused
            try:
                return view(request, *args, **kwargs)
            except NotFound as refusal:
                raise Http404 from refusal
            except Busy:
                again = render(request, "503.html", status=503)
                again["Retry-After"] = str(RETRY_SECONDS)
                return again

        vars(answer)["verbs"] = methods
        return answer

    return decorate


def private(view: View[Params]) -> View[Params]:
    """Mark a page that is reached by a secret link: neither kept, nor indexed, nor told about.

    The site's `Referrer-Policy: same-origin` keeps the link from other sites; “no-referrer”
    would make browsers hide the origin of the page's own forms, which the CSRF check refuses.
    """

    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs
    ) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, no_store=True, private=True)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer
