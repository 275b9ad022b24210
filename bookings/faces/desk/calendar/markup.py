"""Columns of appointments as HTML: hundreds stand on a page, too many for a template's pace.

Whatever people typed is escaped here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookings.faces.desk.calendar.visits import Card


@dataclass(frozen=True, slots=True)
class Block:
    """An appointment in a column; without a card it is somebody else's, and leads nowhere."""

    css: str
    clock: str
    card: Card | None = None
    id: str = ""
    url: str = ""
    moves: str = ""


def items(blocks: Sequence[Block]) -> SafeString:
    """Return appointments as the items of a list, each leading to its own page."""
    busy = escape(_("busy"))
    return SafeString(
        "\n".join(
            _visit(block, block.card) if block.card else _busy(block, busy) for block in blocks
        )
    )


def _visit(block: Block, card: Card) -> str:
    moves = f' data-moves="{escape(block.moves)}"' if block.moves else ""
    seats = f'<span class="seats">{escape(card.seats)}</span>' if card.seats else ""
    return (
        f'<li class="visit {block.css}"><a id="{block.id}" href="{escape(block.url)}"{moves}>'
        f'<span class="visit-time"><time>{escape(block.clock)}</time>{seats}{_icon(card.icon)}'
        f'</span><b>{escape(card.title)}</b><span class="visit-what">{escape(card.subtitle)}</span>'
        f'<span class="vh">{escape(card.state)}</span></a></li>'
    )


def _busy(block: Block, word: str) -> str:
    clock = escape(block.clock)
    return f'<li class="visit {block.css} busy"><p><time>{clock}</time> {word}</p></li>'


@lru_cache(maxsize=32)
def _icon(name: str) -> str:
    if not name:
        return ""
    source = escape(static("img/icons.svg"))
    return f'<svg class="icon" aria-hidden="true"><use href="{source}#{name}"></use></svg>'
