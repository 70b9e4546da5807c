"""What somebody types to follow outcomes by e-mail."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge
from outcomes.actions.following import Wish
from outcomes.models import Follower
from workinggroups.models import WorkingGroup

EVERYTHING = ""
Choices = list[tuple[str, Any]]


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Used for these letters alone, and forgotten when you leave."),
    )
    about = forms.ChoiceField(label=_("Letters about"), required=False, choices=[])
    cadence = forms.ChoiceField(
        label=_("How often"), choices=Follower.Cadence, initial=Follower.Cadence.EACH, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)  # noqa: S101 - as declared above
        about.choices = offered

    @property
    def wish(self) -> Wish:
        kind, _sep, slug = self.cleaned_data["about"].partition(":")
        language = get_language()
        return Wish(
            email=self.cleaned_data["email"],
            group=WorkingGroup.objects.get(slug=slug) if kind == "group" else None,
            topic=Challenge.objects.get(slug=slug) if kind == "topic" else None,
            cadence=self.cleaned_data["cadence"],
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        )


def offered() -> Choices:
    """Everything, the groups, and the clusters of challenges."""
    groups = WorkingGroup.objects.order_by("name", "pk").values_list("slug", "name")
    topics = Challenge.objects.published().rankable().clusters().order_by("title", "pk").values_list("slug", "title")
    every: tuple[str, str | Promise] = (EVERYTHING, _("Everything that is published"))
    return [
        every,
        (str(_("One working group")), [(f"group:{slug}", name) for slug, name in groups]),
        (str(_("One topic")), [(f"topic:{slug}", title) for slug, title in topics]),
    ]
