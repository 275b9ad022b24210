"""What a letter lets its reader answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Answer = Literal["approve", "decline", "come", "cancel", "take", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to what a letter asks: its name, worded by the outlet, and the page that asks.

    The page does nothing before somebody presses its button.
    """

    name: Answer
    url: str
