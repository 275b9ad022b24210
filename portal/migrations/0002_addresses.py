"""Addresses that were there before people signed up themselves count as theirs."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def vouch(apps: Any, schema_editor: Any) -> None:
    """Count the addresses of the users there are as verified: an admin entered each of them."""
    User = apps.get_model("accounts", "User")
    EmailAddress = apps.get_model("account", "EmailAddress")
    User.objects.update(email=Lower("email"))
    strangers = User.objects.filter(emailaddress=None).values_list("pk", "email")
    EmailAddress.objects.bulk_create(
        EmailAddress(user_id=user, email=email, primary=True, verified=True)
        for user, email in strangers
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_cache"),
        ("accounts", "0001_people"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
