"""What a browser sends back from a page whose form nobody has touched."""

from typing import Any

from django import forms
from django.test import Client


def untouched(client: Client, address: str) -> dict[str, Any]:
    """Return the values of the form, as the page has shown them."""
    form = client.get(address).context["form"]
    values = {name: _sent(form[name]) for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def _sent(bound: forms.BoundField) -> Any:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return "on" if value else None
    if isinstance(bound.field, forms.FileField):
        return None
    shown = value if isinstance(value, (list, tuple)) else bound.field.widget.format_value(value)
    return "" if shown is None else shown
