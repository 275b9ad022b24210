"""Is the portal alive, and can it serve? For load balancers and supervisors."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import Door, opens_to
from bookings.models import Instance
from bookings.queries import guard
from portal.pages import RETRY_SECONDS


@opens_to(Door.PUBLIC)
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all; asks nothing of the database."""
    return _plain("live", 200)


@opens_to(Door.PUBLIC)
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, whole and up to date, else 503 and why.

    A portal that holds what it would send can serve all the same, and says so.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        guarded = bool(missing) or guard.stands()
        held = not missing and Instance.objects.filter(held_at__isnull=False).exists()
    except DatabaseError:
        return _plain("the database does not answer", 503)
    if missing:
        return _plain("migrations are missing", 503)
    if not guarded:
        return _plain("the guard against double booking is missing", 503)
    return _plain("ready, but sending is held" if held else "ready", 200)


def _plain(said: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
