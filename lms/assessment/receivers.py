"""What this area writes when others report news. Connected from the app's ready()."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lms import signals
from lms.assessment import person, services
from lms.catalogue import kinds
from lms.catalogue.models import Activity
from lms.core import work

QUIZ = "quiz"


def connect() -> None:
    """Register this area's kind, its person handlers and its sweep, and connect its receivers. Called once."""
    from lms.assessment import tasks  # noqa: PLC0415 -- app ready

    kinds.register(kinds.Kind(QUIZ, _("quiz")))
    signals.compiled.connect(quiz_compiled, weak=False, dispatch_uid="lms.assessment.quiz_compiled")
    work.register_sweep("assessment", tasks.sweep_assessment)
    person.connect()


def quiz_compiled(sender: type, activity: Activity, page: Any | None, **kwargs: Any) -> int:
    """A page was compiled: if it is a quiz, its rows follow. Returns how many rows were written."""
    if activity.kind != QUIZ:
        return 0
    return services.compile_quiz(activity=activity, page=page)
