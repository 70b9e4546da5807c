"""What every page asks of somebody signed in, written once: what the session holds, and whose account that is."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import BigIntegerField, CharField, DateTimeField
from django.utils import timezone

from history.prepared import Key, Prepared
from people.models import User

SESSION = Prepared(
    lambda: Session.objects.filter(session_key=Key("key", CharField()), expire_date__gt=Key("now", DateTimeField()))
)
ACCOUNT = Prepared(lambda: User.objects.filter(pk=Key("pk", BigIntegerField())).order_by())


class SessionStore(db.SessionStore):
    """Django's sessions in the database. The settings name this module, Django this class."""

    def load(self) -> dict[str, Any]:
        for row in SESSION.ask(key=self.session_key, now=timezone.now()):
            kept: dict[str, Any] = self.decode(row.session_data)
            return kept
        self._session_key = None
        return {}


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # its package has no types
    """The sign-in of django-allauth."""

    def get_user(self, user_id: int) -> User | None:
        return next((found for found in ACCOUNT.ask(pk=user_id) if self.user_can_authenticate(found)), None)
