"""Reminder rules as sentences: "14 days before the start, to those who have not answered: Please answer"."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core import signing
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from meetings.actions import RuleLine
from meetings.models import ReminderRule

Anchor, Audience, Letter = ReminderRule.Anchor, ReminderRule.Audience, ReminderRule.Letter
UNITS = [("days", _("days")), ("hours", _("hours")), ("minutes", _("minutes"))]
POINTS = [
    ("before_start", _("before the start")),
    ("before_reply", _("before the reply date")),
    ("after_reply", _("after the reply date")),
    ("after_end", _("after the end")),
]
ANCHORS = {
    "before_start": (Anchor.START, -1),
    "before_reply": (Anchor.REPLY_BY, -1),
    "after_reply": (Anchor.REPLY_BY, 1),
    "after_end": (Anchor.END, 1),
}
SALT = "meetings.rules"
LONGEST = 366
MOST = 12
AFTER = {Audience.ALL, Audience.OWNERS}


class RuleForm(forms.Form):
    """One sentence. An empty number means: no such rule."""

    amount = forms.IntegerField(label=_("How long"), min_value=0, max_value=LONGEST, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS, initial="days")
    point = forms.ChoiceField(label=_("Counted from"), choices=POINTS, initial="before_start")
    audience = forms.ChoiceField(label=_("To whom"), choices=Audience.choices, initial=Audience.ALL)
    letter = forms.ChoiceField(label=_("Letter"), choices=Letter.choices, initial=Letter.SOON)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    source = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned.get("amount") is None:
            return cleaned
        after = cleaned["point"] == "after_end"
        if after != (cleaned["letter"] == Letter.AFTERWARDS):
            self.add_error("letter", _("Minutes and actions go out after the end, all other letters before the start."))
        if after != (cleaned["audience"] in AFTER) and cleaned["audience"] != Audience.ALL:
            self.add_error("audience", _("Those with open action points are written to after the end, others before."))
        return cleaned

    def line(self, sources: dict[int, ReminderRule]) -> RuleLine:
        """Return what `actions.set_rules` takes; call it on a valid form."""
        cleaned = self.cleaned_data
        anchor, sign = ANCHORS[cleaned["point"]]
        offset = dt.timedelta(**{cleaned["unit"]: cleaned["amount"]})
        source = sources.get(cleaned["source"] or 0)
        return RuleLine(anchor, sign * offset, cleaned["audience"], cleaned["letter"], cleaned["is_active"], source)


class BaseRules(BaseFormSet[RuleForm]):
    def clean(self) -> None:
        """Two rules may not say the same thing at the same time."""
        if any(self.errors):
            return
        seen = set()
        for form in self.wanted():
            line = form.line({})
            if (same := (line.letter, line.anchor, line.offset)) in seen:
                form.add_error("amount", _("Another rule sends this letter at the same time."))
            seen.add(same)

    def wanted(self) -> list[RuleForm]:
        return [form for form in self.forms if form.cleaned_data.get("amount") is not None]

    def lines(self, sources: Iterable[ReminderRule]) -> list[RuleLine]:
        """Return the rules wanted; a row that names the origin of one of `sources` continues it.

        Not the row: whoever saves meanwhile writes other rows, and all letters would go out again.
        """
        known = {rule.origin: rule for rule in sources}
        return [form.line(known) for form in self.wanted()]


RuleFormSet = cast(
    "type[BaseRules]",
    formset_factory(RuleForm, formset=BaseRules, extra=1, max_num=MOST, absolute_max=MOST + 1, validate_max=True),
)


def sealed(rules: list[dict[str, Any]]) -> str:
    """Return the rules that a page shows, as `rule_words.kept` has them, so that only we can have written it."""
    return signing.dumps(rules, salt=SALT, compress=True)


def opened(text: str) -> list[dict[str, Any]] | None:
    """Return what was sealed; None for a page that sent nothing, or not ours."""
    try:
        found: list[dict[str, Any]] = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return found


def initial(rules: Iterable[ReminderRule]) -> list[dict[str, Any]]:
    """Return rules as the form shows them."""
    return [_shown(rule) for rule in rules]


def _shown(rule: ReminderRule) -> dict[str, Any]:
    seconds = int(rule.offset.total_seconds())
    unit, length = _unit(abs(seconds))
    before = "before_reply" if seconds <= 0 else "after_reply"
    point = {Anchor.START: "before_start", Anchor.END: "after_end"}.get(Anchor(rule.anchor), before)
    return {
        "amount": abs(seconds) // length,
        "unit": unit,
        "point": point,
        "audience": rule.audience,
        "letter": rule.letter,
        "is_active": rule.is_active,
        "source": rule.origin,
    }


def _unit(seconds: int) -> tuple[str, int]:
    """The largest unit that gives a whole number."""
    units = (("days", 86400), ("hours", 3600))
    return next(((name, length) for name, length in units if seconds % length == 0), ("minutes", 60))
