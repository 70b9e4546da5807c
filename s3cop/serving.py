"""The web server as a program: `python -m s3cop.serving` takes granian's options and the address of our application.

The portal is loaded once, before granian forks its workers: they share that memory, and a new one answers at once.
"""

import gc
import multiprocessing
import sys

from granian.cli import entrypoint


def load() -> None:
    """Import what requests need. What is there then is never garbage: no later search for garbage touches its pages."""
    gc.disable()
    from s3cop import wsgi  # noqa: F401 - each worker finds it imported

    warm_up()
    gc.freeze()
    gc.enable()


def warm_up() -> None:
    """Read the addresses, the tags of templates and those of every page; no connection is opened."""
    from django.template.loader import get_template
    from django.urls import reverse

    reverse("s3cop:home")
    get_template("pages/home.html")


if __name__ == "__main__":
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")  # from Python 3.14 on not the default
        load()
    entrypoint()  # type: ignore[no-untyped-call]
