"""Filters that tell of a letter in words. Load with `{% load words %}`."""

from django import template
from django.utils.functional import Promise

from notices import words
from notices.letters import is_known, letter_of
from notices.models import Notice

register = template.Library()


@register.filter
def kind_in_words(kind: str) -> str | Promise:
    return letter_of(kind).describes if is_known(kind) else kind


@register.filter
def in_words(error: str) -> str:
    return words.of_error(error)


@register.filter
def reason_in_words(notice: Notice) -> str:
    return words.of_notice(notice)


@register.filter
def moment_in_words(notice: Notice) -> str:
    return words.of_moment(notice)
