"""The template tags of the look: icon, helix mark, form field, rank and date badges, and where one is in the menu.

Load with `{% load look %}`. Each tag draws one component of the styleguide; none of them touches the database.
"""

from datetime import date, datetime
from functools import lru_cache
from html import escape  # Django's takes three times as long
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, Field, MultiWidget, RadioSelect
from django.forms.boundfield import BoundWidget
from django.forms.models import ModelChoiceIteratorValue
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone, is_aware, localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from people.models import Helix

register = template.Library()

# Stored value of a helix -> the shape's name in the style sheets.
SHAPES = {
    Helix.GOVERNMENT: "public",
    Helix.BUSINESS: "business",
    Helix.ACADEMIA: "academia",
    Helix.CIVIL_SOCIETY: "civil",
}
FLASH_KINDS = {"success": "ok", "warning": "warn", "error": "bad"}


class Problem(NamedTuple):
    """One line of the error summary: the id to jump to ("" for the form as a whole) and what to do."""

    anchor: str
    text: str


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw a symbol of static/img/icons.svg. Always decoration: the words stand beside it or in an aria-label."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("img/icons.svg"),
        name,
    )


@register.filter
def shape(helix: str) -> str:
    """Turn a stored helix into the suffix of its classes: `hx-{{ value|shape }}`; empty for no helix."""
    return SHAPES.get(Helix(helix), "") if helix else ""


@register.inclusion_tag("parts/hx.html")
def helix(value: str, label: str = "") -> dict[str, Any]:
    """Draw the mark of a helix: shape, colour and name; nothing for somebody without one."""
    return {"kind": shape(value), "label": label or (value and Helix(value).label)}


@register.simple_tag
def helices() -> list[tuple[str, str]]:
    """Values and names of the four helices in the order used everywhere."""
    return [(str(value), str(name)) for value, name in Helix.choices]


@register.inclusion_tag("parts/rank.html")
def rank(place: int | str, total: int | None = None) -> dict[str, Any]:
    """Draw a rank badge: 1, "2=" for a shared place, or a dash where there is no place."""
    return {"place": str(place or ""), "first": str(place or "").rstrip("=") == "1", "total": total}


@register.simple_tag
def date_badge(when: date | None, zone: str | ZoneInfo = "") -> SafeString:
    """Draw a calendar leaf; a time is shown in `zone` (IANA name) or the current one. None gives a calendar sign."""
    if isinstance(when, datetime) and is_aware(when):
        when = when.astimezone(ZoneInfo(str(zone)) if zone else get_current_timezone())
    return _leaf(when.date() if isinstance(when, datetime) else when, localdate().year, get_language())


@lru_cache(maxsize=500)
def _leaf(when: date | None, _this_year: int, _language: str | None) -> SafeString:
    """A leaf tells the year where it is not this one."""
    return render_to_string("parts/date.html", {"when": when})


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    # CheckboxSelectMultiple is a RadioSelect, so it comes first.
    for kind, classes in (("checks", CheckboxSelectMultiple), ("choices", RadioSelect), ("check", CheckboxInput)):
        if isinstance(widget, classes):
            return kind
    return "group" if isinstance(widget, MultiWidget) and bound.use_fieldset else "input"


def _control(bound: BoundField, kind: str, more: dict[str, str]) -> SafeString:
    attrs: dict[str, Any] = {**bound.field.widget.attrs, **more}
    if kind in {"input", "group"}:
        attrs["class"] = f"input {attrs.get('class', '')}".strip()
        attrs["placeholder"] = False  # Django leaves it out; the label and the hint say it, and stay
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, label: str = "", hint: str = "", **attrs: str) -> dict[str, Any]:
    """Draw a bound form field: label, hint, error, control.

    `label` and `hint` replace those of the form; the rest become attributes of the control (autocomplete="username").
    """
    kind, auto_id = _kind(bound), bound.auto_id
    help_text = hint or bound.help_text
    if not str(help_text).strip():  # as a template of allauth gives it
        help_text = ""
    shown = {"helptext": help_text, "error": bound.errors}
    described_by = " ".join(f"{auto_id}_{part}" for part, text in shown.items() if text)
    if kind == "group":  # several inputs under one legend: no label of their own
        attrs.setdefault("aria-label", str(label or bound.label))
    elif described_by:
        attrs["aria-describedby"] = described_by
    return {
        "field": bound,
        "errors": [_sentence(str(label or bound.label), str(text)) for text in bound.errors],
        "kind": kind,
        "label": label or bound.label,
        "hint": help_text,
        "described_by": described_by,
        "control": "" if kind in {"choices", "checks"} else _control(bound, kind, attrs),
        "optional": not (bound.field.required or kind == "check" or getattr(bound.field, "is_one_of_several", False)),
    }


@register.filter
def choice_words(option: BoundWidget) -> str:
    """What stands beside a box or a button of several."""
    return _alone(option.data["value"], option.choice_label)


def _alone(value: object, label: object) -> str:
    """A choice stands alone, so it begins with a capital; the name of a record stays as somebody has written it."""
    words = label if isinstance(label, str) else str(label)  # keeps what is safe
    if isinstance(value, ModelChoiceIteratorValue) or isinstance(words, SafeString) or not words[:1].islower():
        return words
    return capfirst(words) if words.partition(" ")[0].islower() else words  # eHealth


@register.simple_tag
def select_options(groups: list[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """Draw the options of a select as Django's template does; some have hundreds."""
    return SafeString("".join(_group(str(name or ""), "".join(map(_option, options))) for name, options, _ in groups))


def _group(name: str, options: str) -> str:
    return f'\n  <optgroup label="{_escaped(name)}">{options}\n  </optgroup>' if name else options


def _option(option: dict[str, Any]) -> str:
    attrs = "".join(_attribute(name, value) for name, value in option["attrs"].items() if value is not False)
    value, words = option["value"], _escaped(_alone(option["value"], option["label"]))
    return f'\n  <option value="{_escaped(value)}"{attrs}>{words}</option>'


def _attribute(name: str, value: object) -> str:
    return f" {name}" if value is True else f' {name}="{_escaped(value)}"'


def _escaped(value: object) -> str:
    text = str(value)
    return text if isinstance(text, SafeString) else escape(text)


def _anchor(bound: BoundField) -> str:
    """The id of the control, or of the first one of several."""
    return bound.id_for_label or f"{bound.auto_id}_0"


def _sentence(label: str, text: str) -> str:
    """Django's "This field is required." does not say what to do, and nothing in a list of several fields."""
    if text == Field.default_error_messages["required"]:
        return _("Fill in “%(label)s”") % {"label": label}
    return text


@register.simple_tag
def problems(form: BaseForm) -> list[Problem]:
    """List what is wrong with a form, first what concerns all of it; empty for an unbound or valid form."""
    if not form.is_bound:
        return []
    whole = [Problem("", str(text)) for text in form.non_field_errors()]
    hidden = [Problem("", f"{bound.label}: {text}") for bound in form.hidden_fields() for text in bound.errors]
    return (
        whole
        + hidden
        + [Problem(_anchor(b), _sentence(str(b.label), str(text))) for b in form.visible_fields() for text in b.errors]
    )


@register.simple_tag(takes_context=True)
def error_prefix(context: template.Context) -> str:
    """Start the page's title with "Error: " when the context's `form` came back with errors."""
    form = context.get("form")
    return _("Error: ") if isinstance(form, BaseForm) and form.is_bound and form.errors else ""


@register.filter
def flash_kind(level_tag: str) -> str:
    """Map the tag of a Django message level to the kind of parts/flash.html."""
    return FLASH_KINDS.get(level_tag, "info")


@register.simple_tag(takes_context=True)
def current(context: template.Context, view_name: str) -> SafeString:
    """Mark a menu entry: aria-current "page" on that very page, "true" elsewhere in the same room (not in s3cop)."""
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:
        return SafeString()
    if match.view_name == view_name:
        return SafeString(' aria-current="page"')
    room = view_name.partition(":")[0]
    return SafeString(' aria-current="true"' if room != "s3cop" and room == match.namespace else "")


@register.simple_tag(takes_context=True)
def sign_in_url(context: template.Context) -> str:
    """Address of the sign-in page that leads back here; plain from the home page and from the account pages.

    Only the path goes along, never the query: the page may be kept in the cache of anonymous pages.
    """
    address, path = reverse("account_login"), getattr(context.get("request"), "path", "/")
    if path == reverse("s3cop:home") or path.startswith(address.removesuffix("login/")):
        return address
    return f"{address}?{urlencode({'next': path})}"
