"""What visitors type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from bookings.commands.contact import NAME_LIMIT, NOTES_LIMIT, Contact
from bookings.commands.licence import REASON_LIMIT
from bookings.faces.typed import TypedForm, line, question_field, text, tick
from bookings.faces.words import consent_to_texts
from bookings.models import Service, ServiceQuestion
from bookings.queries.texting import sends_texts


class DetailsForm(TypedForm):
    """Who comes, and the answers to the service's questions, each named by its public id.

    Where the service sends texts, there is a box to agree to them.
    """

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        service: Service,
        asks: Iterable[ServiceQuestion],
    ) -> None:
        super().__init__(data)
        asks = list(asks)
        self.fields["name"] = line(_("Name"), "text", autocomplete="name", maxlength=NAME_LIMIT)
        self.fields["email"] = line(_("E-mail"), "email", autocomplete="email")
        self.fields["email"].help_text = _("For the confirmation and the link to change it.")
        self.fields["phone"] = line(_("Phone"), "tel", autocomplete="tel")
        if sends_texts(service):
            self.fields["texts"] = tick(consent_to_texts(service.business.name))
        for ask in asks:
            self.fields[str(ask.question.public_id)] = question_field(ask.question)
        self.fields["notes"] = text(_("Anything we should know?"), NOTES_LIMIT)
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
            sms_consent=self.consent("texts"),
        )

    def answers(self) -> dict[str, object]:
        """Return the answers as typed, by the question's public id."""
        own = {"name", "email", "phone", "texts", "notes"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


class CancelForm(TypedForm):
    """Why a booking is cancelled, for those who want to say."""

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["reason"] = text(_("Would you tell us why?"), REASON_LIMIT)


class EmailForm(TypedForm):
    """The address whose bookings are looked for."""

    needed = frozenset({"email"})

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        self.fields["email"] = line(_("E-mail"), "email", autocomplete="email")
