"""Private files: attendance reports and certificates live in the storage alias ``lms_private``, never below MEDIA_ROOT."""

from __future__ import annotations

from django.core.files.storage import Storage, storages

PRIVATE_ALIAS = "lms_private"


def private_storage() -> Storage:
    """Return the storage for private files. Read late, so that migrations hold no path."""
    return storages[PRIVATE_ALIAS]
