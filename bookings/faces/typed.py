"""Forms that pass on what was typed: what is wrong with it, the commands say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from bookings.commands.answers import NO, YES
from bookings.commands.contact import NOTES_LIMIT
from bookings.errors import BookingError, Invalid
from bookings.faces.words import said
from bookings.models import Question, QuestionKind


@dataclass(frozen=True)
class Row:
    """A field of a form and whether it may stay empty."""

    field: BoundField
    is_optional: bool


class TypedForm(forms.Form):
    """A form that passes on what was typed, and shows it again beside what is wrong with it."""

    needed: frozenset[str] = frozenset()

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.label_suffix = ""

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        return str(self.cleaned_data.get(name) or "")

    def consent(self, name: str) -> str:
        """Return the words of a box that was ticked, "" where it was not, or is not there."""
        return str(self.fields[name].label) if self.cleaned_data.get(name) else ""

    def refuse(self, refusal: BookingError) -> None:
        """Show what is wrong beside each field; what has no field is said above them."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, said(refusal))
            return
        for name, sentence in refusal.fields.items():
            self.add_error(name if name in self.fields else None, _(sentence))

    def rows(self) -> Iterator[Row]:
        """Yield the fields in order."""
        for field in self:
            yield Row(field, field.name not in self.needed)

    def wrong_fields(self) -> list[BoundField]:
        """Return the fields with something wrong in them."""
        return [field for field in self if field.errors]


def line(label: str, kind: str = "text", **attrs: object) -> forms.Field:
    """Return a field for one line; `kind` is the type of the input."""
    widget = forms.TextInput(attrs=attrs)
    widget.input_type = kind
    return forms.Field(label=label, required=False, widget=widget)


def text(label: str, limit: int) -> forms.Field:
    """Return a field for several lines of at most `limit` characters."""
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": limit})
    return forms.Field(label=label, required=False, widget=widget)


def tick(label: str) -> forms.Field:
    """Return a field for a box that is ticked or not; never ticked beforehand."""
    return forms.BooleanField(label=label, required=False)


def question_field(question: Question) -> forms.Field:
    """Return the field for a question of any kind."""
    kind = QuestionKind(question.kind)
    if kind == QuestionKind.LONG_TEXT:
        return text(question.text, NOTES_LIMIT)
    if kind == QuestionKind.NUMBER:
        return line(question.text, "text", inputmode="decimal")
    choices = [(option, option) for option in question.options]
    if kind == QuestionKind.YES_NO:
        choices = [(YES, _("Yes")), (NO, _("No"))]
    if kind == QuestionKind.SEVERAL_CHOICES:
        widget: forms.Widget = forms.CheckboxSelectMultiple(choices=choices)
    elif kind in (QuestionKind.YES_NO, QuestionKind.ONE_CHOICE):
        widget = forms.RadioSelect(choices=choices)
    else:
        return line(question.text, _INPUTS.get(kind, "text"))
    return forms.Field(label=question.text, required=False, widget=widget)


_INPUTS = {QuestionKind.DATE: "date", QuestionKind.PHONE: "tel", QuestionKind.EMAIL: "email"}
