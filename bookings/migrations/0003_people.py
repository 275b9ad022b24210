"""People who work for a business; requests, internal notes, colours; customers found and erased."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Lower

ACCENTED = (
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜ"
    "ĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽ"
    "žøØłŁđĐıß"
)
PLAIN = (
    "aaaaaaceeeeiiiinooooouuuuyaaaaaaceeeeiiiinooooouuuuyyaaaaaaccccccccddeeeeeeeeeeg"
    "ggggggghhiiiiiiiiijjkkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzzzz"
    "zoollddis"
)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "admin"),
                            ("team_member", "team member"),
                            ("scheduler", "scheduler"),
                            ("viewer", "viewer"),
                            ("guest", "guest"),
                        ],
                        max_length=12,
                    ),
                ),
                ("invited_by", models.CharField(max_length=120)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("declined_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "admin"),
                            ("team_member", "team member"),
                            ("scheduler", "scheduler"),
                            ("viewer", "viewer"),
                            ("guest", "guest"),
                        ],
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="appointment",
            name="staff_notes",
            field=models.TextField(blank=True, help_text="Only staff see these."),
        ),
        migrations.AddField(
            model_name="business",
            name="staff_must_accept",
            field=models.BooleanField(
                default=False, help_text="New staff are bookable once they have agreed."
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="said",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    Lower(
                        models.Func(
                            models.F("name"),
                            models.Value(" "),
                            models.F("email"),
                            models.Value(" "),
                            models.F("phone"),
                            arg_joiner=" || ",
                            output_field=models.TextField(),
                            template="(%(expressions)s)",
                        )
                    ),
                    models.Value(ACCENTED),
                    models.Value(PLAIN),
                    function="translate",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["business", "said", "id"],
                condition=models.Q(("erased_at", None)),
                name="customer_by_name",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="acceptance",
            field=models.CharField(
                choices=[
                    ("active", "accepting bookings"),
                    ("pending", "has not accepted yet"),
                    ("rejected", "does not accept bookings"),
                ],
                default="active",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="user",
            field=models.ForeignKey(
                blank=True,
                help_text="Who this is when they sign in; nobody: a guest who only gets mail.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="resources",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="colour",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "automatic"),
                    ("blue", "blue"),
                    ("violet", "violet"),
                    ("pink", "pink"),
                    ("red", "red"),
                    ("orange", "orange"),
                    ("yellow", "yellow"),
                    ("green", "green"),
                    ("teal", "teal"),
                ],
                default="",
                help_text="How its appointments look on the desk.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="service",
            name="needs_approval",
            field=models.BooleanField(
                default=False, help_text="Customers ask; staff approve or decline each request."
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)),
                fields=("business", "user"),
                name="resource_user_once_per_business",
                violation_error_message="This person is in the list already.",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="business",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="bookings.business",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="bookings.resource",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="business",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="bookings.business",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("declined_at", None), _connector="OR"),
                name="invitation_answered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("user", "business"),
                name="membership_once_per_business",
                violation_error_message="This person is a member already.",
            ),
        ),
    ]
