"""What the forms of a publication offer to choose from."""

from typing import Any

import pytest

from outcomes.forms import PublicationForm
from outcomes.models import Edition
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db


def test_a_region_of_two_versions_is_offered_once_as_of_today() -> None:
    factories.region("PT", name="Portugal", version="2021")
    factories.region("PT16", name="Centro (PT)", version="2021")
    new = [factories.region("PT", name="Portugal"), factories.region("PT19", name="Centro")]
    form = PublicationForm(template=Edition.Template.LEAFLET, groups=WorkingGroup.objects.all())
    regions: Any = form.fields["regions"]
    assert sorted(regions.queryset, key=lambda region: region.pk) == new
