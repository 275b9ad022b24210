"""Where people let a program work for them, or do not (RFC 6749 §4.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.idp.oidc.internal.oauthlib.utils import (
    extract_headers,
    get_uri,
    get_validator_context,
)
from allauth.idp.oidc.internal.resources import InvalidTargetError, validate_resources
from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from oauthlib.common import Request, add_params_to_uri
from oauthlib.oauth2.rfc6749 import errors

from accounts.doors import Door, opens_to
from accounts.factors import ask_for_factor, lacks_required_factor
from accounts.models import User
from accounts.oauth.clients import host_of
from accounts.oauth.server import Server
from accounts.scopes import SCOPES

WORDS: Final[dict[str, str | Promise]] = {
    "openid": _("Know you again"),
    "profile": _("See your name"),
    "email": _("See your e-mail address"),
    **{scope.value: word for scope, word in SCOPES.items()},
}
"""Scope → what it lets a program do; those that only identify stand first."""


class ConsentForm(forms.Form):
    """What is granted of what is asked for."""

    scopes = forms.MultipleChoiceField(
        label=_("It wants to"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing, or do not let it in.")},
    )

    def __init__(self, data: Any, asked: Sequence[str]) -> None:
        """Offer what a program asks for, everything of it at first."""
        super().__init__(data, initial={"scopes": list(asked)})
        choices = [(name, word) for name, word in WORDS.items() if name in asked]
        cast(forms.MultipleChoiceField, self.fields["scopes"]).choices = choices


@opens_to(Door.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
# The answer to the form leads to where the program lives, and browsers ask the policy about that.
@csp_update({"form-action": ["https:", "http:"]})
@never_cache
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask whether a program may work for who is signed in; a POST says so.

    Nobody is sent anywhere before the program and its address are known to belong together.
    """
    prompt = request.GET.get("prompt", "").split()
    if not request.user.is_authenticated and "none" not in prompt:
        return redirect_to_login(request.get_full_path())
    try:
        asked = _asked(request)
        if "none" in prompt:
            raise _unasked(request, asked)
    except (errors.FatalClientError, ValueError) as refusal:
        description = getattr(refusal, "description", "")
        return render(request, "oauth/refused.html", {"description": description}, status=400)
    except errors.OAuth2Error as refusal:
        return _back(refusal)
    user = cast(User, request.user)
    if "login" in prompt and not did_recently_reauthenticate(request):
        return redirect_to_login(request.get_full_path(), "account_reauthenticate")
    if user.is_staff and lacks_required_factor(request):
        return ask_for_factor(request)
    return _decided(request, asked)


def _decided(request: HttpRequest, asked: Request) -> HttpResponse:
    if request.method == "POST" and "allow" not in request.POST:
        return _back(errors.AccessDeniedError(request=asked))
    form = ConsentForm(request.POST if request.method == "POST" else None, asked.scopes)
    if form.is_valid():
        granted = form.cleaned_data["scopes"]
        headers, _body, _status = Server().create_authorization_response(
            *_as_asked(request), scopes=granted, credentials={"user": request.user}
        )
        return _see(headers["Location"])
    shown = {"form": form, "client": asked.client, "host": host_of(asked.redirect_uri)}
    return render(request, "oauth/consent.html", shown, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> Request:
    """Return what a program asks for.

    Raises:
        FatalClientError, ValueError: nobody can tell who asks, or what.
        OAuth2Error: it may not ask for this, and is told so.
    """
    if any("\0" in value for _name, values in request.GET.lists() for value in values):
        raise ValueError("there is a NUL")
    _scopes, known = Server().validate_authorization_request(*_as_asked(request))
    asked: Request = known["request"]
    places = request.GET.getlist("resource")
    try:
        validate_resources(places)
    except ValidationError:
        raise InvalidTargetError(request=asked) from None
    get_validator_context().requested_resources = places
    return asked


def _unasked(request: HttpRequest, asked: Request) -> errors.OAuth2Error:
    """Return why a program that wants nobody asked is let in by nobody."""
    is_known = request.user.is_authenticated
    return (errors.ConsentRequired if is_known else errors.LoginRequired)(request=asked)


def _as_asked(request: HttpRequest) -> tuple[str, str, str, dict[str, str]]:
    """Return the address as oauthlib reads it, the same when it is asked and when it is decided."""
    return get_uri(request), "GET", "", extract_headers(request)


def _back(refusal: errors.OAuth2Error) -> HttpResponse:
    """Return the way back to a program that is not let in, which learns why, and by whom."""
    said = [*refusal.twotuples, ("iss", settings.PUBLIC_URL)]
    is_fragment = refusal.response_mode == "fragment"
    return _see(add_params_to_uri(refusal.redirect_uri, said, fragment=is_fragment))


def _see(address: str) -> HttpResponse:
    """Lead away without the form that was sent here (RFC 9700 §4.12)."""
    return HttpResponseRedirect(address, status=303)
