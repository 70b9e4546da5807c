"""A letter is in its reader's language, also amid letters of others: with the languages that the portal does not speak
yet, Django's own words for days and months tell.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from meetings.models import Meeting
from notices import delivery
from tests.factories import member
from tests.meetings.conftest import PLANNED
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
MONDAYS = {"en": "Monday 15 June 2026", "el": "Δευτέρα 15 Ιούνιος 2026", "bg": "понеделник 15 Юни 2026"}
ORDER = ("el", "en", "bg", "el", "en")


def html_of(letter: object) -> str:
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def test_each_letter_of_a_batch_speaks_its_reader_s_language(plan: Plan, club: WorkingGroup, settings: Any) -> None:
    settings.LANGUAGES = [(code, code) for code in MONDAYS]
    for language in ORDER:
        member(club, language=language)
    plan()
    assert delivery.deliver(now=PLANNED) == len(ORDER)
    for letter, language in zip(mail.outbox, ORDER, strict=True):
        told = {code for code, day in MONDAYS.items() if day in letter.body}
        shown = {code for code, day in MONDAYS.items() if day in html_of(letter)}
        assert (told, shown, letter.subject.endswith(MONDAYS[language])) == ({language}, {language}, True)
        assert f'<html lang="{language}">' in html_of(letter)
    assert translation.get_language() == "en"
