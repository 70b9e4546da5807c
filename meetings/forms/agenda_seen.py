"""Two people arrange one agenda at once: what the second saw is sent along, so that the first one's changes show."""

from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from history.seen import Change
from meetings.models import AgendaItem, Meeting

SALT = "meetings.agenda"
FIELDS = ("position", "title", "minutes", "lead", "speaker", "notes")
Texts = dict[str, dict[str, str]]  # by the id of the item


def shown(meeting: Meeting) -> Texts:
    """Return the items as the form shows them."""
    return {str(item.pk): _texts(item) for item in meeting.agenda.order_by("position")}


def _texts(item: AgendaItem) -> dict[str, str]:
    values = {name: getattr(item, "lead_id" if name == "lead" else name) for name in FIELDS}
    return {name: _plain("" if value is None else str(value)) for name, value in values.items()}


def sealed(texts: Texts) -> str:
    return signing.dumps(texts, salt=SALT, compress=True)


def opened(data: QueryDict) -> Texts | None:
    """Return what the page has shown; None for one that sent nothing, or not ours."""
    try:
        texts: Texts = signing.loads(data.get("seen", ""), salt=SALT)
    except signing.BadSignature:
        return None
    return texts


def meanwhile(before: Texts | None, now: Texts, people: dict[str, str]) -> list[Change]:
    """Return what somebody else has changed; `people` are the names of those who may lead an item."""
    if before is None:
        return []
    keys = list(dict.fromkeys([*now, *before]))
    pairs = [(before.get(key, {}), now.get(key, {})) for key in keys]
    return [Change(_("Item"), _said(old, people), _said(new, people)) for old, new in pairs if old != new]


def _said(item: dict[str, str], people: dict[str, str]) -> str:
    if not item:
        return ""
    minutes = _("%(n)s minutes") % {"n": item["minutes"]} if item["minutes"] else ""
    parts = (f"{item['position']}. {item['title']}", minutes, people.get(item["lead"], ""))
    return ", ".join(part for part in (*parts, item["speaker"], item["notes"]) if part)


def taken_over(data: QueryDict, before: Texts, now: Texts) -> QueryDict:
    """Return what was typed where something was typed, and what is stored elsewhere; an item taken off is off."""
    sent = data.copy()
    for number in range(int(data.get("items-TOTAL_FORMS", 0))):
        row = f"items-{number}-"
        key = data.get(f"{row}row", "")
        if key in before:
            _take_over(sent, row, before[key], now.get(key))
    return sent


def _take_over(sent: Any, row: str, before: dict[str, str], now: dict[str, str] | None) -> None:
    untouched = [name for name in FIELDS if _plain(sent.get(f"{row}{name}", "")) == before[name]]
    if now is None:
        if len(untouched) == len(FIELDS):
            sent[f"{row}remove"] = "on"
        return
    for name in untouched:
        sent[f"{row}{name}"] = now[name]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
