"""What arrives at a group's pages, made clean: invitation, role, end of a membership, description, joining."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from history.seen import given, remember
from people.forms import PersonForm
from people.models import Helix, Organisation, User
from workinggroups.actions import Description
from workinggroups.models import Invitation, Membership, WorkingGroup

LONGEST_PASSWORD = 500


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
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

    def __init__(self, *args: Any, roles: list[Membership.Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, roles)


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
    ended_on = forms.DateField(
        label=_("First day without membership"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["ended_on", "reason"]


class DescriptionForm(forms.Form):
    summary = forms.CharField(label=_("Summary"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4}))
    aims = forms.CharField(
        label=_("Aims"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line."),
    )
    target_meetings_per_year = forms.IntegerField(label=_("Meetings a year aimed at"), min_value=0, max_value=52)
    contact_email = forms.EmailField(
        label=_("Address for answers to the group’s letters"), max_length=254, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remember(self)

    def clean_aims(self) -> list[str]:
        aims = [line.strip() for line in self.cleaned_data["aims"].splitlines() if line.strip()]
        longest = 250
        if any(len(aim) > longest for aim in aims):
            raise ValidationError(_("An aim may have %(longest)s characters at most."), params={"longest": longest})
        return aims

    def description(self) -> Description:
        return Description(**given(self))


def description_of(group: WorkingGroup) -> dict[str, Any]:
    """Return the initial values of the form."""
    values = {name: getattr(group, name) for name in DescriptionForm.base_fields}
    return values | {"aims": "\n".join(group.aims)}


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
