"""Every setting of Kelas, in one place: ``LMS = {...}`` in the host's settings, read late.

Use: ``from lms import conf`` and then ``conf.ATTEND_PERCENT``. Each name below is documented where it is defined, and
docs/settings.md is checked against this list. An unknown key in ``LMS`` is the system check ``lms.E001``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

#: name → (default, what it does). The second part is the documentation that docs/settings.md repeats.
SETTINGS: dict[str, tuple[Any, str]] = {
    "LINK_KEYS": (
        None,
        "List of secrets that sign personal links, newest first. The first signs, all verify, so a key can be rotated. "
        "Default: derived from SECRET_KEY and SECRET_KEY_FALLBACKS.",
    ),
    "DEFAULT_ZONE": (
        None,
        "IANA zone offered for new series and used where a person's zone is unknown. Default: TIME_ZONE.",
    ),
    "ZONES": (
        ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
        "IANA zones shown side by side to visitors and offered first to editors. The three zones of Indonesia.",
    ),
    "ATTEND_PERCENT": (
        70,
        "Share of a session (1–100 %) that counts as attended, preset on new series; editors change it there.",
    ),
    "BRIDGE_SECONDS": (
        60,
        "Gaps in presence of at most this many seconds (a reconnect) do not interrupt it.",
    ),
    "JOIN_OPENS_MINUTES": (30, "Minutes before the start at which a personal join link begins to lead in."),
    "JOIN_CLOSES_MINUTES": (30, "Minutes after the end until which a personal join link still leads in."),
    "REGISTRATIONS_PER_ADDRESS": (
        20,
        "Registrations accepted for one e-mail address in an hour; 0 for no limit. Each sends a mail to that address.",
    ),
    "REGISTRATIONS_PER_IP": (
        600,
        "Registrations accepted from one IP address in a minute; 0 for no limit. Generous, because a whole village may "
        "share the address of its phone network.",
    ),
    "TRUSTED_PROXIES": (
        0,
        "How many reverse proxies of yours stand in front and each add to X-Forwarded-For. With 0 that header is not "
        "believed.",
    ),
    "IMPORT_MAX_BYTES": (50 * 1024 * 1024, "Largest attendance report accepted, in bytes."),
    "IMPORT_KEEP_DAYS": (
        90,
        "Days for which an applied attendance report is kept as a file; its hash and its results stay.",
    ),
    "TASK_FILE_TYPES": (
        ["pdf", "jpg", "jpeg", "png", "webp", "heic", "docx", "xlsx", "pptx", "odt", "txt", "csv"],
        "Endings of files that learners may hand in for a written task. The content is checked as well.",
    ),
    "TASK_FILE_MAX_BYTES": (10 * 1024 * 1024, "Largest file that a learner may hand in, in bytes."),
    "TASK_FILES_PER_ANSWER": (5, "Files that a learner may hand in for one written task."),
    "PUBLIC_URL_PREFIX": (
        "",
        "Path prefix under which lms.public_urls is included, without slashes. Printed certificates and mailed links "
        "carry it, so it never changes once in use (check lms.E004).",
    ),
    "OUTBOX_BATCH": (50, "Messages that one run of the outbox worker claims at a time."),
    "OUTBOX_MAX_ATTEMPTS": (6, "Times that sending one message is tried before it is put aside as failed."),
    "REMIND_HOURS": ([24, 1], "Hours before a session at which people with a seat are reminded."),
    "MAIL_FROM": (None, "Sender of Kelas's mails. Default: DEFAULT_FROM_EMAIL."),
    "FEED_PAST_DAYS": (
        30,
        "Days for which past and cancelled sessions stay in calendar feeds (at least 30).",
    ),
    "FEED_AHEAD_DAYS": (366, "Days ahead that calendar feeds reach."),
    "PAGE_CACHE_SECONDS": (300, "Seconds for which a public page is kept in the page cache; 0 turns it off."),
    "CERTIFICATE_FONT_DIRS": (
        [],
        "Folders with further fonts (.ttf, .otf) for names in scripts that the bundled fonts lack, such as Chinese.",
    ),
    "CONSENT_VERSION": ("1", "Version of the consent wording that people agree to when they register."),
    "PRIVACY_URL": ("", "Address of the host's privacy notice, linked beside the consent box."),
}


def __getattr__(name: str) -> Any:
    """Return the host's value of a setting, or its default; ``AttributeError`` for names that are none of ours."""
    if name in SETTINGS:
        return getattr(settings, "LMS", {}).get(name, SETTINGS[name][0])
    raise AttributeError(f"Kelas has no setting {name!r}.")


def unknown_keys() -> list[str]:
    """Return the keys in the host's ``LMS`` that Kelas does not know, sorted."""
    return sorted(set(getattr(settings, "LMS", {})) - set(SETTINGS))
