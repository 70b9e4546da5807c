"""Constraints for the database alone: what they refuse no form lets through and no action writes."""

from typing import Any

from django.db import models


class DatabaseCheck(models.CheckConstraint):
    """A check that a record does not make of itself: Django asks the database three statements for each."""

    def validate(self, *_: object, **__: object) -> None:
        """Leave it to whoever checks the form, and to the table."""

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        _path, args, values = super().deconstruct()
        return "django.db.models.CheckConstraint", args, values
