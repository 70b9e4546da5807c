"""The room on top: settings, addresses, Celery, and the pages that gather from all others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class S3CopConfig(AppConfig):
    name = "s3cop"
    verbose_name = _("S3 Community of Practice")
