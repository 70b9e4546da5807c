"""Loads regions, organisations, people, criteria, groups, and the deeds of joining and leaving."""

from collections.abc import Iterator
from functools import partial

from people.actions import Profile, create_account, install_regions
from people.models import Organisation, Region, User
from s3cop.demo.book import Book, Record, instant
from s3cop.demo.timeline import Deed
from workinggroups import approximate
from workinggroups.actions import add_member, end_membership
from workinggroups.models import Criterion, Membership, WorkingGroup

NOW = "2024"  # the current version of NUTS
DETAILS = {"cohesion_category": "cohesion_category", "lagging_type": "lagging_type", "name_local": "name_local"}


def person(email: str) -> User:
    return User.objects.get(email=email)


def everybody() -> dict[str, User]:
    """People by their address: whoever asks for many asks once."""
    return {user.email: user for user in User.objects.order_by("pk")}


def group(slug: str) -> WorkingGroup:
    return WorkingGroup.objects.get(slug=slug)


def office() -> User:
    """The secretariat's account."""
    return User.objects.filter(is_secretariat=True).order_by("pk")[0]


def load_community(book: Book) -> dict[str, int]:
    """Load everything that has no moment of its own; return how many records were new."""
    return {
        "regions": install_regions() + _regions(book),
        "organisations": _organisations(book),
        "people": _people(book),
        "criteria": sum(_criterion(record) for record in book.records("workinggroups.criteria")),
        "groups": sum(_group(record, book) for record in book.records("workinggroups.groups")),
    }


def _regions(book: Book) -> int:
    """Level 3 regions stand only in the demo file; of the others it knows the category."""
    known = {(row.code, row.version): row for row in Region.objects.order_by("pk")}
    told, before = [], len(known)
    for record in book.records("people.regions"):
        key = record["code"], record["nuts_version"]
        row = known.get(key) or _region(record, known[record["parent"], NOW] if record["parent"] else None)
        details = {field: record[name] or "" for field, name in DETAILS.items()} | {"is_outermost": record["outermost"]}
        for field, value in details.items():
            setattr(row, field, value)
        known[key] = row
        told.append(row)
    Region.objects.bulk_update(told, [*DETAILS, "is_outermost"])
    return len(known) - before


def _region(record: Record, parent: Region | None) -> Region:
    return Region.objects.create(
        code=record["code"],
        version=record["nuts_version"],
        level=record["level"],
        parent=parent,
        country=record["country"],
        name=record["name"],
        lon=record["lon"],
        lat=record["lat"],
    )


def _regions_of_now() -> dict[str | None, Region]:
    """Regions of the current version of NUTS by their code."""
    return {row.code: row for row in Region.objects.filter(version=NOW).order_by("pk")}


def _organisations(book: Book) -> int:
    known, places = set(Organisation.objects.order_by().values_list("slug", flat=True)), _regions_of_now()
    new = [
        Organisation(
            slug=record["key"],
            name=record["name"],
            kind=record["type"],
            helix=record["helix"] or "",
            region=places[record["region"]] if record["region"] else None,
            website=record["website"] or "",
        )
        for record in book.records("people.organisations")
        if record["key"] not in known
    ]
    return len(Organisation.objects.bulk_create(new))


def _people(book: Book) -> int:
    known, places = set(User.objects.order_by().values_list("email", flat=True)), _regions_of_now()
    homes = {home.slug: home for home in Organisation.objects.order_by("pk")}
    new = [record for record in book.records("people.users") if record["email"] not in known]
    for record in new:
        home = homes[record["organisation"]] if record["organisation"] else None
        _person(record, book, home, places[record["region"]] if record["region"] else None)
    return len(new)


def _person(record: Record, book: Book, organisation: Organisation | None, region: Region | None) -> None:
    """Only the accounts that are announced get the password, so that nobody signs in as somebody else by guessing."""
    profile = Profile(
        display_name=record["display_name"],
        organisation=organisation,
        helix=record["helix"] or "",
        region=region,
        language=record["language"],
        timezone=record["timezone"],
        show_name_publicly=record["show_name_publicly"],
    )
    password = book.password if record["email"] in book.accounts else None
    account = create_account(email=record["email"], password=password, profile=profile)
    if record["is_secretariat"]:
        User.objects.filter(pk=account.pk).update(is_secretariat=True)


def _criterion(record: Record) -> bool:
    values = {"title": record["title"], "legal_base": record["legal_base"]}
    key = {"number": record["number"], "period": record["period"]}
    return Criterion.objects.get_or_create(**key, defaults=values)[1]


def _group(record: Record, book: Book) -> bool:
    begun = approximate.first_day(record["kicked_off"])
    values = {
        "name": record["name"],
        "aliases": record["aliases"],
        "kind": record["kind"],
        "criterion": Criterion.objects.get(number=record["criterion"]),
        "kicked_off": record["kicked_off"],
        "mandate_from": begun,
        "mandate_until": begun.replace(year=begun.year + record["mandate_years"]),
        "mandate_note": record["mandate_note"] or "",
        "target_meetings_per_year": record["target_meetings_per_year"],
        "status": record["status"],
        "aims": record["aims"],
        "summary": record["summary"],
        "contact_email": book.accounts[0],
    }
    return WorkingGroup.objects.get_or_create(slug=record["slug"], defaults=values)[1]


def membership_deeds(book: Book) -> Iterator[Deed]:
    """Joining on the morning of the first day, leaving on the evening of the last."""
    people, groups = everybody(), {row.slug: row for row in WorkingGroup.objects.order_by("pk")}
    for record in book.records("workinggroups.memberships"):
        join = partial(_join, record, people[record["user"]], groups[record["group"]])
        yield Deed(instant(record["start"], hour=8), "memberships", join)
        if record["end"]:
            yield Deed(instant(record["end"], hour=23), "departures", partial(_leave, record))


def _join(record: Record, user: User, group: WorkingGroup) -> bool:
    if Membership.objects.filter(user=user, group=group).exists():
        return False
    start = instant(record["start"], hour=8)
    add_member(
        group=group,
        user=user,
        role=record["role"],
        started_on=approximate.first_day(record["start"]),
        by=None,
        now=start,
    )
    return True


def _leave(record: Record) -> bool:
    row = Membership.objects.filter(user__email=record["user"], group__slug=record["group"], ended_on=None).first()
    if row is None:
        return False
    end_membership(
        membership=row, by=office(), ended_on=approximate.first_day(record["end"]), now=instant(record["end"])
    )
    return True
