"""The verbs that a route takes."""

from __future__ import annotations

from portal.routes import Route

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def verbs_of(route: Route) -> tuple[str, ...]:
    """Return the verbs a route takes; a view that does not say takes them all."""
    if declared := getattr(route.view, "verbs", None):
        return tuple(declared)
    cls = getattr(route.view, "view_class", None)
    if cls is None:
        return VERBS
    named = (verb.upper() for verb in cls.http_method_names if hasattr(cls, verb))
    return tuple(verb for verb in named if verb in VERBS) or VERBS
