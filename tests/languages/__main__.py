"""Bring the catalogues up to date with the sources, and say what is still to be translated."""

from __future__ import annotations

from tests.languages import catalogue

for language in catalogue.languages():
    for words in catalogue.update(language):
        print(f"{language}: {words}")
