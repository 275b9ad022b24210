"""What businesses may be called, so that none passes for another or for somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.engine.lookalike import holds_address, is_reserved, looks


def why_not_called(name: str, *, others: Iterable[str]) -> str | Promise | None:
    """Return why a business may not have a name on its page or letters; None: it may.

    `others` are the names that are taken. Cost: none but that of reading them.
    """
    if holds_address(name):
        return _("A name has no e-mail or web address in it.")
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if is_reserved(name, [*settings.RESERVED_NAMES, host]):
        return _("This name is reserved. Please choose another one.")
    seen = looks(name)
    if seen and any(seen == looks(other) for other in others):
        return _("This looks too much like the name of another business here.")
    return None
