"""Files for written tasks: few, small, of known kinds, private."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.cache import cache
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.timezone import get_default_timezone

from lms import conf
from lms.assessment.models import Answer, AnswerFile, Attempt
from lms.assessment.refusals import Refused
from lms.assessment.services.answering import open_question
from lms.core import clock
from lms.core.public_ids import new_public_id

#: How files of a kind begin, where that is known: ending → (place of the first byte, the bytes).
BEGINNINGS = {
    "pdf": (0, b"%PDF-"),
    "jpg": (0, b"\xff\xd8\xff"),
    "jpeg": (0, b"\xff\xd8\xff"),
    "png": (0, b"\x89PNG\r\n\x1a\n"),
    "webp": (8, b"WEBP"),
    "heic": (4, b"ftyp"),
    "docx": (0, b"PK\x03\x04"),
    "xlsx": (0, b"PK\x03\x04"),
    "pptx": (0, b"PK\x03\x04"),
    "odt": (0, b"PK\x03\x04"),
}
TEXTS = ("txt", "csv")
#: Where files of tasks are stored, as the model says.
FOLDER = "tasks"
DAY = dt.timedelta(days=1)
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "txt": "text/plain",
    "csv": "text/csv",
}


def hand_in_file(*, attempt_id: int, question_key: str, upload: Any) -> AnswerFile:
    """Keep a file for a written task. Sending the same file again changes nothing.

    When its row cannot be written or committed, the stored file goes too; ``forget_orphans`` finds what a crash left.

    Args:
        attempt_id: key of an attempt in progress.
        question_key: of a written task that is answered with files.
        upload: what Django makes of an uploaded file: ``name``, ``size``, ``chunks()``.

    Raises:
        Refused: ``submitted``, ``time-is-up``, ``question``; ``no-files``; ``file-type`` (params ``types``),
            ``file-size``, ``file-empty``, ``file-content`` (``name``), ``file-count`` (``most``).
    """
    stored: list[str] = []
    try:
        with transaction.atomic():
            return _hand_in(attempt_id, question_key, upload, stored)
    except BaseException:
        for name in stored:
            _storage().delete(name)
        raise


def _hand_in(attempt_id: int, question_key: str, upload: Any, stored: list[str]) -> AnswerFile:
    attempt, asked = open_question(attempt_id, question_key)
    if asked["kind"] != "written_task" or asked["answer_with"] == "text":
        raise Refused("no-files")
    name = plain_name(upload.name)
    ending = check_file(name, upload)
    sha256 = hashlib.sha256()
    for chunk in upload.chunks():
        sha256.update(chunk)
    answer = Answer.objects.get(attempt=attempt, question=asked["question"])
    there = list(answer.files.all())
    for file in there:
        if file.sha256 == sha256.hexdigest():
            return file
    if len(there) >= conf.TASK_FILES_PER_ANSWER:
        raise Refused("file-count", {"most": conf.TASK_FILES_PER_ANSWER})
    file = AnswerFile(
        answer=answer,
        name=name,
        content_type=TYPES.get(ending, "application/octet-stream"),
        size=upload.size,
        sha256=sha256.hexdigest(),
    )
    upload.seek(0)
    # The stored name says nothing of anybody.
    file.file.save(f"{new_public_id()}.{ending}", upload, save=False)
    stored.append(file.file.name or "")
    file.save()
    return file


def _storage() -> Storage:
    storage: Storage = AnswerFile._meta.get_field("file").storage
    return storage


def forget_orphans() -> int:
    """Delete stored files of this month and the last that no row knows and that are a day old: a crash left them.

    Returns:
        How many. Looks once a day, as far as this project's cache remembers that.
    """
    if not cache.add("lms.task_files.looked", 1, DAY.total_seconds()):
        return 0
    storage, done, now = _storage(), 0, clock.now()
    # Django names the folder by the project's zone, not by the reader's.
    this_month = now.astimezone(get_default_timezone()).replace(day=1)
    for month in (this_month, this_month - DAY):
        folder = f"{FOLDER}/{month:%Y/%m}"
        try:
            paths = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        except (FileNotFoundError, NotImplementedError):  # no file yet; a storage that cannot list
            continue
        for start in range(0, len(paths), 500):
            some = paths[start : start + 500]
            known = set(AnswerFile.objects.filter(file__in=some).values_list("file", flat=True))
            for path in some:
                if path not in known and storage.get_modified_time(path) < now - DAY:
                    storage.delete(path)
                    done += 1
    return done


@transaction.atomic
def take_back_file(*, attempt_id: int, public_id: str) -> bool:
    """Take a file back while the attempt is in progress. Doing it twice changes nothing.

    Returns:
        Whether there was such a file.

    Raises:
        Refused: ``submitted``, ``time-is-up``.
    """
    file = (
        AnswerFile.objects.filter(public_id=public_id, answer__attempt=attempt_id)
        .select_related("answer")
        .first()
    )
    if file is None:
        Attempt.objects.get(pk=attempt_id)
        return False
    asked = Attempt.objects.get(pk=attempt_id).paper["questions"]
    open_question(
        attempt_id, next(each["key"] for each in asked if each["question"] == file.answer.question_id)
    )
    transaction.on_commit(partial(file.file.storage.delete, file.file.name or ""))
    file.delete()
    return True


def plain_name(name: str) -> str:
    """Return a file's name without folders and what cannot be printed, short enough to be kept."""
    last = re.split(r"[\\/]", name or "")[-1]
    printed = "".join(each for each in last if each.isprintable()).strip()
    path = PurePath(printed or "file")
    return f"{path.stem[: 200 - len(path.suffix)]}{path.suffix[:50]}"


def check_file(name: str, upload: Any) -> str:
    """Return the ending of a file that may be handed in.

    Raises:
        Refused: see ``hand_in_file``.
    """
    ending = PurePath(name).suffix.lstrip(".").lower()
    if ending not in conf.TASK_FILE_TYPES:
        raise Refused("file-type", {"types": ", ".join(conf.TASK_FILE_TYPES)})
    if not upload.size:
        raise Refused("file-empty", {"name": name})
    if upload.size > conf.TASK_FILE_MAX_BYTES:
        raise Refused("file-size", {"name": name, "most": conf.TASK_FILE_MAX_BYTES})
    upload.seek(0)
    begins = upload.read(4096)
    upload.seek(0)
    if not _is_what_it_says(ending, begins):
        raise Refused("file-content", {"name": name})
    return ending


def _is_what_it_says(ending: str, begins: bytes) -> bool:
    if ending in TEXTS:
        return b"\x00" not in begins
    place, wanted = BEGINNINGS.get(ending, (0, b""))
    return begins[place : place + len(wanted)] == wanted
