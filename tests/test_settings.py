"""Production assumes nothing: what is missing or unsafe stops the start with one line that names it."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).parent.parent
SAFE = {
    "S3COP_ENV": "production",
    "SECRET_KEY": "s0me-l0ng-and-random-text-that-nobody-can-guess-1234567890",
    "SITE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "CONTACT_EMAIL": "secretariat@example.org",
    "DATABASE_URL": "postgres://s3cop:secret@127.0.0.1:5432/s3cop",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=clean | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean_in_production() -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert (run.returncode, run.stderr) == (0, "")


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """What the settings hold with nothing but these variables."""
    for name in set(os.environ):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "s3cop" / "settings.py"))


@pytest.mark.parametrize("name", sorted(set(SAFE) - {"S3COP_ENV"}))
def test_production_refuses_to_start_without(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        read(monkeypatch, **{key: value for key, value in SAFE.items() if key != name})
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "program",
    [
        ["manage.py", "check"],
        ["-m", "celery", "-A", "s3cop", "worker"],
        ["-m", "s3cop.serving", "--interface", "wsgi", "--port", "0", "s3cop.wsgi:application"],
    ],
    ids=["manage.py", "worker", "web"],
)
def test_each_program_says_so_in_one_line(program: list[str]) -> None:
    variables = {"PATH": os.environ["PATH"], "S3COP_ENV": "production"}
    run = subprocess.run(
        [sys.executable, *program], env=variables, cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = [line for line in (run.stdout + run.stderr).splitlines() if line and not line.startswith("[")]
    assert (run.returncode, said) == (1, ["Set SECRET_KEY: production assumes nothing."])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SITE_URL", "http://portal.example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", ","),
        ("BEHIND_PROXY", "perhaps"),
        ("EMAIL_URL", "dummymail://"),
        ("EMAIL_URL", "files://"),
        ("EMAIL_URL", "nonsense"),
        ("EMAIL_URL", "smtp://host:port"),
        ("INVITATION_DAYS", "0"),
        ("INVITATION_DAYS", "many"),
        ("REDIS_URL", "nonsense"),
        ("SECOND_PERSON_APPROVES", "enabled"),
        ("STATEMENT_TIMEOUT", "10s -c role=x"),
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "what?"),
        ("S3COP_ENV", "staging"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_production_refuses_an_unsafe_value(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        read(monkeypatch, **(SAFE | {name: value}))
    assert "\n" not in str(refusal.value)


def test_a_port_that_is_no_number_is_named_on_the_local_set_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^PORT must be a whole number above 0\.$"):
        read(monkeypatch, PORT="http")


def test_hosts_may_be_listed_with_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = read(monkeypatch, **(SAFE | {"ALLOWED_HOSTS": "a.example, b.example"}))["ALLOWED_HOSTS"]
    assert hosts == ["a.example", "b.example"]


@pytest.mark.parametrize(("said", "meant"), [("", True), ("Off", False)])
def test_a_switch_left_empty_keeps_its_default(said: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, **SAFE, SECOND_PERSON_APPROVES=said)["SECOND_PERSON_APPROVES"] is meant


def test_a_proxy_s_headers_are_believed_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else every reader behind the proxy shares one limit on signing in, and anybody can use it up for all."""
    alone, behind = read(monkeypatch, **SAFE), read(monkeypatch, **SAFE, BEHIND_PROXY="true")
    assert ("SECURE_PROXY_SSL_HEADER" in alone, alone["ALLAUTH_TRUSTED_PROXY_COUNT"]) == (False, 0)
    assert behind["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert behind["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_production_is_not_local_by_which_demo_accounts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [read(monkeypatch, **variables)["LOCAL"] for variables in (SAFE, {})] == [False, True]


@pytest.fixture(scope="module")
def compose() -> dict[str, object]:
    content: dict[str, object] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def test_compose_has_every_part_of_an_installation(compose: dict[str, dict[str, dict[str, object]]]) -> None:
    services = compose["services"]
    assert set(services) == {"db", "broker", "migrate", "web", "worker", "beat", "mailcatcher"}
    assert services["db"]["image"] == "postgres:18"
    assert services["mailcatcher"]["profiles"] == ["mailcatcher"]


def test_compose_gives_the_app_each_variable_that_production_requires(
    compose: dict[str, dict[str, dict[str, dict[str, str]]]],
) -> None:
    for name in ("migrate", "web", "worker", "beat"):
        assert set(SAFE) <= set(compose["services"][name]["environment"]), name


def test_what_stands_in_the_file_of_an_installation_reaches_every_part_of_the_portal(
    compose: dict[str, dict[str, dict[str, str]]],
) -> None:
    """Else a setting that the manual explains would be written down and ignored."""
    files = {name: compose["services"][name].get("env_file") for name in ("migrate", "web", "worker", "beat")}
    assert set(files.values()) == {".env"}


def test_the_manual_explains_the_variables_that_the_settings_read() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text()
    table = manual[manual.index("| variable |") : manual.index("Any variable may be read")]
    settings = (ROOT / "s3cop" / "settings.py").read_text()
    read = re.findall(
        r"""(?:env\.str|required|flag|number)\(["']([A-Z0-9_]+)["']|_per_minute = "([A-Z0-9_]+)\"""", settings
    )
    of_demo = {"PORT"}  # README
    assert set(re.findall(r"`([A-Z0-9_]+)`", table)) == {name for pair in read for name in pair if name} - of_demo


def test_every_variable_of_compose_and_image_is_read_by_the_settings_or_a_program() -> None:
    settings = (ROOT / "s3cop" / "settings.py").read_text()
    theirs = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS", "REMAP_SIGTERM"}
    compose: dict[str, dict[str, dict[str, dict[str, str]]]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    given = {name for service in compose["services"].values() for name in service.get("environment", {})}
    image = set(re.findall(r"\b([A-Z0-9]+_[A-Z0-9_]+)=", (ROOT / "Dockerfile").read_text())) - {
        "DJANGO_SETTINGS_MODULE",
        "PYTHONUNBUFFERED",
    }
    assert {name for name in (given | image) - theirs if f'"{name}"' not in settings} == set()


def test_the_image_runs_the_measured_server() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "s3cop.serving" in text
    assert "USER s3cop" in text


def test_production_collects_hashed_static_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = read(monkeypatch, **(SAFE | {"STATIC_ROOT": str(tmp_path)}))
    about = {name: value for name, value in settings.items() if name.startswith(("STATIC", "STORAGES", "WHITENOISE"))}
    with override_settings(**about):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list((tmp_path / "css").glob("tokens.*.css"))
    assert list((tmp_path / "css").glob("tokens.*.css.br"))
    assert not (tmp_path / "css" / "tokens.css").exists()
