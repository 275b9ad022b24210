"""The way from an invitation to an account: sign-up is for addresses that were proven by one."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

STASHED = "account_verified_email"
"""Where allauth keeps a proven address in the session until an account is made of it."""


def sign_up_address(request: HttpRequest, email: str, *, after: str) -> str:
    """Open sign-up for this browser and this address; return the address of the sign-up page.

    Call it once the visitor has proven to read mail for `email`, by the link that was sent there.
    The form is then bound to the address, which counts as verified; `after` is the path to go on
    to with the new account. Writes to the session.
    """
    get_adapter().stash_verified_email(request, email.lower())
    return f"{reverse('account_signup')}?{urlencode({REDIRECT_FIELD_NAME: after})}"


def proven_address(request: HttpRequest) -> str:
    """Return the address that this browser has proven by an invitation, "" when there is none."""
    return request.session.get(STASHED) or ""
