"""What must be true of the rows at rest, whatever has happened."""

from __future__ import annotations

from django.db import connection

BROKEN = {
    "claims of one resource overlap": """
        SELECT a.id, b.id FROM bookings_claim a JOIN bookings_claim b
        ON a.resource_id = b.resource_id AND a.id < b.id AND a.s < b.e AND b.s < a.e
    """,
    "the seats taken are not the seats of the bookings": """
        SELECT a.id, a.seats_taken, sum(b.seats) FROM bookings_appointment a
        LEFT JOIN bookings_booking b ON b.appointment_id = a.id
         AND b.state IN ('held', 'pending', 'confirmed')
        GROUP BY a.id HAVING a.seats_taken <> coalesce(sum(b.seats), 0)
    """,
    "more seats are taken than there are": """
        SELECT id FROM bookings_appointment WHERE seats_taken > capacity
    """,
    "a live booking is in an appointment that does not take place": """
        SELECT b.id FROM bookings_booking b JOIN bookings_appointment a ON a.id = b.appointment_id
        WHERE b.state IN ('held', 'pending', 'confirmed') AND a.state <> 'scheduled'
    """,
    "an appointment takes place with nobody": """
        SELECT id FROM bookings_appointment WHERE state = 'scheduled' AND seats_taken = 0
    """,
    "claims are not exactly those of the appointments that take place": """
        SELECT coalesce(w.appointment_id, c.appointment_id) FROM (
            SELECT a.id AS appointment_id, r.resource_id,
                   extract(epoch FROM a.starts_at - a.buffer_before)::int / 60 AS s,
                   extract(epoch FROM a.ends_at + a.buffer_after)::int / 60 AS e
            FROM bookings_appointment a
            JOIN bookings_appointment_resources r ON r.appointment_id = a.id
            WHERE a.state = 'scheduled'
        ) w FULL JOIN (
            SELECT appointment_id, resource_id, min(s) AS s, max(e) AS e, sum(e - s) AS taken
            FROM bookings_claim GROUP BY appointment_id, resource_id
        ) c ON c.appointment_id = w.appointment_id AND c.resource_id = w.resource_id
        WHERE (w.s, w.e) IS DISTINCT FROM (c.s, c.e) OR c.taken <> w.e - w.s
    """,
    "the claim of a booking ends by itself": """
        SELECT c.id FROM bookings_claim c
        WHERE c.expires_at IS NOT NULL AND EXISTS (
            SELECT FROM bookings_booking b WHERE b.appointment_id = c.appointment_id
            AND b.state IN ('pending', 'confirmed'))
    """,
    "events are not counted without a gap": """
        SELECT a.id, a.version, count(e.id), max(e.version) FROM bookings_appointment a
        LEFT JOIN bookings_event e ON e.appointment_id = a.id
        GROUP BY a.id HAVING a.version <> count(e.id) OR a.version <> coalesce(max(e.version), 0)
    """,
    "a confirmed booking was never confirmed to its customer": """
        SELECT b.id FROM bookings_booking b WHERE b.state = 'confirmed' AND b.email <> ''
        AND 1 <> (SELECT count(*) FROM bookings_message m JOIN bookings_event e ON e.id = m.event_id
                  WHERE e.booking_id = b.id AND e.kind = 'booking.confirmed'
                  AND m.audience = 'customer')
    """,
    "a request was never acknowledged to its customer, or was confirmed": """
        SELECT b.id FROM bookings_booking b WHERE b.state = 'pending' AND b.email <> ''
        AND (1, 0) <> (SELECT count(*) FILTER (WHERE e.kind = 'booking.requested'),
                              count(*) FILTER (WHERE e.kind = 'booking.confirmed')
                       FROM bookings_message m JOIN bookings_event e ON e.id = m.event_id
                       WHERE e.booking_id = b.id AND m.audience = 'customer')
    """,
    "a booking was decided about more than once": """
        SELECT b.id, b.state, count(e.id) FROM bookings_booking b
        JOIN bookings_event e ON e.booking_id = b.id
         AND e.kind IN ('booking.confirmed', 'booking.declined')
        GROUP BY b.id HAVING count(e.id) > 1
    """,
    "a letter is missing for one of those who are told of an event": """
        SELECT e.id, e.kind FROM bookings_event e
        WHERE e.kind IN ('booking.requested', 'booking.confirmed', 'booking.declined',
                         'booking.rescheduled', 'booking.reassigned', 'booking.cancelled')
        AND NOT EXISTS (SELECT FROM bookings_message m WHERE m.event_id = e.id)
    """,
    "a hold has become a booking and can still be confirmed": """
        SELECT id FROM bookings_booking
        WHERE state IN ('pending', 'confirmed') AND expires_at IS NOT NULL
    """,
}


def broken() -> dict[str, list[tuple[object, ...]]]:
    """Return what is not as it must be: sentence -> the rows. Empty when all is well."""
    found = {}
    with connection.cursor() as cursor:
        for sentence, rows in BROKEN.items():
            cursor.execute(rows)
            if wrong := cursor.fetchall():
                found[sentence] = wrong
    return found
