"""The languages in which customers are written to."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def language_name(code: str) -> str:
    """Return what a language is called; one that is not installed by its code."""
    return str(dict(settings.LANGUAGES).get(code, code))


def language_choices(present: str) -> list[tuple[str, str]]:
    """Return what may be chosen for a customer, with what is on record now among it."""
    codes = [code for code, _name in settings.LANGUAGES]
    kept = [present] if present and present not in codes else []
    nothing = _("Not known (%(language)s)") % {"language": language_name(settings.LANGUAGE_CODE)}
    return [("", nothing), *((code, language_name(code)) for code in (*codes, *kept))]


def is_installed(code: str) -> bool:
    """Say whether customers can be written to in this language."""
    return code in dict(settings.LANGUAGES)
