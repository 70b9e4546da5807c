"""In which form the open interface answers."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class SameForAll(DefaultContentNegotiation):
    """JSON whatever `Accept` says, so that an answer may be kept for all; the schema alone comes in two forms."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        known = list(renderers)
        usual = known[0], str(known[0].media_type)
        if len(known) == 1:
            return usual
        try:
            chosen: tuple[Any, str] = super().select_renderer(request, known, format_suffix)
        except NotAcceptable:
            return usual
        return chosen
