"""In which language an address answers: customers' in their own, those of the staff in ours.

What customers read comes in every installed language, the public part of the API with it. The desk,
the admin, the pages of an account, those for developers and what programs with a token are told
come in `LANGUAGE_CODE` alone; half of what libraries say there would be translated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import get_language_info as facts_of

STAFFS = ("/.well-known/", "/accounts/", "/admin/", "/api/", "/desk/", "/developers/", "/oauth/")
PUBLIC = "/api/v1/public/"
"""What customers read all the same, on whatever pages; these ask by `Accept-Language` alone."""
ASKED = "lang"


@dataclass(frozen=True)
class Way:
    """A way to the page in a language, named as those who read it name it."""

    code: str
    name: str
    url: str
    is_active: bool


def languages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the language asked for by `?lang=`, else remembered, else of the browser.

    What is asked for is remembered for a year. Caches are told what the answer depends on
    (RFC 9110, §12.5.5).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_staffs(request):
            with override(settings.LANGUAGE_CODE):
                return _labelled(get_response(request), settings.LANGUAGE_CODE)
        asked = _asked(request)
        language = asked or get_language_from_request(request)
        with override(language):
            response = _labelled(get_response(request), language)
        if "Content-Language" in response:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return _remembering(response, asked) if asked else response

    return middleware


def ways(request: HttpRequest) -> dict[str, list[Way]]:
    """Return, for templates, the `languages` in which a page can be read, each with its address.

    None where it has but one, nor for the answer to a form, whose words a link would lose, nor
    where the address itself cannot be read.
    """
    installed = [code for code, _name in settings.LANGUAGES]
    if _is_staffs(request) or request.method not in ("GET", "HEAD") or len(installed) < 2:
        return {"languages": []}
    try:
        return {"languages": [_way(request, code) for code in installed]}
    except TooManyFieldsSent:
        return {"languages": []}


def _way(request: HttpRequest, code: str) -> Way:
    fields = request.GET.copy()
    fields[ASKED] = code
    name = str(facts_of(code)["name_local"])
    return Way(code, name[:1].upper() + name[1:], f"?{fields.urlencode()}", code == get_language())


def _is_staffs(request: HttpRequest) -> bool:
    path = request.path_info
    return path.startswith(STAFFS) and not path.startswith(PUBLIC)


def _asked(request: HttpRequest) -> str:
    """Return the language that the address asks for, "" where it is none that is installed."""
    if request.path_info.startswith(PUBLIC):
        return ""
    asked = request.GET.get(ASKED, "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def _labelled(response: HttpResponse, language: str) -> HttpResponse:
    """Return an answer that says which language it is in, if it is a page."""
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers.setdefault("Content-Language", language)
    return response


def _remembering(response: HttpResponse, language: str) -> HttpResponse:
    """Return an answer that has the browser remember a language."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
