"""Comments on a challenge and support for it, as the group sees and gives them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from challenges import actions, rules
from challenges.actions.voices import SETTLED
from challenges.errors import Refused
from challenges.forms import CommentForm
from challenges.models import Challenge, ChallengeComment, Support
from challenges.views.doors import confirmed, person, posted, refuse
from people.models import User


@dataclass(frozen=True)
class Heard:
    """What the group said of a challenge. form: None where the reader may not comment; mine: own support, or None."""

    comments: list[ChallengeComment]
    supporters: int
    mine: bool | None
    form: CommentForm | None
    removable: set[int]


def heard(challenge: Challenge, reader: User, *, steers: bool) -> Heard:
    """Return it for a reader within the group; `steers`: who may remove what others wrote."""
    supports = challenge.status not in SETTLED and rules.can_support(reader, challenge)
    comments_too = supports or (challenge.status not in SETTLED and rules.can_comment(reader, challenge))
    supporters = list(Support.objects.filter(challenge=challenge).order_by("pk").values_list("by", flat=True))
    comments = list(challenge.comments.select_related("by", "challenge__group").order_by("at", "pk"))
    return Heard(
        comments=comments,
        supporters=len(supporters),
        mine=reader.pk in supporters if supports else None,
        form=CommentForm() if comments_too else None,
        removable={comment.pk for comment in comments if steers or comment.by_id == reader.pk},
    )


def comment(request: HttpRequest, slug: str) -> HttpResponse:
    challenge, user = _seen(request, slug)
    if not rules.can_comment(user, challenge):
        refuse(user, challenge.group, _("Observers read; members, leaders and rapporteurs comment."))
    form = CommentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.comment_on_challenge(challenge=challenge, by=user, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your comment stands below."))
            return redirect(challenge)
    page = {"title": _("Comment on “%s”") % challenge, "overline": challenge.group.name, "submit": _("Comment")}
    return render(request, "challenges/form.html", {"form": form, "cancel_url": challenge.get_absolute_url(), **page})


def remove_comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    challenge, user = _seen(request, slug)
    found = get_object_or_404(challenge.comments.select_related("by", "challenge__group"), pk=pk)
    if not rules.can_remove(user, found):
        refuse(user, challenge.group, _("Whoever wrote a comment removes it, or the leaders of the group do."))
    page = {
        "title": _("Remove this comment?"),
        "text": found.text,
        "submit": _("Remove"),
        "danger": True,
        "cancel_url": challenge.get_absolute_url(),
    }
    return confirmed(
        request, lambda _form: actions.remove_comment(comment=found, by=user), page=page, done=_("It is removed.")
    )


def support(request: HttpRequest, slug: str) -> HttpResponse:
    """Support a challenge, or take that back."""
    challenge, user = _seen(request, slug)
    if not rules.can_support(user, challenge):
        refuse(user, challenge.group, _("Members, leaders and rapporteurs of the group support challenges."))
    mine = Support.objects.filter(challenge=challenge, by=user).exists()
    page = {
        "title": (_("Withdraw your support of “%s”?") if mine else _("Support “%s”?")) % challenge,
        "text": _("The group sees how many support a challenge. It is no ballot: rounds decide the order."),
        "submit": _("Withdraw") if mine else _("Support"),
        "cancel_url": challenge.get_absolute_url(),
    }
    step = actions.withdraw_support if mine else actions.support_challenge
    done = _("Your support is withdrawn.") if mine else _("You support this challenge.")
    return confirmed(request, lambda _form: step(challenge=challenge, by=user), page=page, done=done)


def _seen(request: HttpRequest, slug: str) -> tuple[Challenge, User]:
    user = person(request)
    return get_object_or_404(Challenge.objects.visible_to(user).select_related("group"), slug=slug), user
