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

DETAILS = {"cohesion_category": "cohesion_category", "lagging_type": "lagging_type", "name_local": "name_local"}


def person(email: str) -> User:
    return User.objects.get(email=email)


def group(slug: str) -> WorkingGroup:
    return WorkingGroup.objects.get(slug=slug)


def office() -> User:
    """The secretariat's account."""
    return User.objects.filter(is_secretariat=True).order_by("pk")[0]


def region(code: str | None) -> Region | None:
    """A region of the current version of NUTS."""
    return Region.objects.get(code=code, version="2024") if code else None


def load_community(book: Book) -> dict[str, int]:
    """Load everything that has no moment of its own; return how many records were new."""
    return {
        "regions": install_regions() + sum(_region(record) for record in book.records("people.regions")),
        "organisations": sum(_organisation(record) for record in book.records("people.organisations")),
        "people": sum(_person(record, book) for record in book.records("people.users")),
        "criteria": sum(_criterion(record) for record in book.records("workinggroups.criteria")),
        "groups": sum(_group(record, book) for record in book.records("workinggroups.groups")),
    }


def _region(record: Record) -> bool:
    """Level 3 regions stand only in the demo file; of the others it knows the category."""
    values = {
        "level": record["level"],
        "parent": region(record["parent"]),
        "country": record["country"],
        "name": record["name"],
        "lon": record["lon"],
        "lat": record["lat"],
    }
    row, new = Region.objects.get_or_create(code=record["code"], version=record["nuts_version"], defaults=values)
    details = {field: record[name] or "" for field, name in DETAILS.items()} | {"is_outermost": record["outermost"]}
    Region.objects.filter(pk=row.pk).update(**details)
    return new


def _organisation(record: Record) -> bool:
    values = {
        "name": record["name"],
        "kind": record["type"],
        "helix": record["helix"] or "",
        "region": region(record["region"]),
        "website": record["website"] or "",
    }
    return Organisation.objects.get_or_create(slug=record["key"], defaults=values)[1]


def _person(record: Record, book: Book) -> bool:
    """Only the accounts that are announced get the password, so that nobody signs in as somebody else by guessing."""
    if User.objects.filter(email=record["email"]).exists():
        return False
    profile = Profile(
        display_name=record["display_name"],
        organisation=Organisation.objects.get(slug=record["organisation"]) if record["organisation"] else None,
        helix=record["helix"] or "",
        region=region(record["region"]),
        language=record["language"],
        timezone=record["timezone"],
        show_name_publicly=record["show_name_publicly"],
    )
    password = book.password if record["email"] in book.accounts else None
    account = create_account(email=record["email"], password=password, profile=profile)
    if record["is_secretariat"]:
        User.objects.filter(pk=account.pk).update(is_secretariat=True)
    return True


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
    for record in book.records("workinggroups.memberships"):
        yield Deed(instant(record["start"], hour=8), "memberships", partial(_join, record))
        if record["end"]:
            yield Deed(instant(record["end"], hour=23), "departures", partial(_leave, record))


def _join(record: Record) -> bool:
    rows = Membership.objects.filter(user__email=record["user"], group__slug=record["group"])
    if rows.exists():
        return False
    start = instant(record["start"], hour=8)
    add_member(
        group=group(record["group"]),
        user=person(record["user"]),
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
