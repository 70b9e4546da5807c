"""What a harvester asks by OAI-PMH 2.0, checked against the protocol's rules; pure."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PREFIX = "oai_dc"
SET = re.compile(r"[\w.!~*'()-]+(:[\w.!~*'()-]+)*", re.ASCII)  # how the protocol writes the name of a set
DAY, SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
# For each verb: the arguments it needs, those it may have, and whether resumptionToken may stand alone.
ARGUMENTS: Mapping[str, tuple[set[str], set[str], bool]] = {
    "Identify": (set(), set(), False),
    "ListMetadataFormats": (set(), {"identifier"}, False),
    "ListSets": (set(), set(), True),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set"}, True),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set"}, True),
    "GetRecord": ({"identifier", "metadataPrefix"}, set(), False),
}
Arguments = Mapping[str, Sequence[str]]


class ProtocolError(Exception):
    """An error with its code of the protocol."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Request:
    """A checked request; `since` is inclusive and `before` exclusive, both in UTC."""

    verb: str
    identifier: str = ""
    token: str = ""
    set_name: str = ""
    since: dt.datetime | None = None
    before: dt.datetime | None = None


def read(arguments: Arguments) -> Request:
    """Return the request; raises ProtocolError."""
    verbs = arguments.get("verb", [])
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        raise ProtocolError("badVerb", "The verb is missing, repeated or none of the protocol's.")
    given = {name: values for name, values in arguments.items() if name != "verb"}
    if repeated := [name for name, values in given.items() if len(values) != 1]:
        raise ProtocolError("badArgument", f"Repeated: {', '.join(sorted(repeated))}.")
    single = {name: values[0] for name, values in given.items()}
    _check_names(verbs[0], set(single))
    _check_values(single)
    if single.get("metadataPrefix", PREFIX) != PREFIX:
        raise ProtocolError("cannotDisseminateFormat", "The only format is oai_dc.")
    since, before = _period(single.get("from", ""), single.get("until", ""))
    return Request(
        verb=verbs[0],
        identifier=single.get("identifier", ""),
        token=single.get("resumptionToken", ""),
        set_name=single.get("set", ""),
        since=since,
        before=before,
    )


def _check_names(verb: str, names: set[str]) -> None:
    needed, optional, resumes = ARGUMENTS[verb]
    if resumes and names == {"resumptionToken"}:
        return
    if unknown := names - needed - optional:
        raise ProtocolError("badArgument", f"Not allowed with {verb}: {', '.join(sorted(unknown))}.")
    if missing := needed - names:
        raise ProtocolError("badArgument", f"Missing: {', '.join(sorted(missing))}.")


def _check_values(given: Mapping[str, str]) -> None:
    """What is given has a value; a record has a name that can be printed."""
    if given.get("resumptionToken") == "":
        raise ProtocolError("badResumptionToken", "The token is empty.")
    if "identifier" in given and not (given["identifier"] and given["identifier"].isprintable()):
        raise ProtocolError("idDoesNotExist", "There is no such record.")
    if empty := [name for name in ("from", "until", "set") if given.get(name) == ""]:
        raise ProtocolError("badArgument", f"Empty: {', '.join(empty)}.")
    if "set" in given and not SET.fullmatch(given["set"]):
        raise ProtocolError("badArgument", "This is no name of a set.")


def _period(since: str, until: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Both ends are inclusive in the protocol, and of the same granularity."""
    if since and until and len(since) != len(until):
        raise ProtocolError("badArgument", "from and until differ in granularity.")
    begins, ends = _moment(since), _moment(until)
    if begins and ends and begins > ends:
        raise ProtocolError("badArgument", "from is later than until.")
    step = dt.timedelta(days=1) if len(until) == len("2024-01-01") else dt.timedelta(seconds=1)
    try:
        return begins, ends + step if ends else None
    except OverflowError:
        return begins, None


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?", text):
        raise ProtocolError("badArgument", "Dates are YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")
    try:
        return dt.datetime.strptime(text, SECOND if "T" in text else DAY).replace(tzinfo=dt.UTC)
    except ValueError:
        raise ProtocolError("badArgument", "There is no such date.") from None
