"""Prices in words."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "UAH": "₴"}


def price_in_words(kind: str, amount: Decimal | None, currency: str) -> str:
    """Return a price of one of the seven kinds in words; empty when it is not set."""
    total = money(amount, currency) if amount is not None else ""
    words = {
        "fixed": total,
        "starting_at": _("from %(sum)s") % {"sum": total},
        "hourly": _("%(sum)s per hour") % {"sum": total},
        "free": _("Free"),
        "varies": _("Price varies"),
        "call_us": _("Call us for the price"),
    }
    return words.get(kind, "")


def money(amount: Decimal, currency: str) -> str:
    """Return a sum with its currency, without empty cents: “€48”, “CHF 48.50”, in German “48 €”."""
    places = 0 if amount == amount.to_integral_value() else 2
    number = number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    if symbol := SYMBOLS.get(currency):
        return pgettext("sum of money", "%(symbol)s%(sum)s") % {"symbol": symbol, "sum": number}
    return pgettext("sum of money", "%(currency)s %(sum)s") % {"currency": currency, "sum": number}
