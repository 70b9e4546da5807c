"""Every address of the site that a round, its challenge, its group or its outcome can fill, for tests that read all."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from challenges.models import RankingRound
from outcomes.models import Edition, EditionFile

# Pages that say the same whatever the database holds, and one that tells the age of the heartbeat.
APART = {f"s3cop:{name}" for name in ("readyz", "styleguide", "privacy", "accessibility", "robots", "mailbox")}
APART |= {"api:schema"}
# What differs by the request or by the clock alone: tokens of forms, countdowns, the second of a harvest.
FRESH = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]+"|data-countdown datetime="[^"]+">[^<]*<'
    rb"|<responseDate>[^<]*</responseDate>|>Closes in [^<]*<"
    rb"|:[0-9A-Za-z]{6}:[0-9A-Za-z_-]{43}(?=\")"  # when a form's hidden state was signed, and the signature
)
THEIRS = ("admin:", "account_")
Fills = Mapping[str, Mapping[str, object]]


def steady(content: bytes) -> bytes:
    """Leave out what differs from one request to the next whatever the database holds."""
    return FRESH.sub(b"", content)


def filled(of: RankingRound, slug: str, edition: Edition | None = None) -> list[str]:
    """Return the addresses, without the admin and sign-in; `slug` is that of the challenge."""
    fills = _fills(of, slug, edition)
    found = []
    for name, parts in names(get_resolver().url_patterns):
        values = {"status": "parked", "code": of.room.code} | _values(name, fills)
        if set(parts) <= set(values) and name not in APART and not name.startswith(THEIRS):
            found.append(reverse(name, kwargs={part: values[part] for part in parts}))
    return list(dict.fromkeys([*found, *_downloads(edition)]))


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each named address with the names of its parts."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield prefix + pattern.name, list(pattern.pattern.regex.groupindex)


def _fills(of: RankingRound, slug: str, edition: Edition | None) -> Fills:
    """By room, in the API by record: what the parts of its addresses become."""
    group = {"slug": of.group.slug}
    challenge: dict[str, object] = {"slug": slug}
    round_: dict[str, object] = {"pk": of.pk}
    told = {"slug": edition.publication.slug, "version": edition.version} if edition else {}
    return {
        "workinggroups": group,
        "api:group": group,
        "challenges": challenge | round_,
        "api:challenge": challenge,
        "api:round": round_,
        "outcomes": told,
        "api:publication": told,
    }


def _values(name: str, fills: Fills) -> dict[str, object]:
    room, _, record = name.partition(":")
    return dict(fills.get(f"api:{record.partition('-')[0]}" if room == "api" else room, {}))


def _downloads(edition: Edition | None) -> list[str]:
    kinds = EditionFile.objects.filter(edition=edition).order_by("format").values_list("format", flat=True)
    fill = (edition.publication.slug, edition.version) if edition else ()
    return [reverse("outcomes:download", args=[*fill, kind]) for kind in kinds]
