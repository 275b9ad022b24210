"""What a template may ask about signing up."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import template
from django.http import HttpRequest

register = template.Library()


@register.simple_tag
def may_sign_up(request: HttpRequest) -> bool:
    """Say whether this visitor may make an account."""
    return bool(get_adapter().is_open_for_signup(request))
