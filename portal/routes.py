"""Every address the portal answers, from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.doors import Door, door_of
from accounts.roles import Capability

THEIRS: dict[str, Door] = {
    "favicon": Door.PUBLIC,
    "admin:login": Door.PUBLIC,
    "oauth:jwks": Door.PUBLIC,
    **dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_inactive",
            "account_signup",
            "account_email_verification_sent",
            "account_request_login_code",
            "account_confirm_login_code",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "google_login",
            "google_callback",
            "microsoft_login",
            "microsoft_callback",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        Door.PUBLIC,
    ),
    "account_reset_password_from_key": Door.LINK,
    **dict.fromkeys(
        (
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_reauthenticate_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "socialaccount_connections",
        ),
        Door.SIGNED_IN,
    ),
}
"""Whom the views that are not our own are for."""


@dataclass(frozen=True)
class Route:
    """One address: its name with namespaces, its pattern and its view."""

    name: str
    pattern: str
    view: Callable[..., Any]

    @property
    def door(self) -> Door | Capability | None:
        """Return whom the route is for, None where nobody has decided it."""
        return door_of(self.view) or THEIRS.get(self.name) or _guarded_by_the_admin(self.view)


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """Return the routes of the whole configuration, or of one resolver, in its order."""
    return list(_walk(resolver or get_resolver(), "", ()))


def _walk(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            deeper = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _walk(entry, pattern, deeper)
        elif isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name or pattern))
            yield Route(name, pattern, entry.callback)


def _guarded_by_the_admin(view: Callable[..., Any]) -> Door | None:
    """Return the admin's door where Django's admin has put its guard, and its mark, on a view."""
    marked = hasattr(view, "admin_site") or hasattr(view, "model_admin")
    return Door.OFFICE if marked else None
