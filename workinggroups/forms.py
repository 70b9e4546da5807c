"""What arrives at a group's pages, made clean: invitation, role, end of a membership, the group itself, joining."""

import re
from dataclasses import fields
from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from history.seen import remember
from people.forms import PersonForm
from people.models import Helix, Organisation, User
from workinggroups import approximate, criteria
from workinggroups.actions import Description, Identity
from workinggroups.models import Criterion, Invitation, Membership, WorkingGroup

LONGEST_PASSWORD = 500
NAMED = re.compile(r"^.*<([^<>]+)>$")  # Anna Silva <anna@example.org>
DAY = partial(forms.DateInput, {"type": "date"}, format="%Y-%m-%d")


class AddressesField(forms.CharField):
    """E-mail addresses as one has them: one a line, or as mail programs list them, with names or without."""

    widget = forms.Textarea({"rows": 3, "spellcheck": "false"})
    most = 100

    def clean(self, value: Any) -> list[str]:
        """Return each address once, in whatever case. Raises ValidationError that names those that are none."""
        text = super().clean(value)
        pieces = [piece.strip() for piece in re.split(r"[\n,;]", text) if piece.strip()]
        bare = [NAMED.sub(r"\1", piece) for piece in pieces]
        found = list({one.lower(): one for one in bare}.values())
        wrong = [one for one in found if not _is_address(one)]
        if wrong:
            raise ValidationError([_("%s is no e-mail address.") % one for one in wrong])
        if len(found) > self.most:
            raise ValidationError(_("Invite %d people at once, at most.") % self.most)
        return found


def _is_address(text: str) -> bool:
    try:
        forms.EmailField(max_length=254).clean(text)
    except ValidationError:
        return False
    return True


class InviteForm(forms.Form):
    email = AddressesField(
        label=_("E-mail addresses"),
        max_length=20_000,
        help_text=_("One a line, or separated by commas. All of them are invited in the role below."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)
    helix = forms.ChoiceField(
        label=_("Helix"),
        choices=[("", "–"), *Helix.choices],
        required=False,
        help_text=_("Suggested to the person, who can choose another."),
    )

    def __init__(self, *args: Any, roles: list[Membership.Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, roles)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)

    def __init__(self, data: Any = None, *, roles: list[Membership.Role], membership: Membership) -> None:
        super().__init__(data, initial={"role": membership.role})
        _offer(self, roles)
        remember(self)


def _offer(form: forms.Form, roles: list[Membership.Role]) -> None:
    """Leave only the roles that the person at the keyboard may hand out."""
    field = form.fields["role"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(role.value, role.label) for role in roles]


class PauseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Kept with the membership; not shown on public pages."),
    )


class EndForm(PauseForm):
    ended_on = forms.DateField(label=_("First day without membership"), widget=DAY())
    field_order = ["ended_on", "reason"]


class GroupForm(forms.Form):
    """What a group is and what its page says; a new group has not ended, so that is asked of others only."""

    name = forms.CharField(label=_("Name"), max_length=120)
    aliases = forms.CharField(
        label=_("Other names"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One a line. Addresses with these names lead to the group, too."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=WorkingGroup.Kind.choices, initial=WorkingGroup.Kind.WORKING_GROUP
    )
    criterion = forms.ChoiceField(label=_("Fulfilment criterion it works on"), required=False)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("What the group is about, for readers who never heard of it."),
    )
    aims = forms.CharField(
        label=_("Aims"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line."),
    )
    kicked_off = forms.CharField(
        label=_("Kick-off"),
        max_length=10,
        required=False,
        help_text=_("As exactly as it is known: 2023, 2023-06 or 2023-06-08."),
    )
    mandate_from = forms.DateField(label=_("Mandate from"), required=False, widget=DAY())
    mandate_until = forms.DateField(label=_("Mandate until"), required=False, widget=DAY())
    mandate_note = forms.CharField(
        label=_("Note on the mandate"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    target_meetings_per_year = forms.IntegerField(
        label=_("Meetings a year aimed at"), min_value=0, max_value=52, initial=2
    )
    contact_email = forms.EmailField(
        label=_("Address for answers to the group’s letters"), max_length=254, required=False
    )
    status = forms.ChoiceField(
        label=_("State"),
        choices=WorkingGroup.Status.choices,
        help_text=_("A group that has ended keeps its pages; nothing new is planned for it."),
    )

    def __init__(self, *args: Any, group: WorkingGroup | None = None, **kwargs: Any) -> None:
        if group is not None:
            kwargs["initial"] = described(group)
        super().__init__(*args, **kwargs)
        self.group = group
        self.criteria = criteria_known()
        chosen = self.fields["criterion"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [("", "–"), *((key, str(row)) for key, row in self.criteria.items())]
        if group is None:
            del self.fields["status"]
        else:
            remember(self)

    def clean_aims(self) -> list[str]:
        aims = lines(self.cleaned_data["aims"])
        longest = 250
        if any(len(aim) > longest for aim in aims):
            raise ValidationError(_("An aim may have %(longest)s characters at most."), params={"longest": longest})
        return aims

    def clean_aliases(self) -> list[str]:
        aliases = lines(self.cleaned_data["aliases"])
        longest = 120
        if any(len(alias) > longest for alias in aliases):
            raise ValidationError(_("A name may have %(longest)s characters at most."), params={"longest": longest})
        return aliases

    def clean_kicked_off(self) -> str:
        text: str = self.cleaned_data["kicked_off"]
        try:
            if text:
                approximate.first_day(text)
        except ValueError as error:
            raise ValidationError(_("Write a year, a month or a day, such as 2023, 2023-06 or 2023-06-08.")) from error
        return text

    def clean_criterion(self) -> Criterion | None:
        return self.criteria.get(self.cleaned_data["criterion"])

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or self.cleaned_data
        begins, ends = values.get("mandate_from"), values.get("mandate_until")
        if begins and ends and ends <= begins:
            self.add_error("mandate_until", _("The mandate must end after it begins."))
        if values.get("aliases"):
            self._check_aliases(values["aliases"])
        return values

    def _check_aliases(self, aliases: list[str]) -> None:
        try:
            WorkingGroup(pk=self.group.pk if self.group else None, aliases=aliases).clean()
        except ValidationError as error:
            self.add_error(None, error)

    def description(self) -> Description:
        return Description(**self._part(Description))

    def identity(self) -> Identity:
        return Identity(**self._part(Identity))

    def _part(self, of: type[Description | Identity]) -> dict[str, Any]:
        return {field.name: self.cleaned_data[field.name] for field in fields(of) if field.name in self.cleaned_data}


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def criteria_known() -> dict[str, Criterion]:
    """Return the criteria one can choose by their key: those of the regulation, and what is stored."""
    ours = [
        Criterion(number=number, title=title, period=criteria.PERIOD, legal_base=criteria.LEGAL_BASE)
        for number, title in enumerate(criteria.TITLES, start=1)
    ]
    known = {_key(row): row for row in (*ours, *Criterion.objects.all())}
    return dict(sorted(known.items()))


def _key(criterion: Criterion) -> str:
    return f"{criterion.period}/{criterion.number:02}"


def described(group: WorkingGroup) -> dict[str, Any]:
    """Return the initial values of the form."""
    values = {name: getattr(group, name) for name in GroupForm.base_fields}
    texts = {name: "\n".join(values[name]) for name in ("aims", "aliases")}
    return values | texts | {"criterion": _key(group.criterion) if group.criterion else ""}


class JoinForm(PersonForm):
    """An invited person without an account: who they are and their password."""

    password1 = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["helix"].initial = invitation.helix
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or self.cleaned_data
        self._check_passwords(values)
        if self.invitation.role == Membership.Role.MEMBER and not self._helix(values):
            self.add_error("helix", _("Choose the helix you speak for: the group counts its members by it."))
        if self.errors and not {"password1", "password2"} & self.errors.keys():
            self.add_error("password1", _("Type both passwords once more: they are never sent back."))
        return values

    def _check_passwords(self, values: dict[str, Any]) -> None:
        first, second = values.get("password1"), values.get("password2")
        if not first or not second:
            return
        if first != second:
            self.add_error("password2", _("The two passwords differ."))
        try:
            validate_password(first, User(email=self.invitation.email, display_name=values.get("display_name", "")))
        except ValidationError as error:
            self.add_error("password1", error)

    @staticmethod
    def _helix(values: dict[str, Any]) -> str:
        """The helix as it will be stored: the person's own or else that of the organisation."""
        organisation, kind = values.get("organisation"), values.get("new_organisation_kind")
        implied = Organisation.HELIX_OF.get(Organisation.Kind(kind), "") if kind else ""
        return values.get("helix") or (organisation.helix if organisation else implied)
