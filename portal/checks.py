"""What the portal refuses to start with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from portal.routes import routes


@register("doors")
def every_view_says_whom_it_is_for(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse a route whose view does not declare for whom it is."""
    return [
        Error(
            f"Nobody has decided who may open “{route.name}” ({route.pattern}).",
            hint="Decorate the view with `desk(…)` or `opens_to(…)`; name others' views in THEIRS.",
            id="portal.E001",
        )
        for route in routes()
        if route.door is None
    ]
