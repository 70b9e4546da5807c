"""The tags that draw the components of the styleguide."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.test.html import parse_html
from django.urls import ResolverMatch
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from people.models import Helix
from s3cop.templatetags.look import Problem, icon, problems
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.usefixtures("strict_templates")


class Form(forms.Form):
    title = forms.CharField(label="Title", help_text="Say why.", error_messages={"required": "Enter it"})
    note = forms.CharField(label="Note", required=False, widget=forms.TextInput({"placeholder": "Note", "class": "s"}))
    day = forms.DateField(label="Day")
    mode = forms.ChoiceField(label="How", widget=forms.RadioSelect, choices=[("a", "Room"), ("b", "Online")])
    remind = forms.MultipleChoiceField(label="Remind", widget=forms.CheckboxSelectMultiple, choices=[("1", "A day")])
    public = forms.BooleanField(label="Public", required=False)
    key = forms.CharField(label="Key", widget=forms.HiddenInput)


def drawn(source: str, **context: Any) -> str:
    return Template("{% load look %}" + source).render(Context(context)).strip()


def lines(html: str) -> list[str]:
    return [line.strip() for line in html.splitlines() if line.strip()]


def at(namespace: str, name: str) -> Any:
    """A request that this view answers."""
    match = ResolverMatch(print, (), {}, url_name=name, namespaces=[namespace])
    return SimpleNamespace(resolver_match=match)


def test_an_icon_is_decoration_from_the_sprite() -> None:
    assert drawn('{% icon "x" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/img/icons.svg#x"/></svg>'
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [("government", "public"), ("business", "business"), ("academia", "academia"), ("civil_society", "civil")],
)
def test_every_helix_has_a_shape_a_colour_and_a_name(value: str, kind: str) -> None:
    html = drawn("{% helix value %}", value=value)
    assert html.startswith(f'<span class="helix"><svg class="hx hx-{kind}"')
    assert html.endswith(f"</svg>{Helix(value).label}</span>")


def test_somebody_without_a_helix_gets_no_mark() -> None:
    assert drawn("{% helix value %}", value="") == ""


@pytest.mark.parametrize(
    ("place", "css", "text"),
    [(1, "rank rank-1", "1"), ("1=", "rank rank-1", "1="), ("2=", "rank", "2="), ("10", "rank", "10")],
)
def test_a_rank_badge_says_the_place_and_marks_the_first(place: int | str, css: str, text: str) -> None:
    assert drawn("{% rank place 6 %}", place=place) == (
        f'<span class="{css}"><span><span class="sr">Rank </span>{text}</span><small>of 6</small></span>'
    )


def test_no_place_shows_a_dash() -> None:
    assert drawn("{% rank place %}", place="") == (
        '<span class="rank rank-none"><span aria-hidden="true">–</span><small>no rank</small></span>'
    )


def test_a_date_badge_shows_the_day_in_the_zone_of_the_meeting() -> None:
    late = dt.datetime(2026, 6, 15, 22, 30, tzinfo=dt.UTC)
    brussels = drawn('{% date_badge when "Europe/Brussels" %}', when=late)
    assert brussels == '<div class="badge-date" aria-hidden="true"><span>Jun</span><b>16</b></div>'
    assert "<b>15</b>" in drawn("{% date_badge when %}", when=late)


def test_a_meeting_without_a_day_gets_a_calendar_sign() -> None:
    assert (
        drawn("{% date_badge when %}", when=None)
        == f'<div class="badge-icon">{drawn("{% icon name %}", name="calendar")}</div>'
    )


def test_a_field_ties_label_hint_and_error_to_its_input() -> None:
    html = drawn("{% field form.title %}", form=Form({}))
    assert lines(html) == [
        '<div class="field field-error">',
        '<label for="id_title">Title</label>',
        '<div class="hint" id="id_title_helptext">Say why.</div>',
        (
            f'<p class="msg-error" id="id_title_error">{icon("alert")}'
            '<span><span class="sr">Error: </span>Enter it</span></p>'
        ),
        (
            '<input type="text" name="title" aria-describedby="id_title_helptext id_title_error" class="input"'
            ' required aria-invalid="true" id="id_title">'
        ),
        "</div>",
    ]


def test_an_empty_field_says_beside_it_what_to_do_under_the_name_that_is_shown() -> None:
    shown = drawn('{% field form.day label="First day" %}', form=Form({}))
    assert '<span class="sr">Error: </span>Fill in “First day”</span>' in shown


def test_an_optional_field_says_so_and_keeps_its_class_but_no_placeholder() -> None:
    html = drawn('{% field form.note hint="Short." autocomplete="off" %}', form=Form())
    assert lines(html) == [
        '<div class="field">',
        '<label for="id_note">Note <span class="opt">(optional)</span></label>',
        '<div class="hint" id="id_note_helptext">Short.</div>',
        (
            '<input type="text" name="note" class="input s" autocomplete="off"'
            ' aria-describedby="id_note_helptext" id="id_note">'
        ),
        "</div>",
    ]


def test_what_was_entered_is_shown_again_escaped() -> None:
    assert 'value="&lt;b&gt;"' in drawn("{% field form.title %}", form=Form({"title": "<b>"}))


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    html = drawn("{% field form.mode %}", form=Form({}))
    assert html.startswith('<fieldset class="field field-error" aria-describedby="id_mode_error">')
    assert "<legend>How</legend>" in html
    assert html.count('<label class="choice"><input type="radio" name="mode"') == 2


def test_a_single_check_is_never_called_optional() -> None:
    html = drawn("{% field form.public %}", form=Form())
    assert (
        '<label class="check"><input type="checkbox" name="public" id="id_public"><span>Public</span></label>' in html
    )


def test_the_summary_names_what_is_wrong_and_where() -> None:
    form = Form({"title": "", "mode": "c"})
    form.add_error(None, "The round is closed.")
    assert problems(form) == [
        Problem("", "The round is closed."),
        Problem("", "Key: This field is required."),
        Problem("id_title", "Enter it"),
        Problem("id_day", "Fill in “Day”"),
        Problem("id_mode_0", "Select a valid choice. c is not one of the available choices."),
        Problem("id_remind_0", "Fill in “Remind”"),
    ]


def test_a_form_that_was_not_sent_has_no_summary_and_no_prefix_in_the_title() -> None:
    assert problems(Form()) == []
    assert drawn("{% error_prefix %}", form=Form()) == ""
    assert drawn("{% error_prefix %}") == ""


def test_the_title_of_a_page_with_errors_begins_with_the_word() -> None:
    assert Template("{% load look %}{% error_prefix %}").render(Context({"form": Form({})})) == "Error: "


@pytest.mark.parametrize(
    ("level", "kind"), [("success", "ok"), ("warning", "warn"), ("error", "bad"), ("info", "info"), ("debug", "info")]
)
def test_every_message_level_has_a_look(level: str, kind: str) -> None:
    assert drawn("{{ level|flash_kind }}", level=level) == kind


def test_a_flash_is_escaped_and_failures_are_alerts() -> None:
    html = drawn('{% include "parts/flash.html" with kind="bad" text=text only %}', text="<b>")
    assert html.startswith('<div class="flash flash-bad" role="alert">')
    assert html.endswith("<p>&lt;b&gt;</p></div>")


@pytest.mark.parametrize(
    ("namespace", "name", "mark"),
    [
        ("outcomes", "list", ' aria-current="page"'),
        ("outcomes", "detail", ' aria-current="true"'),
        ("meetings", "list", ""),
    ],
)
def test_the_menu_marks_where_one_is(namespace: str, name: str, mark: str) -> None:
    source = Template('{% load look %}{% current "outcomes:list" %}')
    assert source.render(Context({"request": at(namespace, name)})) == mark


def test_pages_of_the_house_are_marked_only_on_themselves() -> None:
    source = Template('{% load look %}{% current "s3cop:desk" %}')
    assert source.render(Context({"request": at("s3cop", "desk")})) == ' aria-current="page"'
    assert source.render(Context({"request": at("s3cop", "dashboard")})) == ""


def test_a_page_nobody_answers_for_marks_nothing() -> None:
    assert drawn('{% current "outcomes:list" %}', request=SimpleNamespace(resolver_match=None)) == ""


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/", "/accounts/login/"),
        ("/accounts/password/reset/", "/accounts/login/"),
        ("/meetings/kick off/?page=2", "/accounts/login/?next=%2Fmeetings%2Fkick%20off%2F"),
    ],
)
def test_sign_in_leads_back_to_the_path_and_never_carries_the_query(path: str, address: str) -> None:
    request = RequestFactory().get(path)
    assert drawn("{% sign_in_url %}", request=request) == address.replace("%20", "+")


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.Select(choices=[("Europe", [("Europe/Rome", "Rome")]), ("UTC", "UTC")]), "Europe/Rome"),
        (forms.Select(choices=[("", "–"), ('a"<b>', "X & 'y'"), (3, 4), ("l", gettext_lazy("Save"))]), 3),
        (forms.Select(choices=[("s", SafeString("<i>&amp;</i>"))], attrs={"id": "q", "required": True}), None),
        (forms.SelectMultiple(choices=[(1, "One"), (2, "Two"), (3, "Three")]), [1, "3"]),
        (forms.NullBooleanSelect(), False),
    ],
)
def test_a_select_is_drawn_as_by_django(widget: forms.Widget, value: object) -> None:
    theirs = widget.render("name", value, renderer=forms.renderers.DjangoTemplates())
    assert parse_html(widget.render("name", value)) == parse_html(theirs)


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("being sent", "Being sent"),
        (gettext_lazy("français"), "Français"),
        ("eHealth in regions", "eHealth in regions"),
        ("2023", "2023"),
        ("", ""),
    ],
)
def test_a_choice_stands_alone_and_begins_with_a_capital(label: str, shown: str) -> None:
    class Chosen(forms.Form):
        one = forms.ChoiceField(choices=[("v", label)])
        several = forms.MultipleChoiceField(choices=[("v", label)], widget=forms.CheckboxSelectMultiple)

    form = Chosen()
    assert f'<option value="v">{shown}</option>' in str(form["one"])
    assert f"<span>{shown}</span></label>" in drawn("{% field bound %}", bound=form["several"])


@pytest.mark.django_db
def test_a_record_keeps_the_name_it_was_given() -> None:
    factories.group(name="regions of the sea")

    class Chosen(forms.Form):
        one = forms.ModelChoiceField(WorkingGroup.objects.all(), empty_label="none of them")
        several = forms.ModelMultipleChoiceField(WorkingGroup.objects.all(), widget=forms.CheckboxSelectMultiple)

    form = Chosen()
    assert [words in str(form["one"]) for words in (">None of them<", ">regions of the sea<")] == [True, True]
    assert "<span>regions of the sea</span></label>" in drawn("{% field bound %}", bound=form["several"])
