"""An attempt at a quiz: the questions as one form, answers saved one by one, handing in, and the result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms import conf
from lms.assessment import queries as assessment
from lms.assessment import services
from lms.assessment.forms import Posted, read_answers
from lms.assessment.models import AnswerFile, Attempt
from lms.assessment.queries import PaperQuestion
from lms.assessment.refusals import Refused
from lms.core import clock
from lms.core.exceptions import KelasError
from lms.core.public_ids import is_public_id
from lms.learner.gate import QUIZ, Opening, may_open
from lms.learner.queries import questions, room
from lms.learner.queries.course_room import finish_of
from lms.learner.queries.quiz import deadline_words, handed_in_words, outcome_words, percent_of
from lms.learner.views.personal import personal
from lms.learner.views.quiz import closed
from lms.learner.views.trouble import trouble
from lms.people.models import Learner

#: A request with an answer is never longer than a task's words in the widest script, and what stands around them.
MOST_BYTES = 200_000


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: HttpRequest, token: str, learner: Learner, attempt: str) -> HttpResponse:
    """Show the questions, or the result of what was handed in; by POST save all answers, and hand in."""
    found = _find(learner, attempt)
    if found is None:
        return trouble(request, "gone", 404, token=token)
    found = _on_time(found)
    opening = may_open(learner=learner, key=found.quiz.activity.key, kind=QUIZ)
    if found.state != Attempt.State.OPEN:
        # The result stays one's own, whatever became of the course; and handing in twice is handing in once.
        return _result(request, token, learner, found, opening)
    if opening is None:
        return trouble(request, "gone", 404, token=token)
    if not opening.open:
        return closed(request, token, learner, opening)
    if request.method == "POST":
        return _posted(request, token, learner, found, opening)
    return _questions(request, token, learner, found, opening)


def _find(learner: Learner, public_id: str) -> Attempt | None:
    return assessment.attempt_of(learner.pk, public_id) if is_public_id(public_id) else None


def _on_time(found: Attempt) -> Attempt:
    """Hand in an attempt whose time is over, and return it as it stands then."""
    late = found.closes_at is not None and found.closes_at <= clock.now()
    if found.state == Attempt.State.OPEN and late:
        services.submit(attempt_id=found.pk)
        found.refresh_from_db()
    return found


def _posted(
    request: HttpRequest, token: str, learner: Learner, found: Attempt, opening: Opening
) -> HttpResponse:
    here = reverse("lms_public:person_attempt", args=[token, found.public_id])
    errors: dict[str, str] = {}
    for question, given in read_answers(assessment.paper_of(found), cast(Posted, request.POST)):
        try:
            if isinstance(given, Refused):
                raise given
            if question.answer_with != "files" or question.kind != "written_task":
                services.save_answer(
                    attempt_id=found.pk,
                    question_key=given.question_key,
                    response=given.response,
                    revision=given.revision,
                )
            for upload in request.FILES.getlist(f"f-{question.key}"):
                services.hand_in_file(attempt_id=found.pk, question_key=question.key, upload=upload)
        except Refused as refused:
            if refused.code in ("submitted", "time-is-up"):
                # Another tab handed in, or time is up: what was saved before counts, and the result says so.
                services.submit(attempt_id=found.pk)
                return HttpResponseRedirect(here)
            errors[question.key] = str(refused)
    action = request.POST.get("do", "save")
    if is_public_id(file := action.removeprefix("remove:")):
        services.take_back_file(attempt_id=found.pk, public_id=file)
    if errors:
        return _questions(request, token, learner, found, opening, errors=errors, typed=request.POST)
    if action != "submit":
        return HttpResponseRedirect(f"{here}?saved=1")
    if not request.POST.get("sure") and _unanswered(found):
        return HttpResponseRedirect(f"{here}?check=1")
    services.submit(attempt_id=found.pk)
    return HttpResponseRedirect(here)


def _unanswered(found: Attempt) -> list[PaperQuestion]:
    return [each for each in assessment.paper_of(found).questions if not each.answered]


def _questions(
    request: HttpRequest,
    token: str,
    learner: Learner,
    found: Attempt,
    opening: Opening,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, Any] | None = None,
) -> HttpResponse:
    paper = assessment.paper_of(found)
    unanswered = [each for each in paper.questions if not each.answered] if "check" in request.GET else []
    values = _about(request, token, learner, found, opening) | {
        "paper": paper,
        "asked": questions.fields_of(paper, errors=errors or {}, typed=typed),
        "errors": errors,
        "saved": "saved" in request.GET,
        "unanswered": unanswered,
        "deadline": deadline_words(found, learner),
        "most_files": conf.TASK_FILES_PER_ANSWER,
        "accept": ",".join(f".{each}" for each in conf.TASK_FILE_TYPES),
        "file_types": ", ".join(conf.TASK_FILE_TYPES),
        "most_bytes": conf.TASK_FILE_MAX_BYTES,
    }
    template = "lms/learner/attempt_check.html" if unanswered else "lms/learner/attempt.html"
    return render(request, template, values, status=409 if errors else 200)


def _about(
    request: HttpRequest, token: str, learner: Learner, found: Attempt, opening: Opening | None
) -> dict[str, Any]:
    language = translation.get_language() or ""
    return {
        "token": token,
        "learner": learner,
        "page_language": language,
        "attempt": found,
        "around": room.around(opening, token=token, language=language) if opening else None,
        "opening": opening,
    }


def _result(
    request: HttpRequest, token: str, learner: Learner, found: Attempt, opening: Opening | None
) -> HttpResponse:
    review = assessment.review_of(found)
    values = _about(request, token, learner, found, opening) | {
        "review": review,
        "asked": [questions.reviewed(each) for each in review.questions],
        "outcome": outcome_words(found),
        "handed_in": handed_in_words(found, learner),
        "percent": percent_of(found),
        **finish_of(learner, opening),
        "again": opening is not None
        and opening.open
        and assessment.may_start(learner.pk, found.quiz.activity_id) is None,
    }
    return render(request, "lms/learner/result.html", values)


@personal
@require_POST
def answers(request: HttpRequest, token: str, learner: Learner, attempt: str) -> HttpResponse:
    """Save one answer that a script sent: ``{"question", "response", "revision"}``. Without a question: only tell the time."""
    found = _find(learner, attempt)
    opening = may_open(learner=learner, key=found.quiz.activity.key, kind=QUIZ) if found else None
    if found is None or opening is None:
        return _told("gone", "", 404)
    if not opening.open:
        return _told("not-open", "", 403)
    try:
        sent = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        return _told("shape", str(Refused("shape")), 400)
    try:
        saved = _save(found, sent)
    except KelasError as refused:
        if refused.code == "time-is-up":
            services.submit(attempt_id=found.pk)
        return _told(refused.code, str(refused), 409 if refused.code in ("submitted", "time-is-up") else 400)
    left = None
    if found.deadline_at is not None:
        left = max(0, int((found.deadline_at - clock.now()).total_seconds()))
    return JsonResponse({**saved, "seconds_left": left})


def _save(found: Attempt, sent: dict[str, Any]) -> dict[str, Any]:
    if "question" not in sent:
        if found.state != Attempt.State.OPEN:
            raise Refused("submitted")
        return {}
    revision = sent.get("revision")
    saved = services.save_answer(
        attempt_id=found.pk,
        question_key=str(sent["question"])[:40],
        response=sent.get("response"),
        revision=revision if isinstance(revision, int) and not isinstance(revision, bool) else None,
    )
    return {"revision": saved.revision, "stale": saved.stale}


def _told(code: str, words: str, status: int) -> HttpResponse:
    answer = JsonResponse({"code": code, "error": words})
    answer.status_code = status
    return answer


@personal
@require_safe
def answer_file(
    request: HttpRequest, token: str, learner: Learner, attempt: str, file: str
) -> HttpResponseBase:
    """Give a learner a file back that they handed in."""
    found = _find(learner, attempt)
    row = (
        AnswerFile.objects.filter(public_id=file, answer__attempt=found).first()
        if found is not None and is_public_id(file)
        else None
    )
    if row is None or not row.file:
        return trouble(request, "gone", 404, token=token)
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)
    # Whatever it is, it is a download and nothing that runs here.
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
