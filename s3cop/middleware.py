"""Three small layers: the sign of life, sign-in by default, and headers for caches."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Next = Callable[[HttpRequest], HttpResponse]


class Healthz:
    """Answers /healthz before host checks, sessions and the database: it only says that the process is alive."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)


class SignInUnlessPublic(LoginRequiredMiddleware):
    """Every view asks for sign-in unless marked public.

    Django reads `request.user` before it looks at the mark, which would give every public page `Vary: Cookie`.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # Django types it as narrow as it answers itself
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Lead to sign-in. Whoever sends a form after their session was over keeps what they have typed."""
        from people import kept

        was = kept.sent(request)
        return kept.sign_in_again(request, was) if was else super().handle_no_permission(request, view_func)


class ContentPolicy(CSPMiddleware):
    """Writes the policy of all pages once; the library does it twice for each of them."""

    def __init__(self, get_response: Next) -> None:
        super().__init__(get_response)
        self._usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        asks_for_its_own = any(name.startswith("_csp") for name in (*vars(request), *vars(response)))
        if asks_for_its_own or settings.DEBUG:
            return super().process_response(request, response)
        response.setdefault(HEADER, self._usual)
        return response


class ResponseHeaders:
    """Signed-in pages must not be kept by anybody; public ones may be kept and asked about again."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if "Cache-Control" not in response and not request.path.startswith("/static/"):
            seen = "sessionid" in request.COOKIES or response.cookies
            response["Cache-Control"] = "private, no-store" if seen else "public, no-cache"
        return response
