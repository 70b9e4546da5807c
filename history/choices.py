"""What a field's choices leave out is refused by the database too."""

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.constraints import DatabaseCheck

Record = TypeVar("Record", bound=type[models.Model])


def choices_checked(model: Record) -> Record:
    """Decorate a model: each text field with choices gets a check constraint `<model>_<field>_known`.

    Written out in `Meta` the values would stand twice, since it cannot see the choices beside it.
    """
    options = _options(model)
    options.original_attrs.setdefault("constraints", [])  # else migrations overlook those of a model without any
    options.constraints = [*options.constraints, *(_known(model, field) for field in checked_fields(model))]
    return model


def checked_fields(model: type[models.Model]) -> list[models.CharField[Any, Any]]:
    fields = _options(model).local_concrete_fields
    return [field for field in fields if isinstance(field, models.CharField) and field.choices]


def constraint_name(model: type[models.Model], field: models.CharField[Any, Any]) -> str:
    return f"{_options(model).model_name}_{field.name}_known"


def _options(model: type[models.Model]) -> Any:
    return model._meta  # noqa: SLF001 - documented, whatever the underscore says


def _known(model: type[models.Model], field: models.CharField[Any, Any]) -> models.CheckConstraint:
    values = [value for value, _label in field.flatchoices if value != ""]
    return DatabaseCheck(  # a form's or a record's own check reads the choices
        condition=models.Q(**{f"{field.name}__in": ["", *values] if field.blank else values}),
        name=constraint_name(model, field),
        violation_error_message=_("This is none of the choices."),
    )
