"""The catalogues are whole, true to the sources, and what Django reads is what people wrote."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from tests.languages import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|%%|\{\w+\}")
LANGUAGES = catalogue.languages()


def placeholders(words: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(words)))


def originals(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def test_every_installed_language_but_that_of_the_sources_has_a_catalogue() -> None:
    assert {settings.LANGUAGE_CODE, *LANGUAGES} == {code for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders_of_the_original(language: str) -> None:
    wrong = [
        (message.id, words)
        for message in catalogue.messages(catalogue.kept(language))
        for words in catalogue.strings(message)
        if words and placeholders(words) != placeholders(originals(message)[-1])
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_blanks_around_the_original(language: str) -> None:
    def edges(words: str) -> tuple[str, str]:
        return words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]

    wrong = [
        message.id
        for message in catalogue.messages(catalogue.kept(language))
        for original, words in zip(originals(message), catalogue.strings(message), strict=True)
        if words and edges(words) != edges(original)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess_or_a_leftover(language: str) -> None:
    kept = catalogue.kept(language)

    assert [message.id for message in catalogue.messages(kept) if message.fuzzy] == []
    assert not kept.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_django_reads_what_people_wrote(language: str) -> None:
    written = catalogue.compiled(catalogue.kept(language))

    assert catalogue.mo_of(language).read_bytes() == written, "run `make words`"
