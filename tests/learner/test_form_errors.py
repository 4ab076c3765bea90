"""What somebody reads who has filled in a form wrongly: a summary that leads to each field, and every entry still there."""

from __future__ import annotations

import datetime as dt
import html
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lms.core import clock
from tests.learner.test_course import make_course
from tests.learner.test_quiz import PDF, quiz_for, start
from tests.learner.test_way_in import address as enrol_address
from tests.learner.test_way_in import cohort, rule
from tests.seating import make_learner, make_offer
from tests.webinars.test_registration import address as register_address
from tests.webinars.test_registration import fields

pytestmark = pytest.mark.django_db


class Form(HTMLParser):
    """The fields of an answer, and what they say of themselves."""

    def __init__(self, response):
        super().__init__()
        self.ids, self.summary, self.described, self.wrong = set(), [], [], []
        self.values = {}
        self._depth = 0
        self._group = ""
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            assert attrs["id"] not in self.ids, f"twice: {attrs['id']}"
            self.ids.add(attrs["id"])
        if tag == "div":
            self._depth += 1 if self._depth or attrs.get("class") == "errors" else 0
        if tag == "a" and self._depth:
            self.summary.append(attrs["href"])
        if "aria-describedby" in attrs:
            self.described += attrs["aria-describedby"].split()
        if tag == "fieldset":
            self._group = attrs.get("aria-describedby", "")
        if attrs.get("aria-invalid") == "true":
            # A choice of several is described as one group.
            choice = attrs.get("type") in ("radio", "checkbox") and "aria-describedby" not in attrs
            self.wrong.append(self._group if choice else attrs.get("aria-describedby", ""))
        if tag == "input" and attrs.get("type") in ("text", "email"):
            self.values[attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag == "div" and self._depth:
            self._depth -= 1


def check(response, *, links):
    """Every link of the summary leads to a place on the page, and whatever is wrong says why."""
    form = Form(response)
    assert form.summary == [f"#{each}" for each in links]
    assert set(links) <= form.ids
    assert set(form.described) <= form.ids, set(form.described) - form.ids
    assert form.wrong
    assert all("error" in each for each in form.wrong)
    return form


def test_registering_wrongly_keeps_what_was_typed(client):
    series = make_offer(sessions=2)
    page = client.get(register_address(series))
    typed = fields(page) | {"name": "Siti <Aminah>", "email": "siti@", "zone": "Asia/Jayapura"}
    answer = client.post(register_address(series), typed)
    form = check(answer, links=["id_email", "id_consent"])
    assert form.values["name"] == "Siti <Aminah>" and form.values["email"] == "siti@"
    assert '<option value="Asia/Jayapura" selected>' in answer.content.decode()


def test_a_choice_among_dates_that_is_missing_is_reached_too(client):
    course = make_course()[0]
    rule(course, "cohorts")
    cohort(course)
    cohort(course, "Mei")
    page = client.get(enrol_address(course))
    answer = client.post(
        enrol_address(course), fields(page) | {"name": "Siti", "email": "siti@contoh.example"}
    )
    form = check(answer, links=["id_consent", "id_which"])
    assert "id_which_error" in form.described and form.values["email"] == "siti@contoh.example"


def learner():
    return make_learner("Siti Aminah", "siti@contoh.example", language="en", verified=True)


def test_an_answer_that_cannot_be_saved_stays_and_says_so(client):
    siti = learner()
    path, attempt = start(client, siti, quiz_for(siti, ["single", "number"]))
    key = attempt.paper["questions"][1]["key"]
    answer = client.post(path, {f"r-{key}": "0", f"q-{key}": "dua <ratus> " * 30, "do": "submit"})
    assert answer.status_code == 409
    form = check(answer, links=["q2"])
    assert form.values[f"q-{key}"].startswith("dua <ratus> dua")
    attempt.refresh_from_db()
    assert attempt.state == "open"


@pytest.mark.parametrize(
    ("name", "content"), [("virus.exe", PDF), ("kosong.pdf", b""), ("bohong.pdf", b"MZ\x90")]
)
def test_a_file_that_cannot_be_taken_says_why_and_keeps_the_words(client, name, content, monkeypatch):
    now = dt.datetime(2027, 3, 2, 10, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    siti = learner()
    path, attempt = start(client, siti, quiz_for(siti, ["written_task"]))
    key = attempt.paper["questions"][0]["key"]
    sent = {f"r-{key}": "0", f"q-{key}": "Kata-kata & rencana.", "do": "submit"}
    answer = client.post(path, sent | {f"f-{key}": [SimpleUploadedFile(name, content)]})
    form = check(answer, links=["q1"])
    assert "Kata-kata & rencana." in html.unescape(answer.content.decode())
    assert f"help-f-{key}" in form.ids
