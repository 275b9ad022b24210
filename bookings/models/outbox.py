"""What happened, and what is to be sent about it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Appointment, Booking
from bookings.models.business import Business
from bookings.models.reminder import Reminder
from bookings.models.subscription import Subscription


class Era(models.Model):
    """A stretch of the database's life in one PostgreSQL cluster, counted from 1.

    A dump that is restored begins another with its next event: transactions are counted anew there.
    `home` names the cluster and the table in it. Those who begin one at the same time each note it.
    """

    number = models.PositiveSmallIntegerField()
    home = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.number}: {self.home}"


class Event(models.Model):
    """A fact that happened; append-only (a trigger refuses changes), counted per appointment.

    `position` is the number of the transaction that wrote it, behind that of the era: with the key
    it orders events so that, below `bookings_horizon()`, none ever comes before one that was read.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="events")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="events")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="events")
    version = models.PositiveIntegerField(help_text=_("Counts the events of the appointment."))
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=120, help_text=_("Who did it."))
    at = models.DateTimeField()
    position = models.BigIntegerField(db_default=Func(function="bookings_position"), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["business", "at"], name="event_of_business"),
            models.Index(fields=["business", "position", "id"], name="event_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "version"], name="event_version_once_per_appointment"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Outlet(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    WEBHOOK = "webhook", _("webhook")


class Audience(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    STAFF = "staff", _("staff")
    BUSINESS = "business", _("business")
    PROGRAM = "program", _("program")


WAITING = Q(sent_at=None, failed_at=None, dropped_at=None)
"""What has not been settled."""


def resting(now: datetime) -> Q:
    """Return the condition of what waits and is not just being sent."""
    return WAITING & (Q(leased_until=None) | Q(leased_until__lte=now))


BY_STATE = {
    "waiting": WAITING & Q(attempts=0),
    "retrying": WAITING & Q(attempts__gt=0),
    "sent": Q(sent_at__isnull=False),
    "failed": Q(sent_at=None, failed_at__isnull=False),
    "dropped": Q(sent_at=None, failed_at=None, dropped_at__isnull=False),
}
"""How the states of `Message.state` are asked of the database."""


class Message(models.Model):
    """One thing to send to one address by one outlet; the row is its own retry schedule.

    `due_at` is the next try. A sender leases the row until `leased_until` before it sends, so
    that a killed sender's message comes back by itself; `attempts` counts the tries and is the
    fencing token of the sender that made the last one. `body` is what a webhook says, frozen at
    its first try, so that every repeat says the same. `remote_id` is what a carrier of text
    messages calls it, `delivery` what the carrier last said became of it; `segments` are the parts
    of a text that count against the budget, from before it is sent.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=400, unique=True)
    business = models.ForeignKey(Business, models.CASCADE, related_name="messages")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="messages")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="messages")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="messages")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, null=True, related_name="messages"
    )
    reminder = models.ForeignKey(Reminder, models.SET_NULL, null=True, related_name="messages")
    outlet = models.CharField(max_length=10, choices=Outlet.choices, default=Outlet.EMAIL.value)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    address = models.CharField(max_length=500)
    topic = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text=_("No longer true when it was due."))
    error = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    remote_id = models.CharField(max_length=100, blank=True)
    delivery = models.CharField(max_length=20, blank=True)
    segments = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], name="message_due", condition=WAITING),
            models.Index(
                fields=["appointment", "outlet", "address"],
                name="message_queue_of_address",
                condition=WAITING,
            ),
            models.Index(
                fields=["remote_id"], name="message_at_carrier", condition=~Q(remote_id="")
            ),
            models.Index(
                fields=["subscription", "id"],
                name="message_of_subscription",
                condition=Q(subscription__isnull=False),
            ),
            models.Index(
                fields=["subscription"],
                name="message_queue_of_endpoint",
                condition=WAITING & Q(subscription__isnull=False),
            ),
            models.Index(fields=["due_at"], name="message_with_body", condition=~Q(body="")),
            models.Index(fields=["sent_at"], name="message_on_budget", condition=Q(segments__gt=0)),
            models.Index(
                fields=["address", "id"], name="message_to_number", condition=Q(outlet="sms")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.address}"

    @property
    def state(self) -> str:
        """Return sent, failed, dropped, retrying or waiting."""
        if self.sent_at:
            return "sent"
        if self.failed_at:
            return "failed"
        if self.dropped_at:
            return "dropped"
        return "retrying" if self.attempts else "waiting"

    @property
    def is_queued(self) -> bool:
        """Say whether it has not been settled: it leaves by itself."""
        return self.state in ("waiting", "retrying")


class Attempt(models.Model):
    """One try to send a message, and what the other end said to it.

    `headers` are those a webhook was signed with.
    """

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, help_text=_("Of HTTP or SMTP."))
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=500, blank=True)
    headers = models.JSONField(default=dict)

    class Meta:
        indexes = [BrinIndex(fields=["at"], name="attempt_at")]
        constraints = [
            models.UniqueConstraint(fields=["message", "number", "at"], name="attempt_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.status or self.error}"


class HeldBecause(models.TextChoices):
    """Why the portal holds what it would send, where nobody asked for it."""

    STRANGE = "strange", _("This database does not belong to this data folder: it is a copy.")
    OLD = "old", _("This database is older than what was sent last: a backup was restored.")


class Instance(models.Model):
    """The one row that says which life of the portal this database is in.

    `epoch` is also kept in the data folder: a database that was restored, or copied to another
    machine, is known by the difference, and sends nothing until somebody has looked.
    `held_because` is a value of `HeldBecause`, or what somebody wrote.
    """

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    epoch = models.UUIDField(default=uuid.uuid4)
    held_at = models.DateTimeField(null=True, help_text=_("Since when nothing is sent."))
    held_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="instance_is_one", condition=Q(only=True))]

    def __str__(self) -> str:
        return str(self.epoch)

    @property
    def reason(self) -> str:
        """Return in a sentence why nothing is sent, "" where sending is not held."""
        known = self.held_because in HeldBecause.values
        return str(HeldBecause(self.held_because).label) if known else self.held_because
