"""Is the database still the last word on who has which time?"""

from __future__ import annotations

from django.db import connection


def stands() -> bool:
    """Say whether the constraint that lets no two claims overlap exists and is valid. One query.

    The claims' table must exist.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_constraint c"
            " JOIN pg_index i ON i.indexrelid = c.conindid"
            " WHERE c.conrelid = 'bookings_claim'::regclass AND c.conname = 'claim_no_overlap'"
            " AND c.contype = 'x' AND c.convalidated AND i.indisvalid)"
        )
        return bool(cursor.fetchone() == (True,))
