from django.db import migrations


class Migration(migrations.Migration):
    """The table of Django's database cache, as `createcachetable` makes it."""

    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE IF NOT EXISTS cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX IF NOT EXISTS cache_expires ON cache (expires);
            """,
            "DROP TABLE cache",
        )
    ]
