"""What a service says by itself before and after its appointments, and in whose words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import combinations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.business import Business
from bookings.models.catalogue import Service


class ReminderKind(models.TextChoices):
    REMINDER = "reminder", _("reminder")
    RECONFIRMATION = "reconfirmation", _("question whether they will come")
    FOLLOW_UP = "follow_up", _("follow-up")


class ReminderRecipients(models.TextChoices):
    CUSTOMER = "customer", _("customers")
    STAFF = "staff", _("staff")
    ALL = "all", _("customers and staff")


class ReminderChannel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    BOTH = "both", _("e-mail and text message")


MOST_REMINDERS = 10
"""How many a service may have."""


class Reminder(models.Model):
    """A message that a service sends by itself.

    `offset` is the time before the start, for a follow-up the time after the end. `text` is said
    in it, above what it says anyway. Staff get e-mail, whatever the channel is for customers.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, models.CASCADE, related_name="reminders")
    kind = models.CharField(
        max_length=14, choices=ReminderKind.choices, default=ReminderKind.REMINDER.value
    )
    offset = models.DurationField(
        _("when"),
        default=timedelta(days=1),
        help_text=_("Before the start, a follow-up after the end: such as 1 day or 2 h."),
    )
    recipients = models.CharField(
        max_length=8, choices=ReminderRecipients.choices, default=ReminderRecipients.CUSTOMER.value
    )
    channel = models.CharField(
        max_length=5, choices=ReminderChannel.choices, default=ReminderChannel.EMAIL.value
    )
    text = models.TextField(
        _("in your own words"), blank=True, help_text=_("Said above what it says anyway.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reminder_offset_sane",
                condition=Q(offset__gte=timedelta(0), offset__lte=timedelta(days=365)),
                violation_error_message=_("It is sent at most a year before or after."),
            ),
            models.CheckConstraint(
                name="reminder_before_the_start",
                condition=Q(kind="follow_up") | Q(offset__gte=timedelta(minutes=5)),
                violation_error_message=_("It is sent at least five minutes before the start."),
            ),
            models.CheckConstraint(
                name="reminder_asks_customers",
                condition=~Q(kind="reconfirmation") | Q(recipients="customer"),
                violation_error_message=_("Only customers are asked whether they will come."),
            ),
            models.CheckConstraint(
                name="reminder_of_staff_by_email",
                condition=~Q(recipients="staff") | Q(channel="email"),
                violation_error_message=_("Staff get e-mail only."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def due_at(self, starts_at: datetime, ends_at: datetime) -> datetime:
        """Return when it is to leave for an appointment at this time."""
        if self.kind == ReminderKind.FOLLOW_UP.value:
            return ends_at + self.offset
        return starts_at - self.offset


def told_twice(rules: Iterable[Reminder]) -> timedelta | None:
    """Return when two rules of a kind reach the same people by the same way, None if none do."""
    for one, other in combinations(rules, 2):
        if (one.kind, one.offset) != (other.kind, other.offset):
            continue
        is_same_staff = all(each.recipients in ("staff", "all") for each in (one, other))
        is_same_customer = all(each.recipients in ("customer", "all") for each in (one, other))
        ways = {one.channel, other.channel}
        if is_same_staff or (is_same_customer and ways != {"email", "sms"}):
            return one.offset
    return None


class Replanning(models.Model):
    """A service whose coming appointments are to be planned again, since its rules have changed.

    Planned at once (`planned_at`), and once more when what was being decided and sent at that
    moment has ended; then the row goes.
    """

    service = models.OneToOneField(Service, models.CASCADE, primary_key=True)
    since = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.service_id}"


class OwnWording(models.Model):
    """How a business words one piece of news to customers, in one language.

    An empty subject or text leaves the portal's own. What is allowed in both stands with the
    outlet that fills them in.
    """

    business = models.ForeignKey(Business, models.CASCADE, related_name="wordings")
    topic = models.CharField(max_length=40)
    language = models.CharField(max_length=16)
    subject = models.CharField(max_length=150, blank=True)
    text = models.TextField(max_length=5000, blank=True)

    class Meta:
        verbose_name = _("letter in own words")
        verbose_name_plural = _("letters in own words")
        constraints = [
            models.UniqueConstraint(
                fields=["business", "topic", "language"],
                name="own_wording_once",
                violation_error_message=_("This news has words of your own in this language."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} ({self.language})"
