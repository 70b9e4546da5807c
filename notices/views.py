"""What the secretariat does with letters."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notices import actions, rules
from notices.ledger import WrongState
from notices.models import Notice
from people.models import User


def came_from(request: HttpRequest) -> str:
    """Return the page named in the form's `next`, if it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed letter again."""
    person = request.user
    if not (isinstance(person, User) and rules.can_retry(person)):
        raise Http404
    notice = get_object_or_404(Notice.objects.visible_to(person), pk=pk)
    try:
        actions.retry(notice=notice, by=person)
    except WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The letter is tried again within a minute."))
    return redirect(came_from(request))
