"""A DATABASE_URL that somebody set: tried before Django does, so that a broken one gives one clear line."""

import warnings
from typing import Any
from urllib.parse import unquote

from s3cop.local.home import LocalServiceError

ENGINE = "django.db.backends.postgresql"
FORM = "postgres://user:password@host:port/name"
SECONDS = 5  # for one try to connect
FOR_DJANGO = {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}  # not for libpq


def given() -> str:
    """Return the DATABASE_URL of the environment, or that of the file DATABASE_URL_FILE names; empty when unset."""
    import environ
    from django.core.exceptions import ImproperlyConfigured

    try:
        url: str = environ.FileAwareEnv().str("DATABASE_URL", default="")
    except (OSError, ImproperlyConfigured) as problem:
        raise LocalServiceError(f"DATABASE_URL cannot be read: {problem}") from problem
    return url


def check(url: str) -> None:
    """Raise LocalServiceError, without the password, when no PostgreSQL answers at `url`."""
    import psycopg

    arguments = connection_arguments(url)
    try:
        psycopg.connect(**arguments).close()
    except psycopg.Error as problem:
        raise LocalServiceError(f"DATABASE_URL: {_first_reason(str(problem))}") from problem


def _first_reason(problem: str) -> str:
    """Return the line that says why, without libpq's question below it or psycopg's heading above several tries."""
    lines = problem.strip().splitlines() or ["no reason given"]
    tries = [line for line in lines if line.startswith("- ")]
    return (tries or lines)[0].removeprefix("- ")


def connection_arguments(url: str) -> dict[str, Any]:
    """Return what psycopg needs to connect, read as the settings read it; raises LocalServiceError."""
    import environ

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = environ.Env.db_url_config(url)
    except (ValueError, LookupError) as problem:
        raise LocalServiceError(f"DATABASE_URL cannot be read: the form is {FORM}") from problem
    if read.get("ENGINE") != ENGINE or not read.get("NAME"):
        raise LocalServiceError(f"DATABASE_URL does not name a PostgreSQL database: the form is {FORM}")
    read["HOST"] = unquote(read["HOST"])  # a socket's folder arrives as %2Ffolder
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    options = {name: value for name, value in read.get("OPTIONS", {}).items() if name not in FOR_DJANGO}
    return {"connect_timeout": SECONDS, **options, **{key: read[name] for key, name in named.items() if read[name]}}
