"""The form that begins a course: where it stands, what it is called, and one line for each lesson."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Locale, Site
from wagtail.permissions import page_permission_policy

from lms.pages.guide.outline import LONGEST, MOST_LINES, Lesson, Module, OutlineError, read_outline
from lms.pages.models import CoursePage, CurriculumPage

#: The choice that makes a curriculum of its own.
NEW = "new"


class OutlineField(forms.CharField):
    """Typed lines, as lessons and modules. Says which line is wrong."""

    widget = forms.Textarea

    def clean(self, value: Any) -> tuple[Lesson | Module, ...]:
        """Return the lessons and modules."""
        try:
            return read_outline(super().clean(value))
        except OutlineError as error:
            raise forms.ValidationError(_refusal(error)) from error


def _refusal(error: OutlineError) -> str:
    if error.code == "too_many":
        return ngettext(
            "A course has at most %(number)s line. Make two courses of it.",
            "A course has at most %(number)s lines. Make two courses of it.",
            MOST_LINES,
        ) % {"number": MOST_LINES}
    if error.code == "too_long":
        return _("Line %(line)s is too long for a title: “%(text)s…”. Write at most %(number)s letters.") % {
            "line": error.line,
            "text": error.text,
            "number": LONGEST,
        }
    if error.code == "no_lesson":
        return _(
            "The module “%(title)s” has no lesson. Write its lessons below it, or take the colon at its end away."
        ) % {"title": error.text}
    return _("Write at least one lesson, on a line of its own.")


class NewCourseForm(forms.Form):
    """What is asked before the drafts are made. Only places where this person may add pages are offered."""

    title = forms.CharField(
        label=gettext_lazy("Title of the course"),
        max_length=LONGEST,
        help_text=gettext_lazy("What people will learn, such as: Selling with photos from your phone."),
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One or two sentences for lists and shared links. It may follow later."),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where it stands"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "A curriculum is a set of courses about one subject, with a colour of its own."
        ),
    )
    curriculum_title = forms.CharField(
        label=gettext_lazy("Title of the new curriculum"),
        required=False,
        max_length=LONGEST,
        help_text=gettext_lazy("Only for a new one, such as: Digital marketing."),
    )
    outline = OutlineField(
        label=gettext_lazy("Lessons, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "A line that ends with a colon begins a module, and the lines after it are its lessons. All of it can be "
            "changed, moved and added to later."
        ),
    )
    with_quiz = forms.BooleanField(
        label=gettext_lazy("A quiz at the end"),
        required=False,
        initial=True,
        help_text=gettext_lazy("You choose or write its questions afterwards."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.curricula = curricula_for(user)
        self.root = root_for(user)
        choices = [(str(pk), page.get_admin_display_title()) for pk, page in self.curricula.items()]
        if self.root is not None:
            choices.append((NEW, _("A new curriculum")))
        else:
            del self.fields["curriculum_title"]
        self.fields["place"].choices = choices
        self.initial.setdefault("place", choices[0][0] if choices else "")

    @property
    def possible(self) -> bool:
        """Whether there is any place where this person may make a course."""
        return bool(self.fields["place"].choices)

    def clean(self) -> dict[str, Any]:
        """A new curriculum needs a title."""
        cleaned = super().clean()
        if cleaned.get("place") == NEW and not cleaned.get("curriculum_title"):
            self.add_error("curriculum_title", _("Write a title for the new curriculum."))
        return cleaned


def curricula_for(user: Any) -> dict[int, CurriculumPage]:
    """Return the curricula, in the main language, below which a person may add a course."""
    allowed = page_permission_policy.instances_user_has_permission_for(user, "add")
    found = CurriculumPage.objects.filter(
        pk__in=allowed.order_by().values("pk"), alias_of=None, locale=Locale.get_default()
    ).order_by("path")
    return {page.pk: page for page in found if CoursePage.can_create_at(page)}


def root_for(user: Any) -> Any:
    """Return the first page of a site below which a person may add a curriculum, or None."""
    for site in Site.objects.order_by("-is_default_site", "pk").select_related("root_page"):
        page = site.root_page
        if CurriculumPage.can_create_at(page.specific) and page.permissions_for_user(user).can_add_subpage():
            return page
    return None
