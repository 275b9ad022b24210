"""The shape of what visitors type. What is wrong with it, the commands say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from bookings.commands.answers import NO, YES
from bookings.commands.cancelling import REASON_LIMIT
from bookings.commands.contact import NAME_LIMIT, NOTES_LIMIT, Contact
from bookings.errors import BookingError, Invalid
from bookings.faces.site.words import said
from bookings.models import Question, QuestionKind, ServiceQuestion


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


class DetailsForm(TypedForm):
    """Who comes, and the answers to the service's questions, each named by its public id."""

    def __init__(
        self, data: Mapping[str, object] | None = None, *, asks: Iterable[ServiceQuestion]
    ) -> None:
        super().__init__(data)
        asks = list(asks)
        self.fields["name"] = _line(_("Name"), "text", autocomplete="name", maxlength=NAME_LIMIT)
        self.fields["email"] = _line(_("E-mail"), "email", autocomplete="email")
        self.fields["email"].help_text = _("For the confirmation and the link to change it.")
        self.fields["phone"] = _line(_("Phone"), "tel", autocomplete="tel")
        for ask in asks:
            self.fields[str(ask.question.public_id)] = _field(ask.question)
        self.fields["notes"] = _text(_("Anything we should know?"), NOTES_LIMIT)
        required = (str(ask.question.public_id) for ask in asks if ask.is_required)
        self.needed = frozenset({"name", "email", *required})

    def contact(self, *, zone: str, language: str) -> Contact:
        """Return who comes, as typed."""
        return Contact(
            name=self.typed("name"),
            email=self.typed("email"),
            phone=self.typed("phone"),
            notes=self.typed("notes"),
            zone=zone,
            language=language,
        )

    def answers(self) -> dict[str, object]:
        """Return the answers as typed, by the question's public id."""
        own = {"name", "email", "phone", "notes"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class CancelForm(TypedForm):
    """Why a booking is cancelled, for those who want to say."""

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["reason"] = _text(_("Would you tell us why?"), REASON_LIMIT)


class EmailForm(TypedForm):
    """The address whose bookings are looked for."""

    needed = frozenset({"email"})

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["email"] = _line(_("E-mail"), "email", autocomplete="email")


def _line(label: str, kind: str, **attrs: object) -> forms.Field:
    widget = forms.TextInput(attrs=attrs)
    widget.input_type = kind
    return forms.Field(label=label, required=False, widget=widget)


def _text(label: str, limit: int) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3, "maxlength": limit})
    return forms.Field(label=label, required=False, widget=widget)


def _field(question: Question) -> forms.Field:
    """Return the field for a question of any kind."""
    kind = QuestionKind(question.kind)
    if kind == QuestionKind.LONG_TEXT:
        return _text(question.text, NOTES_LIMIT)
    if kind == QuestionKind.NUMBER:
        return _line(question.text, "text", inputmode="decimal")
    choices = [(option, option) for option in question.options]
    if kind == QuestionKind.YES_NO:
        choices = [(YES, _("Yes")), (NO, _("No"))]
    if kind == QuestionKind.SEVERAL_CHOICES:
        widget: forms.Widget = forms.CheckboxSelectMultiple(choices=choices)
    elif kind in (QuestionKind.YES_NO, QuestionKind.ONE_CHOICE):
        widget = forms.RadioSelect(choices=choices)
    else:
        return _line(question.text, _INPUTS.get(kind, "text"))
    return forms.Field(label=question.text, required=False, widget=widget)


_INPUTS = {QuestionKind.DATE: "date", QuestionKind.PHONE: "tel", QuestionKind.EMAIL: "email"}
