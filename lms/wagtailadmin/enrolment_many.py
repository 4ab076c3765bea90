"""Enrolling many people from a file: a preview first, and nobody is enrolled before it was confirmed.

The preview holds what was read, signed, so that nothing of the file is kept anywhere and what is applied is what was seen.
"""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from lms.core.exceptions import KelasError
from lms.core.not_found import stays_not_found
from lms.progress import runs
from lms.reports.list_files import MOST_BYTES, BadList
from lms.reports.people_list import PeopleList, Person, Problem, read_people
from lms.reports.services import enrol_people, known_people, taking_part
from lms.reports.tables import as_csv, as_xlsx
from lms.wagtailadmin.enrolment_log import note
from lms.wagtailadmin.enrolment_views import CourseView

#: Seconds for which a preview can be confirmed.
VALID = 24 * 60 * 60
#: People and problems that the preview shows; all of them count.
SHOWN = 200


class ListForm(forms.Form):
    """The file, as it comes from a spreadsheet program."""

    people = forms.FileField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy(
            "CSV or an Excel workbook (.xlsx) with the columns “Name” and “E-mail”, and if you like “Language” (id, en) and "
            "“Time zone” (WIB, WITA, WIT). At most 2,000 people."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,  # the reader says what to do about an empty one
    )

    def clean_people(self) -> UploadedFile:
        """Refuse a file that is far too large before it is read."""
        upload: UploadedFile = self.cleaned_data["people"]
        if upload.size is not None and upload.size > MOST_BYTES:
            raise forms.ValidationError(list_words(BadList("too_large", limit=MOST_BYTES >> 20)))
        return upload


class EnrolManyView(CourseView):
    """The form, the preview, and the enrolment."""

    template_name = "lms/wagtailadmin/enrolment/many.html"
    label = gettext_lazy("Enrol many")
    decides = True
    place = "many"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(form=ListForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Read a file for a preview, or enrol whom a preview showed."""
        if "list" in request.POST:
            return self.apply(request)
        form = ListForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                found = read_people(form.cleaned_data["people"].read())
            except BadList as error:
                form.add_error("people", list_words(error))
            else:
                return self.preview(found)
        messages.error(request, _("Nobody was enrolled. The reason stands below, at the file."))
        return self.show(form=form)

    def preview(self, found: PeopleList, error: str = "") -> HttpResponse:
        """Show who would be enrolled, and what is wrong in which row."""
        known = known_people(found.people)
        inside = taking_part(self.course.pk, [learner.pk for learner in known.values()])
        rows: list[dict[str, Any]] = []
        already = 0
        for place, person in enumerate(found.people):
            learner = known.get(place)
            there = learner is not None and learner.pk in inside
            already += there
            if len(rows) < SHOWN:
                rows.append({"person": person, "known": learner is not None, "already": there})
        return self.show(
            status=409 if error else 200,
            error=error,
            form=ListForm(),
            found=found,
            rows=rows,
            more=max(0, len(found.people) - SHOWN),
            new=len(found.people) - len(known),
            already=already,
            to_enrol=len(found.people) - already,
            problems=[(each, problem_words(each)) for each in found.serious[:SHOWN]],
            remarks=[(each, problem_words(each)) for each in found.problems if not each.serious][:SHOWN],
            cohorts=runs.cohorts_of(self.course.pk),
            chosen=self.request.POST.get("cohort", ""),
            signed=signing.dumps([astuple(person) for person in found.people], salt=self.salt, compress=True),
        )

    @property
    def salt(self) -> str:
        """Bind a preview to the course and to the person who saw it."""
        return f"lms.enrol_many:{self.course.key}:{self.request.user.pk}"

    def apply(self, request: HttpRequest) -> HttpResponse:
        """Enrol the people of a preview. Pressing the button twice is pressing it once."""
        try:
            values = signing.loads(request.POST["list"], salt=self.salt, max_age=VALID)
        except signing.BadSignature:
            messages.error(
                request, _("This preview is too old or of another course. Choose the file once more.")
            )
            return redirect(request.path)
        people = [Person(*each) for each in values]
        key = request.POST.get("cohort", "")
        cohort = runs.cohorts_of(self.course.pk).filter(public_id=key).first() if key else None
        if key and cohort is None:
            return self.preview(PeopleList(people), error=_("Choose a cohort from the list."))
        try:
            done = enrol_people(
                activity_id=self.course.pk,
                people=people,
                cohort_id=cohort.pk if cohort else None,
                send_links="send_links" in request.POST,
            )
        except KelasError as refusal:
            return self.preview(PeopleList(people), error=str(refusal))
        note(course=self.course, user=request.user, what="enrol", number=done.enrolled)
        words = ngettext("%(number)s person was enrolled.", "%(number)s people were enrolled.", done.enrolled)
        said = words % {"number": done.enrolled}
        others = done.people - done.enrolled
        if others:
            words = ngettext(
                "%(number)s takes part already, or their run has ended.",
                "%(number)s take part already, or their run has ended.",
                others,
            )
            said = f"{said} {words % {'number': others}}"
        messages.success(request, said)
        return redirect(self.address)


def list_words(error: BadList) -> str:
    """Return what is wrong with a file, and what to do, in a sentence."""
    words = {
        "empty": _("The file is empty. Fill the example and choose that file."),
        "nobody": _("There is nobody in the list: no row below the names of the columns is filled."),
        "other_kind": _(
            "This is neither a CSV file nor an Excel workbook (.xlsx). Save the list as one of these."
        ),
        "damaged": _(
            "The file cannot be read as a table from row %(row)s on. Is a quotation mark missing there?"
        ),
        "damaged_book": _(
            "This workbook is damaged or protected by a password. Save it once more, without one."
        ),
        "long_cell": _("Row %(row)s has a far too long cell. Is a quotation mark missing there?"),
        "too_large": _("The file is larger than %(limit)s MB. A list of people is smaller; check the file."),
        "too_many": _("A list may have %(limit)s people. Cut it in two, and enrol one after the other."),
        "no_columns": _(
            "No row with the columns “Name” and “E-mail” was found (not found: %(missing)s). Write these names above the "
            "list, or fill the example."
        ),
    }
    params = dict(error.params)
    if "missing" in params:
        titles = {"name": _("Name"), "email": _("E-mail")}
        params["missing"] = ", ".join(titles[each] for each in params["missing"])
    return words[error.code] % params


def problem_words(problem: Problem) -> str:
    """Return what is wrong or odd in a row, and what to do, in a sentence."""
    words = {
        "no_name": _("There is no name."),
        "bad_name": _("“%(value)s” is not a name: it has no letter."),
        "long_name": _("The name is longer than %(other)s characters."),
        "formula": _("“%(value)s” is a formula, or begins like one. Write the text itself."),
        "no_email": _("There is no e-mail address."),
        "bad_email": _("“%(value)s” is not a complete e-mail address."),
        "odd_email": _("“%(value)s” may be misspelt: did they mean %(other)s? It is used as it stands."),
        "bad_language": _("“%(value)s” is not a language here. Write id or en, or leave it empty."),
        "bad_zone": _("“%(value)s” is not a time zone. Write WIB, WITA or WIT, or leave it empty."),
        "twice": _("%(value)s stands in row %(other)s already, with the same address, and is enrolled once."),
    }
    return words[problem.code] % {"value": problem.value, "other": problem.other}


def example(request: HttpRequest, form: str) -> HttpResponseBase:
    """Send a list with the right columns, to fill."""
    rows = [
        [_("Name"), _("E-mail"), _("Language"), _("Time zone")],
        ["Siti Aminah", "siti@toko.example", "id", "WITA"],
        ["Budi Santoso", "budi@warung.example", "id", "WIB"],
    ]
    name = _("participants")
    if form not in ("csv", "xlsx"):
        raise Http404
    return as_xlsx(rows, name) if form == "xlsx" else as_csv(rows, name)


urlpatterns = [
    path("courses/list-of-people.<str:form>", example, name="lms_enrol_example"),
    path("courses/<uuid:key>/enrol/", EnrolManyView.as_view(), name="lms_enrol_many"),
]
for pattern in urlpatterns:
    pattern.callback = stays_not_found(pattern.callback)
