"""A person at the portal: opens a page, follows links, fills in forms and presses buttons. Knows only the address /."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.test import Client

from people.models import User
from tests.flows import page as reading

TOKEN = "csrfmiddlewaretoken"


class Visitor:
    """Keeps the page that is open. Every step asserts the status that the person should meet."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.address = "/"
        self.answer: Any = None
        self.page = reading.Node("page")

    def open(self, address: str, *, status: int = 200) -> "Visitor":
        return self._arrive(self.client.get(address, follow=True), address, status)

    def follow(self, words: str, *, status: int = 200) -> "Visitor":
        """Follow the link that begins with these words."""
        return self.open(self.link(words), status=status)

    def press(self, words: str, fields: Mapping[str, str | bool] | None = None, *, status: int = 200) -> "Visitor":
        """Fill in the fields by their labels, then press the button of the same form that begins with these words."""
        form, button = reading.form_with(self.page, words)
        for label, value in (fields or {}).items():
            control = reading.labelled(form, label)
            reading.fill(control, value)
            if control["type"] == "radio":
                reading.untick_others(form, control)
        values = reading.values_of(form, button)
        address = urljoin(self.address, form["action"] or self.address)
        if form["method"].lower() == "post":
            return self.post(values, to=address, status=status)
        return self.open(f"{address.partition('?')[0]}?{urlencode(values)}", status=status)

    def post(self, values: reading.Values, *, to: str = "", status: int = 200) -> "Visitor":
        """Send these values to the page that is open, also what its form would not send."""
        address, kind = to or self.address, "application/x-www-form-urlencoded"
        answer = self.client.post(address, urlencode(values), content_type=kind, follow=True)
        return self._arrive(answer, address, status)

    def _arrive(self, answer: Any, address: str, status: int) -> "Visitor":
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self.answer = answer
        is_page = answer.get("Content-Type", "").startswith("text/html")
        self.page = reading.parse(answer.content.decode()) if is_page else reading.Node("page")
        assert answer.status_code == status, (answer.status_code, self.address, self.text[:2000])
        return self

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.open("/").follow("Sign in")
        return self.press("Sign in", {"E-mail": email, "Password": password})

    def come_back(self, person: User) -> "Visitor":
        """Open the dashboard as somebody who signed in some time ago."""
        self.client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return self.open("/dashboard/")

    @property
    def text(self) -> str:
        """The words of the page's main part."""
        main = self.page.all("main")
        return main[0].text if main else self.page.text

    @property
    def heading(self) -> str:
        return self.page.all("h1")[0].text

    @property
    def title(self) -> str:
        return self.page.all("title")[0].text

    @property
    def flashes(self) -> list[str]:
        return [node.text for node in self.page.walk() if "flash" in node["class"].split()]

    def field(self, label: str) -> reading.Node:
        return reading.labelled(self.page, label)

    def error_of(self, label: str) -> str:
        """Return what stands beside the field: the texts it is described by."""
        described = self.field(label)["aria-describedby"].split()
        assert self.field(label)["aria-invalid"] == "true"
        return " ".join(node.text for node in self.page.walk() if node["id"] in described)

    def values(self, button: str) -> reading.Values:
        """Return what pressing the button would send now, without the token against forgery."""
        sent = reading.values_of(*reading.form_with(self.page, button))
        return [(name, value) for name, value in sent if name != TOKEN]

    @property
    def token(self) -> tuple[str, str]:
        """The token against forgery, which is the same in all forms of the page."""
        return TOKEN, next(node["value"] for node in self.page.all("input") if node["name"] == TOKEN)

    def rows(self, *headings: str) -> list[list[str]]:
        """Return the cells of the one table with these headings, row by row; nothing where there is none."""
        tables = [
            table
            for table in self.page.all("table")
            if [cell.text for cell in table.all("tr")[0].all("th", "td")] == list(headings)
        ]
        assert len(tables) < 2
        return [[cell.text for cell in row.all("th", "td")] for table in tables for row in table.all("tr")[1:]]

    def link(self, words: str) -> str:
        return urljoin(self.address, reading.link(self.page, words)["href"])

    def hrefs(self, words: str) -> list[str]:
        return [node["href"] for node in self.page.all("a") if words in node.text]
