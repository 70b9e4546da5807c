"""What arrives from outside about meetings."""

from meetings.forms.calling_off import ReasonForm
from meetings.forms.planning import MeetingForm, NewMeetingForm, PastMeetingForm
from meetings.forms.replies import ReplyForm, given

__all__ = ["MeetingForm", "NewMeetingForm", "PastMeetingForm", "ReasonForm", "ReplyForm", "given"]
