"""The verbs of this room: install the regions, create an account, change a profile."""

import datetime as dt
from dataclasses import dataclass, replace

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from history.actions import move_content_version, record
from history.locks import ORGANISATIONS, lock_exclusive
from history.names import numbered
from people import nuts
from people.models import Organisation, Region, User

FROM_FILE = ["level", "parent", "country", "name", "name_local", "lon", "lat"]
SHOWN_TO_ALL = {"display_name", "organisation", "helix", "region", "show_name_publicly"}


class AddressTakenError(Exception):
    """An account with this address exists."""

    def __str__(self) -> str:
        return _("There is already an account with this e-mail address.")


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation that is not in the list yet; one of the same name is used instead."""

    name: str
    kind: str


@dataclass(frozen=True)
class Profile:
    """What a person says about themselves. Without a helix the organisation's counts."""

    display_name: str
    organisation: Organisation | NewOrganisation | None = None
    helix: str = ""
    region: Region | None = None
    language: str = "en"
    timezone: str = "Europe/Brussels"
    show_name_publicly: bool = False


@transaction.atomic
def install_regions() -> int:
    """Install countries, level 1 and level 2 of NUTS 2024 and 2021; return how many rows are new.

    Safe to repeat: only what differs from the files is written, and pages are built anew only then.
    """
    nodes, before = nuts.nodes(), Region.objects.count()
    written = sum(_install([node for node in nodes if node.level == level]) for level in (0, 1, 2))
    if written + _link(nodes):
        move_content_version()
    return Region.objects.count() - before


def _ids() -> dict[tuple[str, str], int]:
    return {(code, version): pk for code, version, pk in Region.objects.values_list("code", "version", "pk")}


def _install(nodes: list[nuts.Node]) -> int:
    """Write the nodes of one level whose rows are not there or say something else; return how many."""
    parents, stored = _ids(), set(Region.objects.values_list("code", "version", *FROM_FILE))
    rows = [_region(node, parents.get((node.parent, node.version))) for node in nodes]
    fresh = [row for row in rows if (row.code, row.version, *_said(row)) not in stored]
    Region.objects.bulk_create(fresh, update_conflicts=True, unique_fields=["code", "version"], update_fields=FROM_FILE)
    return len(fresh)


def _region(node: nuts.Node, parent: int | None) -> Region:
    lon, lat = node.point or (None, None)
    own = {name: getattr(node, name) for name in ("code", "version", "level", "country", "name", "name_local")}
    return Region(**own, parent_id=parent, lon=lon, lat=lat)


def _said(row: Region) -> tuple[object, ...]:
    return tuple(getattr(row, "parent_id" if name == "parent" else name) for name in FROM_FILE)


def _link(nodes: list[nuts.Node]) -> int:
    """Tie regions to those they came from; return how many ties are new."""
    links, ids = Region.predecessors.through, _ids()
    pairs = {(ids[node.code, node.version], ids[old, nuts.OLD]) for node in nodes for old in node.predecessors}
    fresh = pairs - set(links.objects.values_list("from_region_id", "to_region_id"))
    rows = [links(from_region_id=new, to_region_id=old) for new, old in sorted(fresh)]
    links.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def create_account(
    *, email: str, password: str | None, profile: Profile, by: User | None = None, now: dt.datetime | None = None
) -> User:
    """Create a person whose address is known to be theirs. Without `by` they did it themselves.

    Without a password nobody can sign in until one is set by a link. Raises AddressTakenError.
    """
    values = vars(_settled(profile, by=by))
    user = _insert(email, password, **values)
    record(user, "joined", by=by or user, at=now)
    if user.show_name_publicly:
        record(user, "agreed_to_be_named", by=by or user, at=now)
    return user


@transaction.atomic
def create_secretariat(*, email: str, display_name: str) -> User:
    """Create an account of the secretariat without a password. Raises AddressTakenError."""
    user = _insert(email, None, display_name=display_name, is_secretariat=True)
    record(user, "joined", payload={"is_secretariat": True})
    return user


def _insert(email: str, password: str | None, **values: object) -> User:
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AddressTakenError
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, **values)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError as error:  # somebody was faster
        raise AddressTakenError from error
    return user


@transaction.atomic
def update_profile(*, user: User, profile: Profile, by: User, now: dt.datetime | None = None) -> list[str]:
    """Write the profile; return the names of the fields that changed. A withdrawn consent holds at once."""
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    values = vars(_settled(profile, by=by))
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        return changed
    for name in changed:
        setattr(person, name, values[name])
    person.save(update_fields=changed)
    record(person, "profile_changed", by=by, payload={"fields": changed}, at=now)
    if "show_name_publicly" in changed:
        verb = "agreed_to_be_named" if person.show_name_publicly else "withdrew_name"
        record(person, verb, by=by, at=now)
    if SHOWN_TO_ALL.intersection(changed):
        move_content_version()
    return changed


def _settled(profile: Profile, *, by: User | None) -> Profile:
    """Return the profile with a stored organisation and, where the person named none, its helix."""
    organisation = profile.organisation
    if isinstance(organisation, NewOrganisation):
        organisation = _organisation(organisation, region=profile.region, by=by)
    helix = profile.helix or (organisation.helix if organisation else "")
    return replace(profile, organisation=organisation, helix=helix)


def _organisation(new: NewOrganisation, *, region: Region | None, by: User | None) -> Organisation:
    lock_exclusive(ORGANISATIONS, 0)  # two who add the same at once: the second finds what the first added
    known = Organisation.objects.filter(name__iexact=new.name).order_by("pk").first()
    if known:
        return known
    kind = Organisation.Kind(new.kind)
    organisation = Organisation.objects.create(
        slug=_free_slug(new.name), name=new.name, kind=kind, helix=Organisation.HELIX_OF.get(kind, ""), region=region
    )
    record(organisation, "added", by=by)
    return organisation


def _free_slug(name: str) -> str:
    stem = slugify(name)[:70].strip("-") or "organisation"  # a name in Greek letters leaves nothing
    taken = set(Organisation.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return numbered(stem, taken)
