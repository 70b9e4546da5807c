"""Pages of meetings."""

from meetings.views.planning import cancel, edit, new, postpone
from meetings.views.reading import detail, index
from meetings.views.replying import reply, reply_link

__all__ = ["cancel", "detail", "edit", "index", "new", "postpone", "reply", "reply_link"]
