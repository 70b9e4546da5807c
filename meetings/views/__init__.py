"""Pages of meetings."""

from meetings.views.calling_off import cancel, postpone
from meetings.views.planning import edit, new, record
from meetings.views.reading import detail, index
from meetings.views.replying import reply, reply_link

__all__ = ["cancel", "detail", "edit", "index", "new", "postpone", "record", "reply", "reply_link"]
