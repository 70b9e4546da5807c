"""The web server's entrance."""

import os

from django.core.wsgi import get_wsgi_application

from s3cop.starting import told_in_one_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s3cop.settings")
with told_in_one_line():
    application = get_wsgi_application()
