"""What a page shows of a date poll: each date with who could come, and which one is ahead."""

from collections import defaultdict
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import cautions, coverage, times
from meetings.models import DateAnswer, DatePoll, DateSlot, Meeting
from people.models import Helix, User


@dataclass(frozen=True)
class Line:
    """One proposed date as it stands."""

    slot: DateSlot
    when: str
    own_when: str
    coverage: coverage.Coverage
    answers: list[DateAnswer]
    cautions: list[str]

    @property
    def helices(self) -> list[str]:
        """The sides of the helix that could come, in the order used everywhere."""
        return [value for value in Helix.values if value in self.coverage.helices]

    @property
    def countries(self) -> list[str]:
        return sorted(self.coverage.countries)


def answers_of(poll: DatePoll) -> list[DateAnswer]:
    rows = DateAnswer.objects.filter(slot__poll=poll).select_related("user__region")
    return list(rows.order_by("user__display_name", "pk"))


def lines(poll: DatePoll, answers: list[DateAnswer], reader: User, *, warn: bool = False) -> list[Line]:
    """Return the dates in order; with `warn` also what speaks against each, one query or two for a date."""
    meeting, by_slot = poll.meeting, defaultdict(list)
    for answer in answers:
        by_slot[answer.slot_id].append(answer)
    own = ZoneInfo(reader.timezone)
    return [
        Line(
            slot=slot,
            when=times.span(slot.starts_at, slot.ends_at, meeting.zone),
            own_when=times.own_span(slot.starts_at, slot.ends_at, meeting.zone, own),
            coverage=coverage.of_date(slot.pk, map(_voice, by_slot[slot.pk])),
            answers=by_slot[slot.pk],
            cautions=cautions.of_time(_at(meeting, slot)) if warn else [],
        )
        for slot in poll.slots.order_by("starts_at", "pk")
    ]


def _voice(answer: DateAnswer) -> coverage.Voice:
    person = answer.user
    return coverage.Voice(answer.answer, person.helix, person.region.country if person.region else "")


def _at(meeting: Meeting, slot: DateSlot) -> Meeting:
    return Meeting(
        pk=meeting.pk,
        group_id=meeting.group_id,
        timezone=meeting.timezone,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
    )


def best_of(shown: list[Line]) -> tuple[int, str]:
    """Return the slot that is ahead and why, in a sentence; 0 and nothing while nobody could come to any."""
    found = coverage.best(line.coverage for line in shown)
    if found is None:
        return 0, ""
    ahead = found.coverage
    number = dict(zip(coverage.REASONS, ahead.score, strict=True)).get(found.ahead_by, 0)
    return ahead.key, _why(found.ahead_by, number, found.of_next)


def _why(reason: str, number: int, of_next: int) -> str:
    texts = {
        "helices": ngettext(
            "%(n)d side of the helix could come; to the next best date %(m)d.",
            "%(n)d sides of the helix could come; to the next best date %(m)d.",
            number,
        ),
        "countries": ngettext(
            "As many sides of the helix as for the next best date, and %(n)d country instead of %(m)d.",
            "As many sides of the helix as for the next best date, and %(n)d countries instead of %(m)d.",
            number,
        ),
        "people": ngettext(
            "Helix and countries are covered as well as by the next best date, and %(n)d person could come, not %(m)d.",
            "Helix and countries are covered as well as by the next best date, and %(n)d people could come, not %(m)d.",
            number,
        ),
        "yes": ngettext(
            "Covered as well as the next best date, and %(n)d person says yes without a “need be”, not %(m)d.",
            "Covered as well as the next best date, and %(n)d people say yes without a “need be”, not %(m)d.",
            number,
        ),
    }
    if reason not in texts:
        return _("As good as any other; the earliest comes first.")
    return texts[reason] % {"n": number, "m": of_next}
