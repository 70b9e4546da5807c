"""What people say about themselves, made clean: profile, organisation, region, time zone, consent to be named."""

from collections import defaultdict
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.actions import NewOrganisation, Profile
from people.models import Helix, Organisation, Region, User, zone_names

Grouped = list[tuple[str, list[tuple[str, str]]]]
LEVELS = (0, 2, 3)  # a strategy belongs to a country or to a region; level 1 has none


def region_choices() -> Grouped:
    """Regions of today under their country's name, the whole country first."""
    regions = Region.objects.current().filter(level__in=LEVELS).order_by("country", "level", "name", "pk")
    countries: dict[str, str] = {}
    grouped: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, country, level, name in regions.values_list("code", "country", "level", "name"):
        if level == 0:
            countries[country] = name
        grouped[countries.get(country, country)].append((code, f"{name} ({code})"))
    return [("", [("", "–")]), *sorted(grouped.items())] if grouped else [("", [("", "–")])]


def zone_choices() -> Grouped:
    """Time zones by continent, Europe first."""
    grouped: dict[str, list[tuple[str, str]]] = {"Europe": []}
    for name in sorted(zone_names()):
        area, _slash, place = name.partition("/")
        if place and area != "Etc":
            grouped.setdefault(area, []).append((name, place.replace("_", " ")))
    return [*grouped.items(), ("UTC", [("UTC", "UTC")])]


class PersonForm(forms.Form):
    """Who a person is: asked when they join, and again on the account page."""

    display_name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.order_by("name", "pk"),
        required=False,
        empty_label="–",
        error_messages={"invalid_choice": _("Choose one of the list, or name a new organisation below.")},
    )
    new_organisation = forms.CharField(
        label=_("Organisation that is not in the list"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    new_organisation_kind = forms.ChoiceField(
        label=_("Its type"), choices=[("", "–"), *Organisation.Kind.choices], required=False
    )
    helix = forms.ChoiceField(
        label=_("Helix"),
        choices=[("", "–"), *Helix.choices],
        required=False,
        help_text=_("Whom you speak for. Left open, it follows from the type of your organisation."),
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    show_name_publicly = forms.BooleanField(
        label=_("List my name, organisation and region on the public pages of my groups"),
        required=False,
        help_text=_("Otherwise you are only counted. You can change this at any time; it holds at once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        if isinstance(region, forms.ChoiceField):
            region.choices = region_choices()  # once: a callable would be asked again by the widget

    def clean_region(self) -> Region | None:
        code = self.cleaned_data["region"]
        return Region.objects.current().get(code=code) if code else None

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or self.cleaned_data
        named, kind = values.get("new_organisation"), values.get("new_organisation_kind")
        if named and values.get("organisation"):
            self.add_error("new_organisation", _("Choose from the list or name a new organisation, not both."))
        if named and not kind and "new_organisation_kind" not in self.errors:
            self.add_error("new_organisation_kind", _("Say what type of organisation this is."))
        return values

    def profile(self) -> Profile:
        """Return what the valid form says."""
        values = self.cleaned_data
        organisation = values["organisation"]
        if values["new_organisation"]:
            organisation = NewOrganisation(values["new_organisation"], values["new_organisation_kind"])
        own = {name: values[name] for name in vars(Profile("")) if name in values}
        return Profile(**own | {"organisation": organisation})


class ProfileForm(PersonForm):
    """The account page: also the language of letters and the own time zone."""

    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES, initial="en")
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        initial="Europe/Brussels",
        help_text=_("Meeting times are shown in the meeting’s zone, and beside it in yours."),
    )


def profile_of(user: User) -> dict[str, Any]:
    """Return the initial values of the form; a region of an older version shows as today's."""
    region = Region.objects.resolve(user.region.code) if user.region else None
    own = {name: getattr(user, name) for name in vars(Profile("")) if name != "organisation"}
    return own | {"region": region.code if region else "", "organisation": user.organisation_id}
