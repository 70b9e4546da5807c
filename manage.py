#!/usr/bin/env python
"""Run a command of the portal; where DATABASE_URL is unset, with the private PostgreSQL of S3COP_HOME."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s3cop.settings")
    from s3cop.local import command

    command.run(sys.argv)
