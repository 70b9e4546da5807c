"""What stands on the back of a title page: who made it, where the data are, the licence, how to cite it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from outcomes.doi import doi_address
from outcomes.nodes import Fact, Facts
from outcomes.wording import Words

Plain = Mapping[str, Any]
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def numbered(edition: Plain, words: Words) -> str:
    """Edition 2."""
    return words.gettext("Edition {number}").format(number=edition["version"])


def imprint(snapshot: Plain, words: Words) -> Facts:
    """Groups, regions, data, licence, DOI and citation, of a snapshot as made by `snapshot.take`."""
    publication, edition = snapshot["publication"], snapshot["edition"]
    regions = ", ".join(region["name"] for region in publication["regions"])
    facts = [Fact(words.gettext("Working group"), group["name"], group["address"]) for group in publication["groups"]]
    facts += [Fact(words.gettext("Regions"), regions)] if regions else []
    facts += [
        Fact(words.gettext("Data"), words.gettext("All figures as JSON, with their meaning"), edition["data"]),
        _licence(edition, words),
        *_citing(snapshot, words),
    ]
    return Facts(tuple(facts))


def _citing(snapshot: Plain, words: Words) -> Iterator[Fact]:
    """How to cite it, with the address where there is no DOI."""
    edition = snapshot["edition"]
    doi = edition.get("doi", "")
    if doi:
        yield Fact(words.gettext("DOI"), doi, doi_address(doi))
    yield Fact(words.gettext("Cite as"), citation(snapshot, words), "" if doi else edition["address"])


def citation(snapshot: Plain, words: Words, doi: str | None = None) -> str:
    """Authors (year). Title. Edition. Publisher. Address: that of the DOI where there is one.

    `doi` is the one the edition has now, where that may be newer than the snapshot.
    """
    site, edition = snapshot["site"], snapshot["edition"]
    groups = ", ".join(group["name"] for group in snapshot["publication"]["groups"]) or site["name"]
    year, number = snapshot["made"]["at"][:4], numbered(edition, words)
    bare = edition.get("doi", "") if doi is None else doi
    address = doi_address(bare) or f"{site['url']}{edition['address']}"
    return f"{groups} ({year}). {ended(edition['title'])} {number}. {site['name']}. {address}"


def ended(title: str) -> str:
    """With a full stop, unless it ends in a sign of its own."""
    return title if title.endswith((".", "?", "!", "…")) else f"{title}."


def _licence(edition: Plain, words: Words) -> Fact:
    name, url = LICENCES.get(edition["licence"], (edition["licence"], ""))
    return Fact(words.gettext("Licence"), name, url)
