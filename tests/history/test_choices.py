"""A value that a field's choices leave out cannot be stored, by whatever way it comes."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from history.choices import checked_fields, constraint_name
from tests.factories import group
from workinggroups.models import WorkingGroup

ROOMS = {"history", "people", "notices", "workinggroups", "meetings", "challenges", "outcomes", "s3cop"}
OURS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]


@pytest.mark.parametrize("model", [model for model in OURS if checked_fields(model)])
def test_each_field_with_choices_has_its_check(model: type[models.Model]) -> None:
    names = [constraint.name for constraint in model._meta.constraints]
    assert [field.name for field in checked_fields(model) if names.count(constraint_name(model, field)) != 1] == []


@pytest.mark.django_db
def test_the_database_refuses_another_value() -> None:
    group()
    with pytest.raises(IntegrityError, match="workinggroup_status_known"):
        WorkingGroup.objects.update(status="asleep")
