"""Write the description of the API; refuse to where it would break a promise.

Until a change is released nobody relies on it: `python -m tests.described --unreleased` writes in
any case.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from bookings.faces.api.schema import described, written  # noqa: E402
from tests.described import FILE  # noqa: E402
from tests.described.promises import taken_away  # noqa: E402

broken = taken_away(json.loads(FILE.read_text()), described()) if FILE.exists() else []
if broken and "--unreleased" not in sys.argv:
    sys.exit("\n".join(["This would break what programs rely on:", *broken]))
FILE.write_text(written())
