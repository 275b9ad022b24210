"""To whom text messages may go."""

from __future__ import annotations

import phonenumbers
from django.conf import settings

from bookings.models import Business, Service, StoppedNumber


def countries(business: Business) -> frozenset[str] | None:
    """Return the countries that a business's texts may go to, as two capital letters.

    None for all. Where the settings name none, only the one that the business is in.
    """
    named: frozenset[str] | None = settings.SMS_COUNTRIES
    if named is None or named:
        return named
    return frozenset({business.country} if business.country else ())


def reaches_nobody(business: Business) -> bool:
    """Say whether a business's texts could go nowhere: nobody has said in which country it is."""
    return countries(business) == frozenset()


def sends_texts(service: Service) -> bool:
    """Say whether a service's customers are asked for consent to texts. Reads its business.

    A business that has not said where it is, where the settings do not say it either, could
    text to nobody.
    """
    return service.sends_sms and not reaches_nobody(service.business)


def is_allowed(number: str, business: Business) -> bool:
    """Say whether a number (E.164) is in a country that the business's texts may go to."""
    allowed = countries(business)
    if allowed is None:
        return True
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.region_code_for_number(parsed) in allowed


def is_stopped(number: str) -> bool:
    """Say whether the owner of a number (E.164) has answered STOP. Cost: one query."""
    return StoppedNumber.objects.filter(number=number).exists()
