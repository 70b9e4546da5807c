"""Loads the whole demo community: what has no moment first, then the past in the order of time, all or nothing."""

from django.db import transaction

from s3cop.demo.book import Book
from s3cop.demo.calendar import link_agenda, load_rules, meeting_deeds
from s3cop.demo.community import load_community, membership_deeds
from s3cop.demo.letters import load_preferences
from s3cop.demo.papers import paper_deeds
from s3cop.demo.polls import poll_deeds
from s3cop.demo.register import challenge_deeds, decision_deeds, focus_deeds, round_deeds
from s3cop.demo.shelf import edition_deeds
from s3cop.demo.timeline import replay
from s3cop.demo.webinars import webinar_deeds
from s3cop.demo.works import load_references


@transaction.atomic
def load(book: Book) -> dict[str, int]:
    """Load every record of the entities that exist; return how many of each were new. Safe to repeat."""
    counts = load_community(book)
    counts["preferences"] = load_preferences(book)
    counts["reminder rules"] = load_rules(book)
    counts["references"] = load_references(book)
    deeds = [
        *membership_deeds(book),
        *meeting_deeds(book),
        *paper_deeds(book),
        *poll_deeds(book),
        *webinar_deeds(book),
        *challenge_deeds(book),
        *round_deeds(book),
        *focus_deeds(book),
        *decision_deeds(book),
        *edition_deeds(book),
    ]
    counts |= replay(deeds)
    counts["agenda links"] = link_agenda(book)
    return counts
