"""Two people edit at once: what one of them saw is sent along with what they typed, so that the other's changes show.

Nothing typed is lost, and nothing that somebody else wrote is overwritten unseen.
"""

from typing import Any, NamedTuple, cast

from django import forms
from django.core import signing
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from history.models import Entry

SALT = "history.seen"
TICKED = "on"  # as browsers send a box


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


def remember(form: forms.BaseForm) -> None:
    """Let a form that changes a record send along what it has shown; called last when the form is made."""
    form.fields["seen"] = SeenField()
    if not form.is_bound:
        form.initial["seen"] = sealed(shown(form))


def given(form: forms.BaseForm) -> dict[str, Any]:
    """Return what a valid form says of the record."""
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}


def changed(
    form: forms.BaseForm,
    now: dict[str, list[str]],
    edits: QuerySet[Entry],
    labels: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return what somebody else has changed since the page was made, and let the form show it; empty if nobody did.

    `now` is what a new form would show, read under the row's lock; `labels` are those of texts that are no fields;
    the last of `edits` tells who it was.
    """
    changes = meanwhile(form, now, labels or {})
    if not changes:
        return {}
    take_over(form, now)
    return {"changes": changes, "changed_by": last_editor(edits)}


def last_editor(edits: QuerySet[Entry]) -> Any:
    """Return who did the last of them; nobody for what the clock did."""
    last = edits.select_related("by").order_by("-at", "-pk").first()
    return last.by if last else None


def shown(form: forms.BaseForm) -> dict[str, list[str]]:
    """Return what an unbound form shows, field by field, as a browser would send it back."""
    return {
        name: _sent(form, name)
        for name, field in form.fields.items()
        if not isinstance(field, SeenField) and name in form.initial
    }


def _sent(form: forms.BaseForm, name: str) -> list[str]:
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return [TICKED] if form.get_initial_for_field(field, name) else []
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
        if before.get(name, []) != texts and (name in form.fields or name in labels)
    ]


def _label(form: forms.BaseForm, name: str, labels: dict[str, str]) -> str:
    return labels.get(name) or str(form[name].label)


def _words(form: forms.BaseForm, name: str, texts: list[str]) -> str:
    """Say choices by their names."""
    names = _names(form.fields.get(name))
    return ", ".join(names.get(text, text) for text in texts)


def _names(field: forms.Field | None) -> dict[str, str]:
    if isinstance(field, forms.BooleanField):
        return {TICKED: _("yes")}
    choices = getattr(field, "choices", ())
    grouped = [pair for value, label in choices for pair in (label if _is_group(label) else [(value, label)])]
    return {str(value): str(label) for value, label in grouped}


def _is_group(label: Any) -> bool:
    return isinstance(label, (list, tuple))


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
