"""The pages of this room: what a reader chooses, and what the secretariat sees of all letters."""

from notices.views.catalogue import catalogue, specimen, specimen_html
from notices.views.choosing import preferences, unsubscribe
from notices.views.outbox import outbox, retry

__all__ = ["catalogue", "outbox", "preferences", "retry", "specimen", "specimen_html", "unsubscribe"]
