"""What logs must not hold: whoever has the token of an address may do what it allows."""

import logging
import re
import sys
from typing import Any

SECRET = re.compile(r"(/(?:calendar|reply|join|unsubscribe|request|follow|registration)/)[^/\s'\"?]+")
HIDDEN = r"\1[token]"


def without_tokens(text: str) -> str:
    """Replace the tokens of signed links and personal addresses."""
    return SECRET.sub(HIDDEN, text)


class WithoutTokens(logging.Filter):
    """Hides tokens in the message, and in the request and the traceback that Django's records carry along."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), ()
        request = getattr(record, "request", None)
        if request is not None:
            record.request = without_tokens(repr(request))
        if record.exc_info and not record.exc_text:
            record.exc_text = without_tokens(logging.Formatter().formatException(record.exc_info))
        return True


def configuration(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: one JSON object a line, on standard error."""
    stderr = {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json", "filters": ["tokens"]}
    fields = "%(asctime)s %(levelname)s %(name)s %(message)s"
    names = {"asctime": "time", "levelname": "level", "name": "logger"}
    written = {"()": "pythonjsonlogger.json.JsonFormatter", "format": fields, "rename_fields": names}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": written},
        "filters": {"tokens": {"()": WithoutTokens}},
        "handlers": {"stderr": stderr},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "propagate": True}, "django.request": {"level": "ERROR"}},
    }
