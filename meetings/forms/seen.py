"""Two people edit at once: what one of them saw is sent along with what they typed, so that the other's changes show.

Nothing typed is lost, and nothing that somebody else wrote is overwritten unseen.
"""

from typing import Any, NamedTuple, cast

from django import forms
from django.core import signing
from django.http import QueryDict

SALT = "meetings.seen"


class Change(NamedTuple):
    """What somebody else has changed meanwhile; texts as the form shows them."""

    label: str
    before: str
    now: str


class SeenField(forms.CharField):
    """Signed, so that it can only be what a page of ours has shown."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def clean(self, value: Any) -> Any:
        """Return the texts by field; None for a page that sent none, or not ours."""
        try:
            return signing.loads(value, salt=SALT) if value else None
        except signing.BadSignature:
            return None


def shown(form: forms.BaseForm) -> dict[str, list[str]]:
    """Return what an unbound form shows, field by field, as a browser would send it back."""
    return {
        name: _sent(form, name)
        for name, field in form.fields.items()
        if not isinstance(field, SeenField) and name in form.initial
    }


def _sent(form: forms.BaseForm, name: str) -> list[str]:
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    formatted = value if isinstance(value, (list, tuple)) else field.widget.format_value(value)
    return sorted(map(str, formatted)) if isinstance(formatted, (list, tuple)) else [_newlines(str(formatted or ""))]


def sealed(texts: dict[str, list[str]]) -> str:
    return signing.dumps(texts, salt=SALT, compress=True)


def meanwhile(form: forms.BaseForm, now: dict[str, list[str]], labels: dict[str, str]) -> list[Change]:
    """Return what changed since the page was made; empty when nobody else was at work."""
    before: dict[str, list[str]] | None = form.cleaned_data.get("seen")
    if before is None:
        return []
    return [
        Change(_label(form, name, labels), _words(form, name, before.get(name, [])), _words(form, name, texts))
        for name, texts in now.items()
        if before.get(name) != texts
    ]


def _label(form: forms.BaseForm, name: str, labels: dict[str, str]) -> str:
    return labels.get(name) or str(form[name].label)


def _words(form: forms.BaseForm, name: str, texts: list[str]) -> str:
    """Say choices by their names."""
    choices = getattr(form.fields.get(name), "choices", ())
    names = {str(value): str(label) for value, label in choices}
    return ", ".join(names.get(text, text) for text in texts)


def take_over(form: forms.BaseForm, now: dict[str, list[str]]) -> None:
    """Let a bound form show what was typed where something was typed, what is stored elsewhere, and know all of it."""
    before: dict[str, list[str]] = form.cleaned_data["seen"]
    data = cast("QueryDict", form.data).copy()
    for name, texts in now.items():
        typed = [_newlines(text) for text in data.getlist(name)] or ["" for _ in before.get(name, [])]
        if sorted(typed) == before.get(name):
            data.setlist(name, texts)
    data["seen"] = sealed(now)
    form.data = data


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
