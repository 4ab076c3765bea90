"""Static files: collected, named by content and compressed, only when one of them changed since the last time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MARK = ".collected"


def collect() -> bool:
    """Collect static files if any is new, gone or changed.

    Returns:
        Whether they were collected.
    """
    mark = Path(settings.STATIC_ROOT) / MARK
    current = fingerprint()
    if mark.exists() and mark.read_text() == current:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=mark.exists())
    mark.write_text(current)
    return True


def fingerprint() -> str:
    """Return a digest of the names, sizes and times of all static files."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(["CVS", ".*", "*~"]), key=lambda each: each[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
