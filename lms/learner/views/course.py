"""Starting a course: the same form as for a series, and the same receipt."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from lms import conf
from lms.catalogue.models import Activity
from lms.catalogue.queries import public_title_in, public_url_in
from lms.core.exceptions import KelasError
from lms.core.own_forms import own_forms_only
from lms.learner import queries, services
from lms.learner.forms import CourseForm
from lms.people.queries import learner_of_account, personal_token
from lms.people.views import Receipt, keep_receipt, not_shared, read_receipt, refuse
from lms.progress import runs
from lms.progress.access import open_to_all
from lms.progress.offers import offer_of


@own_forms_only
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show the form; take it, and lead to the receipt."""
    course = queries.public_course(key)
    if course is None:
        return not_shared(render(request, "lms/webinars/no_offer.html", status=404))
    offer = offer_of(course.pk)
    posted = request.method == "POST"
    form = CourseForm(request.POST if posted else None, offer=offer)
    status = 200
    if posted and not offer.open:
        status = 409
    elif posted:
        status = refuse(request, form)
        if not status:
            try:
                return _enrolled(request, course, form)
            except KelasError as refusal:
                form.add_error(None, str(refusal))
                status = 409
    values = {
        **_about(course),
        "form": form,
        "offer": offer,
        "open_to_all": course.pk in open_to_all([course.pk]),
        "privacy_url": conf.PRIVACY_URL,
    }
    response = render(request, "lms/learner/enrol.html", values, status=status)
    if status == 429:
        response["Retry-After"] = "60"
    return not_shared(response)


def _enrolled(request: HttpRequest, course: Activity, form: CourseForm) -> HttpResponse:
    typed = form.cleaned_data
    services.start_course(
        course=course,
        name=typed["name"],
        email=typed["email"],
        zone=typed["zone"],
        language=get_language() or "",
        attempt=typed["attempt"],
        consent_wording=form.consent_wording,
        cohort=typed.get("which", ""),
    )
    path = reverse("lms:enrolled", args=[course.key])
    response = HttpResponseRedirect(path)
    receipt = Receipt(typed["name"], typed["email"], typed["zone"])
    keep_receipt(response, receipt, path=path, secure=request.is_secure())
    return not_shared(response)


@require_http_methods(["GET", "HEAD"])
def enrolled(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Say that it worked, and what comes next. It tells nothing of who is known here.

    Only who is signed in is led on into their room; everybody else gets there by the mail.
    """
    course = queries.public_course(key)
    if course is None:
        return not_shared(render(request, "lms/webinars/no_offer.html", status=404))
    values = {
        **_about(course),
        "offer": offer_of(course.pk),
        "receipt": read_receipt(request, path=request.path),
        "room_url": _room_url(request, course),
    }
    return not_shared(render(request, "lms/learner/enrolled.html", values))


def _room_url(request: HttpRequest, course: Activity) -> str:
    """Return where a signed-in learner who is in the course goes on; empty for everybody else."""
    learner = learner_of_account(getattr(request, "user", None))
    if learner is None or not runs.runs_of_course(course.pk).filter(learner=learner).exists():
        return ""
    return reverse("lms_public:person_course", args=[personal_token(learner), course.key])


def _about(course: Activity) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "title": public_title_in(course, language),
        "page_url": public_url_in(course, language),
        "register_url": reverse("lms:enrol", args=[course.key]),
    }
