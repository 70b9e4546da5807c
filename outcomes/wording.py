"""Sentences about a result: who voted, why something is withheld, how it was counted.

Pure: the language comes in as `words`, an object with gettext and ngettext.
"""

from typing import Protocol

from challenges.disclosure.finding import Finding
from challenges.disclosure.published import MethodBox, Reason


class Words(Protocol):
    """What `gettext.GNUTranslations` and `django.utils.translation` have in common."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str: ...


def quoted(title: str) -> str:
    return f"“{title}”"


def turnout(found: Finding, words: Words) -> str:
    sentence = words.ngettext(
        "{ballots} of {electors} elector voted.", "{ballots} of {electors} electors voted.", found.electors
    )
    return sentence.format(ballots=found.ballots, electors=found.electors)


def caveats(found: Finding, words: Words) -> list[str]:
    """What must stand beside the headline."""
    said = []
    if found.few:
        said.append(
            words.gettext("With fewer than ten ballots only the order and the tiers are published, no figures.")
        )
    if found.other_methods:
        names = ", ".join(method_name(name, words) for name in found.other_methods)
        said.append(words.gettext("Other methods would name other first three: {names}.").format(names=names))
    if found.other_weights:
        said.append(words.gettext("If each helix weighed the same, the top tier would be another one."))
    if found.minority_firsts:
        sentence = words.gettext("At least a fifth of the ballots put {titles} first, yet it ends in the lowest tier.")
        said += [sentence.format(titles=quoted(title)) for title in found.minority_firsts]
    if found.withheld:
        sentence = words.gettext("Not shown, because fewer than five gave an opinion: {titles}.")
        said.append(sentence.format(titles=", ".join(map(quoted, found.withheld))))
    return said


def method_name(name: str, words: Words) -> str:
    names = {
        "schulze": words.gettext("Schulze"),
        "schulze_margins": words.gettext("Schulze on margins"),
        "schulze_winning": words.gettext("Schulze on winning votes"),
        "borda": words.gettext("Borda"),
        "copeland": words.gettext("Copeland"),
        "kemeny": words.gettext("Kemeny"),
        "ranked_pairs": words.gettext("Ranked pairs"),
    }
    return names.get(name, name)


def why(reason: Reason | None, words: Words) -> str:
    """Why something is withheld; "" for no reason."""
    reasons = {
        Reason.FEWER_THAN_FIVE: words.gettext("not shown: fewer than five"),
        Reason.FEWER_THAN_TEN: words.gettext("no figures: fewer than ten"),
        Reason.PROTECTS_ANOTHER: words.gettext("not shown: it would give away a smaller group"),
        Reason.ALL_ALIKE: words.gettext("only the tier: all gave the same place"),
        Reason.REPEAT: words.gettext("only the tier: the round repeats an earlier one"),
        Reason.OPEN_BALLOTS: words.gettext("not shown: the ballots themselves are published"),
        Reason.BREAKDOWN: words.gettext("not published: the helices are shown instead"),
        Reason.HELIX_HIDDEN: words.gettext("not shown: a helix that voted is not shown"),
        Reason.SOME_NO_OPINION: words.gettext("not defined: some ballots hold “no opinion”"),
        Reason.NOTHING_TO_COMPARE: words.gettext("not defined: no ballot tells two challenges apart"),
    }
    return reasons[reason] if reason else ""


def band(name: str, words: Words) -> str:
    bands = {
        "very_weak": words.gettext("very weak"),
        "weak": words.gettext("weak"),
        "moderate": words.gettext("moderate"),
        "strong": words.gettext("strong"),
        "unusually_strong": words.gettext("unusually strong"),
    }
    return bands[name]


def level_in_percent(box: MethodBox) -> str:
    return f"{round(box.level * 100)} %"


def method(box: MethodBox, words: Words) -> list[str]:
    """How the ballots were counted, in plain words."""
    strength = {
        "margins": words.gettext("A majority is as strong as the difference between its two sides."),
        "winning": words.gettext("A majority is as strong as the number of ballots on its side."),
    }
    intervals = words.gettext(
        "The {level} interval of a rank comes from drawing the ballots again {resamples} times, with replacement. "
        "Neighbours share a tier unless one stands above the other in at least nine of ten of these draws. "
        "Each interval holds for its challenge alone, not for all of them together."
    )
    return [
        words.gettext(
            "Each elector ranked as many challenges as they wished; equal ranks were allowed. What was left out counts "
            "as no priority, below all that was ranked. Where an elector stated no opinion, the ballot says nothing on "
            "that challenge."
        ),
        words.gettext(
            "The Schulze method decides: A stands above B if more members put A before B; where such majorities run in "
            "a circle, the weakest link gives way. Equal places are shown as equal (2=) and listed by title."
        )
        + " "
        + strength[box.strength],
        intervals.format(level=level_in_percent(box), resamples=box.resamples),
    ]
