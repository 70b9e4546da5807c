"""What an edition was built from, the files that came of it, and what the group says of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from challenges.models import Challenge, Focus, RankingRound
from history.choices import choices_checked
from history.comments import Comment
from meetings.models import Meeting, Webinar
from outcomes.models.editions import Edition


class EditionSource(models.Model):
    """One record the edition tells of."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sources", verbose_name=_("edition"))
    position = models.PositiveSmallIntegerField(_("position"))
    round = models.ForeignKey(
        RankingRound, on_delete=models.PROTECT, null=True, blank=True, related_name="edition_sources"
    )
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, null=True, blank=True, related_name="edition_sources")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="edition_sources"
    )
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, null=True, blank=True, related_name="edition_sources"
    )
    webinar = models.ForeignKey(
        Webinar, on_delete=models.PROTECT, null=True, blank=True, related_name="edition_sources"
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["edition", "position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="editionsource_position"),
            models.CheckConstraint(
                condition=Q(round__isnull=False, focus=None, meeting=None, challenge=None, webinar=None)
                | Q(round=None, focus__isnull=False, meeting=None, challenge=None, webinar=None)
                | Q(round=None, focus=None, meeting__isnull=False, challenge=None, webinar=None)
                | Q(round=None, focus=None, meeting=None, challenge__isnull=False, webinar=None)
                | Q(round=None, focus=None, meeting=None, challenge=None, webinar__isnull=False),
                name="editionsource_exactly_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.record)

    @property
    def record(self) -> RankingRound | Focus | Meeting | Challenge | Webinar | None:
        return self.round or self.focus or self.meeting or self.challenge or self.webinar


@choices_checked
class EditionFile(models.Model):
    """A built file, stored under the SHA-256 of its bytes."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"
        CSV = "csv", "CSV"
        JSON = "json", "JSON"
        BIB = "bib", "BibTeX"
        RIS = "ris", "RIS"
        CSL = "csl", "CSL-JSON"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="files", verbose_name=_("edition"))
    format = models.CharField(_("format"), max_length=4, choices=Format)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["edition", "format"]
        constraints = [models.UniqueConstraint(fields=["edition", "format"], name="editionfile_format")]

    def __str__(self) -> str:
        return f"{self.edition_id}.{self.format}"


class EditionComment(Comment):
    """What a member of the group says of an edition in review."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="comments", verbose_name=_("edition"))

    class Meta(Comment.Meta):
        verbose_name = _("comment on an edition")
        verbose_name_plural = _("comments on editions")
