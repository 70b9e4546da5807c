"""What happened to a letter, in words for the secretariat: errors of mail servers, reasons, times."""

import re

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.models import Notice

State = Notice.State
# The name of the error that stopped a letter, or the beginning of its text -> what it means.
MEANINGS = {
    "SMTPRecipientsRefused": gettext_lazy("The recipient’s mail server refused the address"),
    "SMTPSenderRefused": gettext_lazy("The mail server refused us as the sender"),
    "SMTPDataError": gettext_lazy("The mail server did not take the letter"),
    "SMTPAuthenticationError": gettext_lazy("The mail server refused our password"),
    "SMTPServerDisconnected": gettext_lazy("The mail server hung up"),
    "SMTPConnectError": gettext_lazy("The mail server did not let us in"),
    "ConnectionRefusedError": gettext_lazy("The mail server could not be reached"),
    "ConnectionResetError": gettext_lazy("The mail server hung up"),
    "TimeoutError": gettext_lazy("The mail server did not answer in time"),
    "gaierror": gettext_lazy("The mail server’s name is unknown"),
    "NotAccepted": gettext_lazy("The mail server did not take the letter"),
    "Every worker that tried to send this letter died": gettext_lazy("Every worker that tried to send it died"),
}
CODE = re.compile(r"\b([245]\d\d)\b")


def of_error(error: str) -> str:
    """Return what a stored error means, with the server's code where it gave one."""
    for name, meaning in MEANINGS.items():
        if error.startswith(name):
            code = CODE.search(error)
            return f"{meaning} ({code.group()})" if code else str(meaning)
    return _("The letter could not be written: %(error)s") % {"error": error[:120]} if error else ""


def of_notice(notice: Notice) -> str:
    """Return why the letter is where it is; nothing where its state says it all."""
    if notice.reason:
        return _(notice.reason)
    if notice.state == State.FAILED:
        return of_error(notice.last_error)
    if notice.state != State.DUE:
        return ""
    if notice.last_error:
        return _("Tried %(n)d times. %(error)s") % {"n": notice.attempts, "error": of_error(notice.last_error)}
    if notice.digest_id:
        return _("Leaves with the person’s digest")
    return _("Held for the person’s quiet hours") if notice.next_try_at > notice.due_at else ""


def of_moment(notice: Notice) -> str:
    """Return when it happened, or will, in the reader's zone."""
    moment = notice.sent_at or notice.skipped_at or notice.failed_at or notice.next_try_at
    return date_format(localtime(moment), "j F Y, H:i T")
