"""What a business asks its customers, and what they answered."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Booking
from bookings.models.business import Business
from bookings.models.catalogue import Service


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", _("short text")
    LONG_TEXT = "long_text", _("long text")
    NUMBER = "number", _("number")
    DATE = "date", _("date")
    YES_NO = "yes_no", _("yes or no")
    ONE_CHOICE = "one_choice", _("one choice")
    SEVERAL_CHOICES = "several_choices", _("several choices")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")


WITH_CHOICES = frozenset({QuestionKind.ONE_CHOICE.value, QuestionKind.SEVERAL_CHOICES.value})
"""The kinds of questions that are answered by choosing."""


class Question(models.Model):
    """A question of a business, attached to services as required or optional."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="questions")
    text = models.CharField(max_length=300)
    kind = models.CharField(
        max_length=16, choices=QuestionKind.choices, default=QuestionKind.SHORT_TEXT.value
    )
    choices = models.TextField(blank=True, help_text=_("One per line, for questions with choices."))

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse a choice without choices, and choices that would never be shown."""
        super().clean()
        if self.kind in WITH_CHOICES:
            if len(self.options) < 2:
                raise ValidationError({"choices": _("Write at least two choices, one per line.")})
        elif self.options:
            raise ValidationError({"choices": _("This kind of question has no choices.")})

    @property
    def options(self) -> list[str]:
        """Return the choices in the order written, without empty lines and repeats."""
        lines = (line.strip() for line in self.choices.splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class ServiceQuestion(models.Model):
    """A question that one service asks."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="asks")
    question = models.ForeignKey(Question, models.CASCADE, related_name="asked_by")
    is_required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "question"], name="service_question_once")
        ]

    def __str__(self) -> str:
        return str(self.question)


class Answer(models.Model):
    """An answer as given; it keeps the words of the question after the question is gone."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="answers")
    asked = models.CharField(max_length=300)
    value = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "question"], name="answer_once_per_booking")
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.value}"
