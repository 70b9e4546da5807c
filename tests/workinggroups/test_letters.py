"""The letter of an invitation: to one address, with a link that opens, and only while it is of use."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client

from notices import delivery
from notices.models import Notice
from tests import factories
from workinggroups import actions
from workinggroups.models import Invitation, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def invited(email: str = "new@example.org", **group: object) -> Invitation:
    by = factories.secretariat(display_name="Sándor Δοκιμή")
    of = factories.group(name="Търсене & <b>search</b>", summary="What it is about.", **group)
    return actions.invite(group=of, email=email, role=Membership.Role.RAPPORTEUR, by=by)


def test_the_letter_names_group_role_and_inviter_and_its_link_opens(client: Client) -> None:
    invited(contact_email="group@example.org")
    delivery.deliver()
    (letter,) = mail.outbox
    assert (letter.to, letter.reply_to) == (["new@example.org"], ["group@example.org"])
    assert letter.subject == "Invitation to the working group Търсене & <b>search</b>"
    text, html = str(letter.body), str(letter.alternatives[0][0])  # type: ignore[attr-defined]
    for part in ("Sándor Δοκιμή", "WG Rapporteur", "What it is about."):
        assert part in text
        assert part in html
    assert "Търсене & <b>search</b>" in text
    assert "Търсене &amp; &lt;b&gt;search&lt;/b&gt;" in html
    link = re.search(r"http\S+(/join/\S+/)", text)
    assert link
    assert link[0] in html
    assert client.get(link[1]).status_code == 200


def test_somebody_with_an_account_is_asked_to_sign_in() -> None:
    factories.user(email="new@example.org", display_name="Old Friend")
    invited()
    delivery.deliver()
    (letter,) = mail.outbox
    assert letter.to == ["Old Friend <new@example.org>"]
    assert "Sign in and join" in str(letter.body)


def test_a_withdrawn_invitation_sends_no_letter() -> None:
    invitation = invited()
    actions.withdraw_invitation(invitation=invitation, by=invitation.invited_by)
    delivery.deliver()
    assert not mail.outbox
    assert (Notice.objects.get().state, Notice.objects.get().reason) == ("skipped", "no longer open")


def test_a_letter_later_than_its_invitation_is_not_sent() -> None:
    invitation = invited()
    delivery.deliver(now=invitation.expires_at + dt.timedelta(seconds=1))
    assert not mail.outbox
    assert Notice.objects.get().state == "skipped"
