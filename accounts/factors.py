"""The second factor: what counts as one, and who must have one."""

from __future__ import annotations

from typing import cast

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
"""An authenticator app or a passkey; recovery codes only stand in for one of these."""


def lacks_required_factor(request: HttpRequest) -> bool:
    """Say whether an admin has yet to show the second factor that the settings require.

    The caller knows who is an admin; for them every page that their role opens stays shut until
    this session has used a factor that they still have. One that was opened before the factor
    was set up, here or elsewhere, has not. Cost: one query where the setting is on.
    """
    if not settings.REQUIRE_MFA_FOR_ADMINS:
        return False
    used = get_authentication_records(request, cast(User, request.user))
    return not (any(one["method"] == "mfa" for one in used) and _has_one_of(request, FACTORS))


def never_set_up_factor(user: User) -> bool:
    """Say whether an admin has none of the second factors of which the settings require one.

    Cost: one query where the setting is on.
    """
    return settings.REQUIRE_MFA_FOR_ADMINS and not is_mfa_enabled(user, FACTORS)


def remove_factors(user: User) -> None:
    """Take a user's second factor away, recovery codes included: for one who lost it.

    Where the settings require one they are asked to set it up again.
    """
    Authenticator.objects.filter(user=user).delete()


def ask_for_factor(request: HttpRequest) -> HttpResponse:
    """Return the way to where a second factor is set up, or shown, with a sentence that says why.

    Cost: at most two queries.
    """
    if not _has_one_of(request, FACTORS):
        asked = _("Admins need a second factor here. Set one up, then everything opens.")
        messages.warning(request, asked)
        return redirect("mfa_index")
    messages.warning(request, _("Admins need their second factor here. Please show it once."))
    has_app = _has_one_of(request, [Authenticator.Type.TOTP])
    page = reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
    after = request.get_full_path() if request.method == "GET" else settings.LOGIN_REDIRECT_URL
    return redirect_to_login(after, page)


def _has_one_of(request: HttpRequest, kinds: list[Authenticator.Type]) -> bool:
    return bool(is_mfa_enabled(cast(User, request.user), kinds))
