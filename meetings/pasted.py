"""An agenda as people write it in mails: "10:00-10:15 Welcome (Anna)", "10' Welcome", "15 min: Tour". Pure."""

import re
from typing import NamedTuple

BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
SPAN = re.compile(r"^(\d{1,2})[:.h](\d{2})\s*(?:[-–]\s*(\d{1,2})[:.h](\d{2}))?\s*[:|–-]?\s+")
BEFORE = re.compile(r"^(\d{1,3})\s*(?:['′’]|min(?:utes|\.)?\b|\|)\s*[:|–-]?\s*", re.IGNORECASE)
AFTER = re.compile(r"\s*[(\[]?\b(\d{1,3})\s*(?:['′’]|min(?:utes|\.)?)[)\]]?\s*$", re.IGNORECASE)
SPEAKER = re.compile(r"\s*\(([^()]{2,200})\)\s*$")
LONGEST = 200


class Pasted(NamedTuple):
    """One line; minutes None where none are given."""

    title: str
    minutes: int | None = None
    speaker: str = ""


def parse(text: str) -> list[Pasted]:
    """Return the items; empty lines are left out, and clock times give the minutes up to the end or the next start."""
    lines = [line for line in text.splitlines() if line.strip()]
    read = [_line(BULLET.sub("", line).strip()) for line in lines]
    items = []
    for n, (item, start) in enumerate(read):
        following = read[n + 1][1] if n + 1 < len(read) else None
        gap = following - start if item.minutes is None and start is not None and following is not None else 0
        items.append(item._replace(minutes=gap) if gap > 0 else item)
    return [item for item in items if item.title]


def _line(line: str) -> tuple[Pasted, int | None]:
    """Return the item, and the minute of the day it starts at."""
    start, minutes = None, None
    span = SPAN.match(line)
    if span:
        start, end = _minute(span[1], span[2]), _minute(span[3], span[4])
        minutes = end - start if end is not None and start is not None and end > start else None
        line = line[span.end() :]
    for pattern in (BEFORE, AFTER):
        found = pattern.search(line)
        if found and minutes is None and int(found[1]) > 0:
            minutes, line = int(found[1]), pattern.sub("", line).strip()
    speaker = SPEAKER.search(line)
    title = SPEAKER.sub("", line) if speaker else line
    return Pasted(title.strip(" \t–-:|,")[:LONGEST], minutes, speaker[1].strip() if speaker else ""), start


def _minute(hour: str | None, minute: str | None) -> int | None:
    return int(hour) * 60 + int(minute) if hour is not None and minute is not None else None
