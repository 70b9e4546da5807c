"""The page of one's own account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from people.actions import update_profile
from people.forms import ProfileForm, profile_of
from people.sessions import person


def account(request: HttpRequest) -> HttpResponse:
    """Profile and privacy: GET shows, POST changes."""
    user = person(request)
    form = ProfileForm(request.POST or None, initial=profile_of(user))
    if request.method == "POST" and form.is_valid():
        changed = update_profile(user=user, profile=form.profile(), by=user)
        messages.success(request, _("Your profile was saved.") if changed else _("Nothing was changed."))
        return redirect("people:account")
    memberships = user.memberships.select_related("group").order_by("status", "group__name", "pk")
    context = {
        "form": form,
        "person": user,
        "memberships": memberships,
        "calendar_address": getattr(user, "calendar_address", None),
    }
    return render(request, "people/account.html", context)
