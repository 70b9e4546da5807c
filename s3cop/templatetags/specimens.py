"""What the styleguide shows: a form in every state and a page of results. Nothing else loads this."""

from django import forms, template
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from challenges.disclosure.charts import AnswerBar, answer_bars
from challenges.disclosure.text_votes import Counts
from challenges.forms import BallotForm
from challenges.models import RoundOption

register = template.Library()


class SpecimenForm(forms.Form):
    """One field of each kind, answered so that some answers are wrong."""

    use_required_attribute = False

    plain = forms.CharField(label="Plain field", help_text="Help text, above the input.", required=False)
    wrong = forms.CharField(label="Field with an error", error_messages={"required": "Enter a title"})
    day = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}))
    zone = forms.ChoiceField(label="Select", choices=[("Europe/Brussels", "Brussels"), ("Europe/Helsinki", "Helsinki")])
    mode = forms.ChoiceField(
        label="Choices",
        widget=forms.RadioSelect,
        choices=[("hybrid", "In person and online"), ("online", "Online only")],
    )
    remind = forms.MultipleChoiceField(
        label="Checks",
        widget=forms.CheckboxSelectMultiple,
        choices=[("14", "Two weeks before"), ("1", "One hour before")],
        help_text="Each goes once to each person.",
        error_messages={"required": "Choose at least one reminder"},
    )
    text = forms.CharField(label="Long text", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    public = forms.BooleanField(label="A single check", help_text="Off by default.", required=False)


@register.simple_tag
def specimen_form() -> SpecimenForm:
    return SpecimenForm({"day": "2026-06-15", "zone": "Europe/Brussels", "mode": "hybrid"}, auto_id="specimen_%s")


@register.simple_tag
def specimen_ballot() -> BallotForm:
    """A ballot with a rank, a tie, no opinion, nothing, and an answer that cannot be read."""
    titles = ("Building capacity", "Continued funding", "Aligning ecosystems", "Finding partners", "Evaluation", "Law")
    options = [RoundOption(pk=number, title=title, text="What it means.") for number, title in enumerate(titles, 1)]
    return BallotForm(QueryDict("rank-1=1&rank-2=2&rank-3=2&rank-4=x&rank-5=&rank-6=first"), options=options)


@register.simple_tag
def specimen_answers() -> tuple[AnswerBar, ...]:
    return answer_bars(Counts((("Yes", 12), ("No", 5)), 3))


@register.simple_tag
def specimen_page() -> Page[int]:
    return Paginator(range(60), 20).get_page(2)


NEUTRAL = ("paper", "surface", "surface-2", "line", "line-strong", "ink", "ink-2", "link", "focus")
BRAND = ("brand", "brand-strong", "brand-tint", "saffron", "hx-public", "hx-business", "hx-academia", "hx-civil")
STATUS = ("ok", "ok-tint", "warn", "warn-tint", "bad", "bad-tint")
SCALE = tuple(f"seq-{step}" for step in range(1, 7))


@register.simple_tag
def tokens() -> tuple[str, ...]:
    """Names of the colour tokens of tokens.css."""
    return (*NEUTRAL, *BRAND, *STATUS, *SCALE)
