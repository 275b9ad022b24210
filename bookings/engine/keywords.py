"""What somebody means who answers a text message with one word.

Networks and gateways expect the English words to work everywhere; the German ones are ours.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Keyword(Enum):
    """What a word does."""

    STOP = "stop"
    START = "start"
    HELP = "help"


_WORDS: Final = {
    **dict.fromkeys(("stop", "stopall", "stop all", "unsubscribe", "cancel"), Keyword.STOP),
    **dict.fromkeys(("end", "quit", "revoke", "optout", "opt out"), Keyword.STOP),
    **dict.fromkeys(("stopp", "abmelden", "abbestellen", "beenden", "ende"), Keyword.STOP),
    **dict.fromkeys(("start", "unstop", "yes", "anmelden", "ja"), Keyword.START),
    **dict.fromkeys(("help", "info", "hilfe"), Keyword.HELP),
}


def keyword_in(words: str) -> Keyword | None:
    """Return what a text means; None where it is no single word that does something.

    >>> keyword_in(" Stopp! "), keyword_in("STOP ALL"), keyword_in("please stop by at nine")
    (<Keyword.STOP: 'stop'>, <Keyword.STOP: 'stop'>, None)
    """
    said = " ".join(words.casefold().split())
    return _WORDS.get(said.strip(" .!?\"'„“”»«"))
