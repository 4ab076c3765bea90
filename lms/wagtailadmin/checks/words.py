"""Findings in sentences: what is so, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext, gettext_lazy, ngettext

from lms.wagtailadmin.checks.values import Finding

#: code → (what is so, what to do).
SENTENCES: dict[str, tuple[Any, Any]] = {
    "no_date": (
        gettext_lazy("The first date is missing."),
        gettext_lazy("Choose the day of the first session."),
    ),
    "no_sessions": (
        gettext_lazy("The rule gives no session at all."),
        gettext_lazy("Change how it repeats until dates appear below it."),
    ),
    "all_over": (
        gettext_lazy("All dates are over, so nobody can register."),
        gettext_lazy("Choose a later first date, or let it repeat longer."),
    ),
    "no_join_url": (
        gettext_lazy("The address of the meeting is missing, so nobody can join."),
        gettext_lazy("Paste it from Zoom, Meet or another; you can still do so later."),
    ),
    "no_speaker": (
        gettext_lazy("Nobody is named who speaks."),
        gettext_lazy("Say who, so that people know why it is worth their time."),
    ),
    "no_questions": (
        gettext_lazy("The quiz has no questions."),
        gettext_lazy("Add a question, or let it draw some from a bank."),
    ),
    "unpublished_before": (
        gettext_lazy("“%(title)s” is needed before and is not published, so nobody could ever start."),
        gettext_lazy("Publish it first, or take it out of what is needed before."),
    ),
    "part_opens_too_late": (
        gettext_lazy(
            "“%(title)s” opens on day %(days)s, but the course ends for a learner on day %(valid)s: nobody could finish."
        ),
        gettext_lazy("Let the course last longer, or let that part open earlier."),
    ),
    "opens_too_late": (
        gettext_lazy(
            "It opens on day %(days)s, but the course ends for a learner on day %(valid)s: nobody could finish."
        ),
        gettext_lazy("Let it open earlier, or let the course last longer."),
    ),
    "recording_half": (
        gettext_lazy(
            "Length and share of a recording count only together, so learners mark the lesson by hand."
        ),
        gettext_lazy("Fill in both, or neither."),
    ),
    "no_cohort": (
        gettext_lazy("People start in cohorts, and no cohort is open: nobody can start."),
        gettext_lazy("After publishing, make a cohort under “Courses” in the menu."),
    ),
    "no_certificate": (
        gettext_lazy("Who finishes receives no certificate."),
        gettext_lazy("Choose a design, or leave it empty if that is what you mean."),
    ),
    "pale_colour": (
        gettext_lazy(
            "The colour of the certificate is hard to read on white (contrast %(contrast)s, 4.5 is needed)."
        ),
        gettext_lazy(
            "Words are printed darker by themselves; choose a darker colour to see it as you meant it."
        ),
    ),
    "nothing_needed": (
        gettext_lazy("None of its parts is needed to finish, so nobody can complete it."),
        gettext_lazy("Open a part and switch on “needed to finish”."),
    ),
    "needed_too_many": (
        gettext_lazy("%(needed)s parts are needed, but only %(count)s can be done: all of them count."),
        gettext_lazy("Lower the number, or publish further parts."),
    ),
    "needed_too_many_sessions": (
        gettext_lazy("%(needed)s sessions are needed, but there are only %(count)s: all of them count."),
        gettext_lazy("Lower the number, or let it repeat longer."),
    ),
    "no_summary": (
        gettext_lazy("The summary is missing."),
        gettext_lazy("Write one or two sentences: lists, search results and shared links show them."),
    ),
    "no_content": (
        gettext_lazy("There is nothing to read, watch or try."),
        gettext_lazy("Add a first block to the content."),
    ),
    "picture_without_words": (
        gettext_lazy("A picture has no words that stand for it."),
        gettext_lazy("Say what it shows, or mark it as decoration."),
    ),
    "link_gone": (
        gettext_lazy("A link leads to a page that is no longer there."),
        gettext_lazy("Let it lead elsewhere, or take it out."),
    ),
    "link_to_draft": (
        gettext_lazy("A link leads to “%(title)s”, which is not published: readers find nothing there."),
        gettext_lazy("Publish that page first, or take the link out."),
    ),
    "no_translation": (
        gettext_lazy("There is no page in %(language)s."),
        gettext_lazy("Translate it from the menu beside the title, when this page is as you want it."),
    ),
    "translation_draft": (
        gettext_lazy("The page in %(language)s is not published."),
        gettext_lazy("Open it, read it through, and publish it."),
    ),
    "translation_older": (
        gettext_lazy("The page in %(language)s is older than this one."),
        gettext_lazy("Look whether what you changed here is true there as well."),
    ),
    "source_newer": (
        gettext_lazy("The page in %(language)s was published after this translation was last written."),
        gettext_lazy("Look what changed there, and bring it over."),
    ),
}


def _only_drafts(number: int) -> tuple[str, str]:
    what = ngettext(
        "Its only part is a draft: learners find nothing in it.",
        "All %(count)s parts are drafts: learners find nothing in it.",
        number,
    )
    return what, gettext("Publish the parts below this page.")


def _some_drafts(number: int) -> tuple[str, str]:
    what = ngettext(
        "%(count)s part below is a draft, so learners do not see it.",
        "%(count)s parts below are drafts, so learners do not see them.",
        number,
    )
    return what, gettext("Publish them when they are ready.")


COUNTED: dict[str, Callable[[int], tuple[str, str]]] = {
    "only_drafts": _only_drafts,
    "some_drafts": _some_drafts,
}

EMPTY = {
    "curriculum": (
        gettext_lazy("The curriculum is empty."),
        gettext_lazy("Add a course or a webinar series below it."),
    ),
    "course": (
        gettext_lazy("The course is empty."),
        gettext_lazy("Add a module, a lesson or a webinar series below it, and publish it."),
    ),
    "module": (
        gettext_lazy("The module is empty."),
        gettext_lazy("Add a lesson below it, and publish it."),
    ),
}


def sentences(finding: Finding) -> tuple[str, str]:
    """Return what is so, and what to do, in the active language."""
    if finding.code in COUNTED:
        what, todo = COUNTED[finding.code](finding.params["count"])
    elif finding.code == "empty":
        what, todo = EMPTY[finding.params["kind"]]
    else:
        what, todo = SENTENCES[finding.code]
    return str(what) % finding.params, str(todo)
