#!/usr/bin/env python
"""Run a command of the portal; where DATABASE_URL is unset, with the private PostgreSQL of S3COP_HOME."""

import gc
import os
import sys

if __name__ == "__main__":
    gc.set_threshold(50_000, 20, 20)  # imports make no garbage: looking for it all the time costs a tenth of a start
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s3cop.settings")
    from s3cop.local import command

    command.run(sys.argv)
