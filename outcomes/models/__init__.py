"""Publications with their numbered editions, what each was built from and its files; works of others; followers."""

from outcomes.models.editions import Edition, EditionQuerySet
from outcomes.models.followers import Follower
from outcomes.models.parts import EditionComment, EditionFile, EditionSource
from outcomes.models.publications import Publication, PublicationQuerySet
from outcomes.models.references import Reference, ReferenceQuerySet

__all__ = [
    "Edition",
    "EditionComment",
    "EditionFile",
    "EditionQuerySet",
    "EditionSource",
    "Follower",
    "Publication",
    "PublicationQuerySet",
    "Reference",
    "ReferenceQuerySet",
]
