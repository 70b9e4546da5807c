"""The verbs of meetings."""

from meetings.actions.addresses import make_address, renew_address, revoke_address
from meetings.actions.calling_off import cancel, postpone
from meetings.actions.holding import Attendance, mark_held, record_attendance, record_past
from meetings.actions.importing import import_reply
from meetings.actions.owners import remind_owners
from meetings.actions.planning import announce, draft, edit, look_for_date, schedule, set_agenda
from meetings.actions.polls import Slot, answer_poll, choose_date, open_poll, remind_polls, withdraw_poll
from meetings.actions.registrations import (
    Visitor,
    cancel_registration,
    confirm,
    forget_registrants,
    register,
    remind_registered,
)
from meetings.actions.reminder_rules import (
    RuleLine,
    ask_unanswered,
    pause_reminders,
    resume_reminders,
    send_now,
    set_rules,
)
from meetings.actions.reminders import remind
from meetings.actions.replies import reply
from meetings.actions.rows import AgendaLine, Details, locked
from meetings.actions.series import Plan, Shift, cancel_series, edit_series, in_scope, plan_series
from meetings.actions.telling import invite_late_joiners
from meetings.actions.webinars import (
    WebinarDetails,
    advance_webinars,
    announce_webinar,
    cancel_webinar,
    close_registration,
    draft_webinar,
    edit_webinar,
    locked_webinar,
    open_registration,
    publish_recording,
    record_webinar,
)

__all__ = [
    "AgendaLine",
    "Attendance",
    "Details",
    "Plan",
    "RuleLine",
    "Shift",
    "Slot",
    "Visitor",
    "WebinarDetails",
    "advance_webinars",
    "announce",
    "announce_webinar",
    "answer_poll",
    "ask_unanswered",
    "cancel",
    "cancel_registration",
    "cancel_series",
    "cancel_webinar",
    "choose_date",
    "close_registration",
    "confirm",
    "draft",
    "draft_webinar",
    "edit",
    "edit_series",
    "edit_webinar",
    "forget_registrants",
    "import_reply",
    "in_scope",
    "invite_late_joiners",
    "locked",
    "locked_webinar",
    "look_for_date",
    "make_address",
    "mark_held",
    "open_poll",
    "open_registration",
    "pause_reminders",
    "plan_series",
    "postpone",
    "publish_recording",
    "record_attendance",
    "record_past",
    "record_webinar",
    "register",
    "remind",
    "remind_owners",
    "remind_polls",
    "remind_registered",
    "renew_address",
    "reply",
    "resume_reminders",
    "revoke_address",
    "schedule",
    "send_now",
    "set_agenda",
    "set_rules",
    "withdraw_poll",
]
