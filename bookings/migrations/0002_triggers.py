"""What the database itself keeps true: versions that count up, events that stay."""

from __future__ import annotations

from django.db import migrations

CATALOGUE_TABLES = [
    "business",
    "service",
    "resource",
    "serviceresource",
    "hoursrule",
    "hoursexception",
    "availabilityrange",
]

CATALOGUE = """
CREATE FUNCTION bookings_catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb;
    owner bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD); ELSE changed := to_jsonb(NEW); END IF;
    IF TG_TABLE_NAME = 'bookings_business' THEN
        owner := (changed ->> 'id')::bigint;
    ELSIF changed ? 'business_id' THEN
        owner := (changed ->> 'business_id')::bigint;
    ELSE
        SELECT business_id INTO owner FROM bookings_service
        WHERE id = (changed ->> 'service_id')::bigint;
    END IF;
    IF owner IS NOT NULL THEN
        INSERT INTO bookings_catalogueversion AS v (business_id, version) VALUES (owner, 1)
        ON CONFLICT (business_id) DO UPDATE SET version = v.version + 1;
    END IF;
    RETURN NULL;
END $$
"""

TIME_OFF = """
CREATE FUNCTION bookings_time_off_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        WITH absence AS (TABLE was UNION ALL TABLE changed), locked AS (
            SELECT v.resource_id FROM bookings_resourceversion v
            JOIN bookings_resource r ON r.id = v.resource_id
            WHERE EXISTS (SELECT FROM absence a WHERE a.business_id = r.business_id
                          AND (a.resource_id IS NULL OR a.resource_id = r.id))
            ORDER BY v.resource_id FOR NO KEY UPDATE OF v
        )
        UPDATE bookings_resourceversion v SET version = version + 1
        FROM locked WHERE v.resource_id = locked.resource_id;
    ELSE
        WITH locked AS (
            SELECT v.resource_id FROM bookings_resourceversion v
            JOIN bookings_resource r ON r.id = v.resource_id
            WHERE EXISTS (SELECT FROM changed a WHERE a.business_id = r.business_id
                          AND (a.resource_id IS NULL OR a.resource_id = r.id))
            ORDER BY v.resource_id FOR NO KEY UPDATE OF v
        )
        UPDATE bookings_resourceversion v SET version = version + 1
        FROM locked WHERE v.resource_id = locked.resource_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bookings_time_off_made AFTER INSERT ON bookings_timeoff
REFERENCING NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION bookings_time_off_changed();
CREATE TRIGGER bookings_time_off_changed AFTER UPDATE ON bookings_timeoff
REFERENCING OLD TABLE AS was NEW TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION bookings_time_off_changed();
CREATE TRIGGER bookings_time_off_gone AFTER DELETE ON bookings_timeoff
REFERENCING OLD TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION bookings_time_off_changed()
"""

RESOURCE = """
CREATE FUNCTION bookings_resource_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bookings_resourceversion (resource_id, version) VALUES (NEW.id, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER bookings_resource_made AFTER INSERT ON bookings_resource
FOR EACH ROW EXECUTE FUNCTION bookings_resource_made()
"""

EVENTS = """
CREATE FUNCTION bookings_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('bookings.erasing', true) = 'on' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'events are never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER bookings_event_stays BEFORE UPDATE OR DELETE ON bookings_event
FOR EACH ROW EXECUTE FUNCTION bookings_event_stays()
"""

VACUUM = "ALTER TABLE bookings_{0} SET (autovacuum_vacuum_scale_factor = 0.02)"


def watched(table: str) -> migrations.RunSQL:
    """Return the trigger that counts every change of a catalogue table."""
    name = f"bookings_{table}_changed"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON bookings_{table}"
        " FOR EACH ROW EXECUTE FUNCTION bookings_catalogue_changed()",
        f"DROP TRIGGER {name} ON bookings_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_rows")]

    operations = [
        migrations.RunSQL(CATALOGUE, "DROP FUNCTION bookings_catalogue_changed()"),
        *(watched(table) for table in CATALOGUE_TABLES),
        migrations.RunSQL(TIME_OFF, "DROP FUNCTION bookings_time_off_changed() CASCADE"),
        migrations.RunSQL(RESOURCE, "DROP FUNCTION bookings_resource_made() CASCADE"),
        migrations.RunSQL(EVENTS, "DROP FUNCTION bookings_event_stays() CASCADE"),
        *(
            migrations.RunSQL(VACUUM.format(table), migrations.RunSQL.noop)
            for table in ("claim", "resourceversion")
        ),
    ]
