"""The page of a round: turnout only until its result may be seen, then the result in full; and the result as files."""

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import BigIntegerField, Count, F, FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from challenges import decided, paper, results, rules, times
from challenges.disclosure import charts, place
from challenges.disclosure.finding import finding
from challenges.disclosure.movement import movement
from challenges.disclosure.published import Published, Shown
from challenges.disclosure.remarks import remarks
from challenges.files import downloads, preflib
from challenges.models import Elector, RankingRound
from challenges.statements import with_statements
from challenges.views.doors import hidden, viewer
from history.prepared import Key
from people.models import User
from people.readers import ForReaders

State = RankingRound.State


def _known(reader: User | None) -> QuerySet[RankingRound]:
    """The round with everything its page needs in one row; `report` and `report_slug` name its publication in print."""
    asked = RankingRound.objects.filter(pk=Key("pk", BigIntegerField()))
    in_print = FilteredRelation("publication__editions", condition=Q(publication__editions__state="published"))
    return (
        with_statements(results.with_digests(asked.filter(pk__in=RankingRound.objects.visible_to(reader))))
        .select_related("group", "meeting", "result", "focus__meeting", "repeats__repeats__result", "repeats__result")
        .alias(in_print=in_print)
        .annotate(report=F("in_print__title"), report_slug=F("publication__slug"))
        .order_by("pk")
    )


KNOWN = ForReaders(_known)


@login_not_required
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    reader = viewer(request)
    round = KNOWN.first(reader, pk=pk)
    if round is None:
        return hidden(request, RankingRound.objects.filter(pk=pk))
    if rules.can_see_result(reader, round):
        return render(request, "challenges/result.html", _common(round, reader) | _result(round))
    return render(request, "challenges/turnout.html", _common(round, reader) | _turnout(round, reader))


def _common(round: RankingRound, reader: User | None) -> dict[str, Any]:
    runs = rules.can_run(reader, round.group)
    focus = getattr(round, "focus", None)
    behind = decided.visible(reader, [round.decision_id, focus and focus.decision_id])
    return {
        "decision": behind.get(round.decision_id or 0),
        "focus_decision": behind.get(focus.decision_id or 0) if focus else None,
        "round": round,
        "steps": _steps(round, reader) if runs else [],
        "runs": runs,
        "opens": times.moment(round.opened_at or round.opens_at, round.zone),
        "closes": times.moment(round.closed_at or round.closes_at, round.zone),
        "published": times.moment(round.published_at, round.zone),
        "unlinked": times.moment(round.unlinked_at, round.zone),
        "can_state": rules.can_state(reader, round, timezone.now()),
    }


def _turnout(round: RankingRound, reader: User | None) -> dict[str, Any]:
    seat = Elector.objects.filter(round=round, user=reader).first() if reader else None
    can_rank = seat is not None and round.takes_ballots(timezone.now())
    options = _options(round)
    on_text = all(option.challenge_id is None for option in options)
    return {"seat": seat, "can_rank": can_rank, "options": options, "on_text": on_text}


def _options(round: RankingRound) -> list[Any]:
    """What is asked, in an order that gives none an advantage; answers to a text as on its ballot."""
    options = round.options.select_related("challenge").annotate(comments=Count("challenge__comments"))
    options = options.order_by("position")
    return sorted(options, key=lambda option: option.title if option.challenge_id else "")


def _steps(round: RankingRound, reader: User | None) -> list[str]:
    """Names of the steps that are possible now, in the order of the buttons."""
    by_state = {State.DRAFT: ["open", "round_edit", "cancel"], State.OPEN: ["close", "room", "paper", "cancel"]}
    found = [name for name in by_state.get(State(round.state), []) if name != "paper" or rules.can_key_paper(reader)]
    if rules.can_publish(reader, round):
        found = ["publish"]
    if rules.can_decide_focus(reader, round):
        found = ["focus"]
    return found


def _result(round: RankingRound) -> dict[str, Any]:
    """Everything the result page shows, from stored figures."""
    shown = results.shown(round)
    assert shown is not None  # noqa: S101 - rules.can_see_result asks for a counted round
    figures = shown.shown is Shown.FIGURES
    chain, found = _chain(round, shown), finding(shown)
    return {
        "shown": shown,
        "figures": figures,
        "finding": found,
        "bars": charts.answer_bars(found.vote.counts) if found.vote and found.vote.counts else (),
        "votes": [(asked, finding(result)) for asked, result in chain] if found.vote and len(chain) > 1 else [],
        "axis": charts.axis(len(shown.options)),
        "tiers": charts.interval_rows(shown.options),
        "heat": charts.heat(shown.options, shown.head_to_head) if shown.head_to_head else (),
        "helices": charts.helix_rows(shown.options, shown.cells) if shown.cells else None,
        "turnout": charts.turnout_bars(shown.turnout),
        "titles": _by_method(shown) if figures else [],
        "options": _options(round),
        "places": charts.place_rows(shown.options),
        "columns": range(1, len(shown.options) + 1),
        "said": remarks(shown),
        "chain": chain,
        "movement": movement([result for _round, result in chain]),
        "entries": _focus_entries(round),
        "other_rounds": _other_rounds(round),
        "digests": results.listed_digests(round, shown),
    }


def _by_method(shown: Published) -> list[dict[str, Any]]:
    """One row per option, best first: its place, by other methods too, and when helices weigh the same."""
    return [
        {
            "title": option.title,
            "ranks": [
                option.place,
                *(place(method.ranks[option.index], method.ranks) for method in shown.methods),
                *([shown.equal_helices.places[option.index]] if shown.equal_helices else []),
            ],
        }
        for option in shown.options
        if option.place
    ]


def _chain(round: RankingRound, shown: Published) -> list[tuple[RankingRound, Published]]:
    """The rounds on this question up to this one, earliest first; all asked the same options in the same order."""
    found, earlier = [(round, shown)], round.repeats
    while earlier:
        before = results.shown(earlier)
        if before is not None:
            found.insert(0, (earlier, before))
        earlier = earlier.repeats
    return found


def _focus_entries(round: RankingRound) -> list[tuple[str, Any]]:
    if not hasattr(round, "focus"):
        return []
    rows = list(round.focus.entries.select_related("challenge").order_by("rank", "challenge__title"))
    return list(zip(paper.places([row.rank for row in rows]), rows, strict=True))


def _other_rounds(round: RankingRound) -> list[RankingRound]:
    """The published rounds on the same question, with this one; empty when it stands alone."""
    chain = Q(pk=round.pk) | Q(repeats=round.pk) | Q(pk=round.repeats_id) | Q(repeats__repeats=round.pk)
    found = list(RankingRound.objects.published().filter(chain).order_by("published_at", "pk"))
    return found if len(found) > 1 else []


def _shown_or_none(request: HttpRequest, pk: int) -> tuple[RankingRound | None, Published | None]:
    reader = viewer(request)
    round = KNOWN.first(reader, pk=pk)
    if round is None or not rules.can_see_result(reader, round):
        return None, None
    return round, results.shown(round)


@login_not_required
def result_json(request: HttpRequest, pk: int) -> HttpResponse:
    round, shown = _shown_or_none(request, pk)
    if round is None or shown is None:
        return hidden(request, RankingRound.objects.filter(pk=pk))
    plain = downloads.as_json(round, shown) | {"receipts": results.listed_digests(round, shown)}
    response = JsonResponse(plain, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="round-{round.pk}-result.json"'
    return response


@login_not_required
def result_csv(request: HttpRequest, pk: int) -> HttpResponse:
    round, shown = _shown_or_none(request, pk)
    if round is None or shown is None:
        return hidden(request, RankingRound.objects.filter(pk=pk))
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(downloads.as_rows(shown))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="round-{round.pk}-result.csv"'
    return response


@login_not_required
def ballots_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The anonymous ballots of a round that was opened for it, from ten on."""
    round, shown = _shown_or_none(request, pk)
    if round is None or shown is None or shown.ballots is None:
        return hidden(request, RankingRound.objects.filter(pk=pk).exclude(state=State.PUBLISHED))
    titles = [option.title for option in sorted(shown.options, key=lambda option: option.index)]
    name = f"round-{round.pk}-ballots"
    text = preflib.text(shown.ballots, titles, name=name, title=round.title)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{preflib.suffix(shown.ballots)}"'
    return response
