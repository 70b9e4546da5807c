"""Reads the demo file: moves relative dates to today, knows the sections of later parts, refuses the unknown."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).with_name("demo.json")
Record = dict[str, Any]

# Sections whose entities the portal does not have yet. Anything that stands neither here nor in SECTIONS is an error.
LATER = {
    "workinggroups.calls",
    "workinggroups.applications",
    "solutions.practices",
    "solutions.solutions",
    "solutions.deployments",
    "solutions.indicators",
    "solutions.measurements",
    "cooperation.priorities",
    "cooperation.measures",
    "cooperation.needs_offers",
    "cooperation.cases",
    "cooperation.support_requests",
    "cooperation.activities",
}
# Loaded sections with the fields that are read. `expected` and `provenance` are for people and tests only.
SECTIONS = {
    "people.users": "email display_name organisation helix region language timezone is_secretariat show_name_publicly",
    "people.regions": "code level nuts_version parent country name name_local label_en predecessors lon lat outermost"
    " cohesion_category lagging_type s3_level",
    "people.organisations": "key name type helix region website",
    "notices.preferences": "user language digest channels",  # language and rhythm say what profile and channels say
    "workinggroups.criteria": "number title group period legal_base",
    "workinggroups.groups": "slug name aliases kind criterion kicked_off mandate_years target_meetings_per_year status"
    " aims summary mandate_note",
    "workinggroups.memberships": "user group role start end status",
    "meetings.meetings": "slug group title starts_at ends_at approx_date timezone mode place join_url state days_ahead"
    " reply_by cancel_reason",
    "meetings.agenda": "meeting position title minutes lead links",
    "meetings.invitations": "meeting user reply attended substitute",
    "meetings.minutes": "meeting revision state by language approved_on body",
    "meetings.decisions": "key meeting text links",
    "meetings.actions": "key meeting text owner due state done_on reason",
    "meetings.materials": "key meeting title kind access language version url",
    "meetings.date_polls": "key meeting state closes_at options answers",
    "meetings.reminder_rules": "group offset kind to",
    "challenges.challenges": "slug group parent position title description nature origin status merged_into in_charge",
    "challenges.events": "challenge kind at by reason meeting round",
    "challenges.rounds": "key group meeting follows title question state opens_at closes_at closed_at published_at"
    " elector_roles method strength identify_phase keep_link unlinked options electors ballots",
    "challenges.focuses": "key group round meeting decided_on decided_by entries reason",
    "outcomes.references": "key type title authors year publisher series doi isbn report_no groups",
    "outcomes.publications": "slug type title abstract plain_summary groups challenges state",
    "outcomes.webinars": "slug kind series position title starts_at ends_at approx_date timezone place groups"
    " challenges sources participants recording_url has_captions has_transcript state",
    "outcomes.editions": "publication version language licence published_on sources change_note state formats"
    " written_by approved_by",
}
UNREAD = {"provenance", "provenance_note", "unverified", "relative", "expected"}
TOP = {"meta", "taxonomies"}


class UnknownDemoDataError(ValueError):
    """The file holds something the loader has never heard of."""


@dataclass(frozen=True)
class Book:
    """The demo file as it stands on one day. Local times are those of each record's zone."""

    content: dict[str, Any]
    today: dt.date

    @classmethod
    def open(cls, today: dt.date, path: Path = FILE) -> "Book":
        """Read and check the file; raises UnknownDemoDataError."""
        book = cls(json.loads(path.read_text("utf-8")), today)
        book.check()
        return book

    @property
    def shift(self) -> dt.timedelta:
        """Whole weeks between the day the file was written for and today, so that weekdays stay."""
        written = dt.date.fromisoformat(self.content["meta"]["reference_day"])
        return dt.timedelta(weeks=(self.today - written).days // 7)

    @property
    def password(self) -> str:
        return str(self.content["meta"]["demo_password"])

    @property
    def accounts(self) -> list[str]:
        """The addresses that can sign in with that password; the first is the secretariat's."""
        return list(self.content["meta"]["accounts"])

    def check(self) -> None:
        for room, sections in self.content.items():
            for name, records in {} if room in TOP else sections.items():
                self._check_section(f"{room}.{name}", records)

    @staticmethod
    def _check_section(section: str, records: list[Record]) -> None:
        if section in LATER:
            return
        if section not in SECTIONS:
            raise UnknownDemoDataError(f"section {section} is neither loaded nor on the list of later parts")
        known = set(SECTIONS[section].split()) | UNREAD
        for record in records:
            if unknown := set(record) - known:
                raise UnknownDemoDataError(f"{section}: unknown field {', '.join(sorted(unknown))}")

    def records(self, section: str) -> Iterator[Record]:
        """Yield the records with the dates of relative ones moved; fields that are not read are left out."""
        room, name = section.split(".")
        fields = SECTIONS[section].split()
        for record in self.content[room][name]:
            moved = self._moved(record) if record.get("relative") else record
            yield {field: moved.get(field) for field in fields} | {"relative": bool(record.get("relative"))}

    def _moved(self, record: Record) -> Record:
        return {key: self._move(value) for key, value in record.items()}

    def _move(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._move(item) for item in value]
        if isinstance(value, dict):
            return self._moved(value)
        return shifted(value, self.shift) if isinstance(value, str) else value


def shifted(text: str, by: dt.timedelta) -> str:
    """Return the date or time in `text` moved; a month moves from its first day and stays a month; other text stays."""
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y-%m"):
        try:
            return (dt.datetime.strptime(text, form) + by).strftime(form)  # noqa: DTZ007 - local times have no zone yet
        except ValueError:
            continue
    return text


def moment(text: str | None, zone: str = "Europe/Brussels") -> dt.datetime | None:
    """Return the local time as an aware time in UTC, or None."""
    return instant(text, zone) if text else None


def instant(text: str, zone: str = "Europe/Brussels", *, hour: int = 12) -> dt.datetime:
    """Return the local time as an aware time in UTC; of a month the first day, of a day the given hour."""
    day, _, clock = text.partition("T")
    padded = day if len(day) > len("2023-11") else f"{day}-01"
    local = dt.datetime.fromisoformat(f"{padded}T{clock or f'{hour:02}:00'}")
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
