"""The official languages of the Union by their own names, in the Union's order."""

from collections.abc import Iterable

NAMES = {
    "bg": "български",
    "es": "español",
    "cs": "čeština",
    "da": "dansk",
    "de": "Deutsch",
    "et": "eesti",
    "el": "ελληνικά",
    "en": "English",
    "fr": "français",
    "ga": "Gaeilge",
    "hr": "hrvatski",
    "it": "italiano",
    "lv": "latviešu",
    "lt": "lietuvių",
    "hu": "magyar",
    "mt": "Malti",
    "nl": "Nederlands",
    "pl": "polski",
    "pt": "português",
    "ro": "română",
    "sk": "slovenčina",
    "sl": "slovenščina",
    "fi": "suomi",
    "sv": "svenska",
}


def named(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return code and name of each, in the Union's order; of an unknown one the code twice."""
    known = list(NAMES)
    order = sorted(codes, key=lambda code: (known.index(code) if code in NAMES else len(known), code))
    return [(code, NAMES.get(code, code)) for code in order]
