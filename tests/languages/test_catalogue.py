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
def test_every_sentence_that_customers_can_meet_is_translated(language: str) -> None:
    there = {
        (message.context, originals(message)): all(catalogue.strings(message))
        for message in catalogue.messages(catalogue.kept(language))
    }
    needed = {
        (message.context, originals(message))
        for message in catalogue.messages(catalogue.read_by_customers())
    }

    assert {words for words in needed if not there.get(words)} == set(), "run `make words`"
    assert there.keys() - needed == set(), "nobody shows these any more: run `make words`"


def test_words_are_found_in_pages_letters_refusals_and_code() -> None:
    found = {
        (message.context, originals(message))
        for message in catalogue.messages(catalogue.read_by_customers())
    }

    assert {
        (None, ("What would you like to book?",)),
        (None, ("Thank you for booking with %(name)s. We look forward to seeing you.",)),
        (None, ("Someone else has just taken this time.",)),
        (None, ("%(count)s person", "%(count)s people")),
        ("time format", ("H:i",)),
    } <= found
    assert (None, ("Closed: %(start)s",)) not in found, "only staff read it"


@pytest.mark.parametrize("pattern", [*catalogue.CUSTOMERS, *catalogue.STAFFS])
def test_every_place_that_is_searched_is_there(pattern: str) -> None:
    assert any(catalogue.ROOT.glob(pattern))


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
