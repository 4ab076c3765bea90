"""What is wrong with a draft. Pure functions on plain values: no database, no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterator

from lms.wagtailadmin.checks.values import Facts, Finding, Level, Target

STOP, TELL = Level.STOP, Level.TELL
#: Least contrast of text with its ground (WCAG 2.2, 1.4.3).
READABLE = 4.5
#: Kinds with parts below them.
WITH_PARTS = ("curriculum", "course", "module")


def findings(facts: Facts) -> list[Finding]:
    """Return everything that an editor should know before publishing, what stops it first.

    Args:
        facts: of the page as drafted.
    """
    found = [
        *_dates(facts),
        *_quiz(facts),
        *_rules(facts),
        *_parts(facts),
        *_content(facts),
        *_languages(facts),
    ]
    return sorted(found, key=lambda each: each.level != STOP)


def _dates(facts: Facts) -> Iterator[Finding]:
    if facts.kind != "webinar_series":
        return
    if facts.rules:
        if not facts.dated:
            yield Finding("no_date", STOP, "start_date")
        elif facts.sessions == 0:
            yield Finding("no_sessions", STOP, "recurrence")
        elif facts.to_come == 0:
            yield Finding("all_over", TELL, "start_date", params={"count": facts.sessions})
        if not facts.join_url:
            yield Finding("no_join_url", TELL, "join_url")
        if facts.needed and facts.sessions and facts.needed > facts.sessions:
            params = {"needed": facts.needed, "count": facts.sessions}
            yield Finding("needed_too_many_sessions", TELL, "needed", params=params)
    if not facts.speakers:
        yield Finding("no_speaker", TELL, "speakers")


def _quiz(facts: Facts) -> Iterator[Finding]:
    if facts.kind == "quiz" and facts.rules and not facts.questions:
        yield Finding("no_questions", STOP, "questions")


def _rules(facts: Facts) -> Iterator[Finding]:
    """What nobody could fulfil, and what counts for nothing."""
    if not facts.rules:
        return
    for title in facts.unpublished_before:
        yield Finding("unpublished_before", STOP, "prerequisites", params={"title": title})
    if facts.valid_days is not None:
        if facts.kind == "course":
            for part in facts.parts:
                if part.required and part.opens_after >= facts.valid_days:
                    params = {"title": part.title, "days": part.opens_after, "valid": facts.valid_days}
                    yield Finding("part_opens_too_late", STOP, "valid_months", params=params)
        elif facts.required and facts.opens_after >= facts.valid_days:
            params = {"days": facts.opens_after, "valid": facts.valid_days}
            yield Finding("opens_too_late", STOP, "opens_after_days", params=params)
    if facts.kind == "lesson" and bool(facts.recording_minutes) != bool(facts.watch_percent):
        lacking = "watch_percent" if facts.recording_minutes else "recording_minutes"
        yield Finding("recording_half", TELL, lacking)
    if facts.cohorts and not facts.cohorts_open:
        yield Finding("no_cohort", TELL, "enrolment_mode")
    if facts.kind == "course" and not facts.offers_certificate:
        yield Finding("no_certificate", TELL, "certificate_design")
    if facts.accent_contrast is not None and facts.accent_contrast < READABLE:
        params = {"contrast": round(facts.accent_contrast, 1)}
        yield Finding("pale_colour", TELL, "certificate_design", params=params)


def _parts(facts: Facts) -> Iterator[Finding]:
    if facts.kind not in WITH_PARTS or not facts.rules:
        return
    if not facts.parts:
        if facts.drafts:
            yield Finding("only_drafts", TELL, params={"count": facts.drafts})
        else:
            yield Finding("empty", TELL, params={"kind": facts.kind})
        return
    counted = sum(part.required for part in facts.parts)
    if not counted:
        yield Finding("nothing_needed", TELL, params={"count": len(facts.parts)})
    elif facts.needed and facts.needed > counted:
        yield Finding("needed_too_many", TELL, "needed", params={"needed": facts.needed, "count": counted})
    if facts.drafts:
        yield Finding("some_drafts", TELL, params={"count": facts.drafts})


def _content(facts: Facts) -> Iterator[Finding]:
    if not facts.summary:
        yield Finding("no_summary", TELL, "summary")
    if facts.kind == "lesson" and not facts.content:
        yield Finding("no_content", TELL, "body")
    for picture in facts.pictures:
        if not picture.words.strip() and not picture.decorative:
            yield Finding("picture_without_words", STOP, picture.field, picture.block)
    for link in facts.links:
        if link.target == Target.GONE:
            yield Finding("link_gone", TELL, link.field, link.block)
        elif link.target == Target.DRAFT:
            yield Finding("link_to_draft", TELL, link.field, link.block, {"title": link.title})


def _languages(facts: Facts) -> Iterator[Finding]:
    if facts.source_newer:
        yield Finding("source_newer", TELL, params={"language": facts.source_newer})
    for each in facts.translations:
        params = {"language": each.language}
        if each.page_id is None:
            yield Finding("no_translation", TELL, params=params)
        elif not each.live:
            yield Finding("translation_draft", TELL, params=params, page_id=each.page_id)
        elif each.older:
            yield Finding("translation_older", TELL, params=params, page_id=each.page_id)
