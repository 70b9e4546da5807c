"""What a secretariat does first in a portal with nothing in it: shown at the desk until each step was taken once."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from challenges.models import Challenge, RankingRound
from meetings.models import Meeting
from workinggroups.models import Invitation, Membership, WorkingGroup


@dataclass(frozen=True)
class Step:
    """`address` is empty as long as the step before is missing."""

    title: str
    text: str
    address: str
    is_done: bool


def first_steps() -> list[Step]:
    """Return all steps in their order, in one query; none when each was taken by some group."""
    groups = list(_told())
    steps = [_step(number, groups) for number in range(len(_words()))]
    return [] if all(step.is_done for step in steps) else steps


def _told() -> QuerySet[WorkingGroup]:
    own = {
        name: Exists(model._default_manager.filter(group=OuterRef("pk")))  # noqa: SLF001 - documented
        for name, model in {
            "asks": Invitation,
            "has_people": Membership,
            "has_challenges": Challenge,
            "meets": Meeting,
            "ranks": RankingRound,
        }.items()
    }
    return WorkingGroup.objects.active().annotate(**own).order_by("pk")


def _words() -> list[tuple[str, str]]:
    return [
        (_("Set up a working group"), _("Its name, the criterion it works on, its mandate. It gets a public page.")),
        (_("Invite its people"), _("Leader, rapporteur and members get a letter with a link to join.")),
        (_("Write its challenges down"), _("What holds the regions back, one by one. Members can name more.")),
        (_("Schedule its first meeting"), _("All members are invited by letter, with an entry for their calendar.")),
        (_("Plan a ranking round"), _("The members rank the challenges; the result becomes the first publication.")),
    ]


def _step(number: int, groups: list[WorkingGroup]) -> Step:
    title, text = _words()[number]
    taken = [group for group in groups if _has_taken(number, group)]
    return Step(title, text, "" if taken else _address(number, groups), bool(taken))


def _has_taken(number: int, group: WorkingGroup) -> bool:
    told = vars(group)
    people = told["asks"] or told["has_people"]
    return bool([True, people, told["has_challenges"], told["meets"], told["ranks"]][number])


def _address(number: int, groups: list[WorkingGroup]) -> str:
    if not number:
        return reverse("workinggroups:new")
    if not groups:
        return ""
    slug = groups[0].slug
    if number == 1:
        return reverse("workinggroups:invite", args=[slug])
    names = {2: "challenges:new", 3: "meetings:new", 4: "challenges:round_new"}
    return f"{reverse(names[number])}?group={slug}"
