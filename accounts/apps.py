"""The accounts' place among Django's applications."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users; the e-mail address is the login."""

    name = "accounts"
    verbose_name = _("Accounts")
