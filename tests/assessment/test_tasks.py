"""Written tasks: files that are what they say, rubrics within their points, results only when everything is graded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from lms.assessment import queries, services
from lms.assessment.models import Answer, AnswerFile, TaskGrade
from lms.assessment.refusals import Refused
from lms.core.files import private_storage
from lms.progress import queries as records
from tests.assessment.quizzing import bodies, make_question

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 tugas"


def upload(name="tugas.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def task(hands):
    """An attempt with a written task and one question that a machine marks."""
    one = hands([make_question("written_task"), make_question("true_false")], pass_mark=50)
    one.open = one.start()
    one.key = one.open.paper["questions"][0]["key"]
    return one


def hand_in(task, file):
    return services.hand_in_file(attempt_id=task.open.pk, question_key=task.key, upload=file)


def refused(task, file, code):
    with pytest.raises(Refused) as refusal:
        hand_in(task, file)
    assert refusal.value.code == code
    return str(refusal.value)


def test_a_file_is_kept_once_in_private_under_a_name_that_says_nothing(task):
    file = hand_in(task, upload("KTP Siti Aminah.pdf"))
    assert (file.name, file.size, file.content_type) == ("KTP Siti Aminah.pdf", len(PDF), "application/pdf")
    assert "Siti" not in file.file.name and file.file.name.endswith(".pdf")
    assert private_storage().open(file.file.name).read() == PDF
    assert hand_in(task, upload("lagi.pdf")) == file
    assert AnswerFile.objects.count() == 1
    (shown,) = queries.paper_of(task.open).questions[0].files
    assert (shown.public_id, shown.name) == (file.public_id, "KTP Siti Aminah.pdf")


def test_a_file_can_be_taken_back_and_is_deleted(task, django_capture_on_commit_callbacks):
    file = hand_in(task, upload())
    with django_capture_on_commit_callbacks(execute=True):
        assert services.take_back_file(attempt_id=task.open.pk, public_id=file.public_id)
    assert not services.take_back_file(attempt_id=task.open.pk, public_id=file.public_id)
    assert not private_storage().exists(file.file.name) and not AnswerFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpg", b"\xff\xd8\xff\xe0"),
        ("foto.JPEG", b"\xff\xd8\xff\xe0"),
        ("foto.png", b"\x89PNG\r\n\x1a\n"),
        ("foto.webp", b"RIFF\x00\x00\x00\x00WEBP"),
        ("foto.heic", b"\x00\x00\x00\x18ftypheic"),
        ("laporan.docx", b"PK\x03\x04"),
        ("kas.xlsx", b"PK\x03\x04"),
        ("catatan.txt", b"Penjualan hari ini."),
        ("kas.csv", b"a;b\n1;2"),
    ],
)
def test_files_that_are_what_they_say_are_kept(task, name, content):
    assert hand_in(task, upload(name, content)).size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.exe", b"MZ", "file-type"),
        ("tanpa-akhiran", PDF, "file-type"),
        ("halaman.html", b"<script>", "file-type"),
        ("gambar.svg", b"<svg>", "file-type"),
        ("tugas.pdf", b"", "file-empty"),
        ("tugas.pdf", b"MZ %PDF-", "file-content"),
        ("foto.jpg", PDF, "file-content"),
        ("foto.webp", b"RIFF\x00\x00\x00\x00WAVE", "file-content"),
        ("catatan.txt", b"a\x00b", "file-content"),
    ],
)
def test_other_files_are_refused_in_words(task, name, content, code):
    assert len(refused(task, upload(name, content), code)) > 10
    assert not AnswerFile.objects.exists()


def test_size_and_number_are_limited_to_the_byte_and_the_file(task):
    with override_settings(LMS={"TASK_FILE_MAX_BYTES": 20, "TASK_FILES_PER_ANSWER": 2}):
        hand_in(task, upload("a.txt", b"a" * 20))
        assert "20" in refused(task, upload("b.txt", b"b" * 21), "file-size")
        hand_in(task, upload("c.txt", b"c"))
        assert "2" in refused(task, upload("d.txt", b"d"), "file-count")
        hand_in(task, upload("c2.txt", b"c"))
    assert AnswerFile.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Siti\\tugas.txt", "tugas.txt"),
        ("a\x07b.txt", "ab.txt"),
        ("a" * 300 + ".txt", "a" * 196 + ".txt"),
    ],
)
def test_names_hold_no_folders_and_nothing_that_cannot_be_printed(name, kept):
    from lms.assessment.services.files import plain_name

    assert plain_name(name) == kept


def test_files_belong_to_tasks_that_want_them_while_the_attempt_is_open(task, hands):
    key = task.open.paper["questions"][1]["key"]
    with pytest.raises(Refused) as refusal:
        services.hand_in_file(attempt_id=task.open.pk, question_key=key, upload=upload())
    assert refusal.value.code == "no-files"
    words_only = hands(
        [make_question("written_task", value=bodies()["written_task"] | {"answer_with": "text"})]
    )
    attempt = words_only.start()
    with pytest.raises(Refused) as refusal:
        services.hand_in_file(
            attempt_id=attempt.pk, question_key=attempt.paper["questions"][0]["key"], upload=upload()
        )
    assert refusal.value.code == "no-files"
    file = hand_in(task, upload())
    services.submit(attempt_id=task.open.pk)
    refused(task, upload("lain.pdf", PDF + b"2"), "submitted")
    with pytest.raises(Refused):
        services.take_back_file(attempt_id=task.open.pk, public_id=file.public_id)


def test_a_file_of_somebody_else_cannot_be_taken_back(task, hands):
    file = hand_in(task, upload())
    other = hands([make_question("written_task")]).start()
    assert not services.take_back_file(attempt_id=other.pk, public_id=file.public_id)
    assert AnswerFile.objects.exists()


def test_a_task_answered_with_files_takes_no_words(hands):
    one = hands([make_question("written_task", value=bodies()["written_task"] | {"answer_with": "files"})])
    attempt = one.start()
    key = attempt.paper["questions"][0]["key"]
    with pytest.raises(Refused) as refusal:
        services.save_answer(attempt_id=attempt.pk, question_key=key, response="kata")
    assert refusal.value.code == "no-words"
    services.hand_in_file(attempt_id=attempt.pk, question_key=key, upload=upload())
    assert queries.paper_of(attempt).answered == 1
    assert services.submit(attempt_id=attempt.pk).state == "to_grade"


def test_a_file_that_cannot_be_recorded_leaves_nothing_behind(task, monkeypatch):
    def fails(self, *args, **kwargs):
        raise RuntimeError("disk")

    before = _files()
    monkeypatch.setattr(AnswerFile, "save", fails)
    with pytest.raises(RuntimeError):
        hand_in(task, upload("baru.pdf", PDF + b"baru"))
    assert _files() == before


def _files():
    import pathlib

    return sorted(pathlib.Path(private_storage().location).rglob("*.pdf"))


# ── grading ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def handed_in(task):
    services.save_answer(attempt_id=task.open.pk, question_key=task.key, response="Saya menulis.")
    services.submit(attempt_id=task.open.pk)
    task.answer_id = Answer.objects.get(feedback_code="to_grade").pk
    return task


def grade(one, isi, bahasa, **fields):
    return services.grade_task(
        answer_id=one.answer_id, points={"isi": Decimal(isi), "bahasa": Decimal(bahasa)}, **fields
    )


def told(one):
    rows = records.history(learner_id=one.learner.pk).order_by("pk")
    return [(row.verb, row.reason_params["points"]) for row in rows]


def test_a_grade_settles_the_attempt_and_is_dated_when_it_was_handed_in(handed_in, later):
    assert told(handed_in) == []
    grade(handed_in, "4", "1.5", comment="  Lebih rinci.  ")
    row = TaskGrade.objects.get()
    assert (row.points, row.comment, row.criteria) == (
        Decimal("5.5"),
        "Lebih rinci.",
        {"isi": "4", "bahasa": "1.5"},
    )
    handed_in.open.refresh_from_db()
    assert (handed_in.open.points, handed_in.open.passed) == (Decimal("5.5"), True)
    assert told(handed_in) == [("passed", "5.5")]
    assert records.history(learner_id=handed_in.learner.pk).get().occurred_at == handed_in.open.submitted_at


def test_a_changed_grade_takes_back_what_was_said_and_says_it_anew(handed_in):
    grade(handed_in, "6", "4")
    grade(handed_in, "1", "0")
    assert told(handed_in) == [("failed", "1")]
    grade(handed_in, "6", "4")
    assert told(handed_in) == [("passed", "10")]
    grade(handed_in, "6", "4")
    assert told(handed_in) == [("passed", "10")]
    assert TaskGrade.objects.count() == 1
    # Each saying is a record of its own; nothing was edited.
    handed_in.open.refresh_from_db()
    assert handed_in.open.times_said == 3


@pytest.mark.parametrize(
    ("isi", "bahasa", "words"),
    [("6.5", "1", "Isi"), ("-1", "1", "Isi"), ("1", "4.01", "Bahasa"), ("1", "NaN", "Bahasa")],
)
def test_points_outside_a_criterion_are_refused_by_its_title(handed_in, isi, bahasa, words):
    with pytest.raises(Refused) as refusal:
        grade(handed_in, isi, bahasa)
    assert refusal.value.code == "points" and words in str(refusal.value)
    assert not TaskGrade.objects.exists() and told(handed_in) == []


def test_an_unknown_or_missing_criterion_is_refused(handed_in):
    for points in ({"isi": Decimal(1)}, {"isi": Decimal(1), "bahasa": Decimal(1), "lain": Decimal(1)}):
        with pytest.raises(Refused) as refusal:
            services.grade_task(answer_id=handed_in.answer_id, points=points)
        assert refusal.value.code == "points"


def test_what_is_no_task_or_not_handed_in_is_not_graded(task, handed_in):
    other = Answer.objects.exclude(pk=handed_in.answer_id).get()
    with pytest.raises(Refused) as refusal:
        services.grade_task(answer_id=other.pk, points={})
    assert refusal.value.code == "not-a-task"


def test_an_attempt_in_progress_is_not_graded(task):
    answer = Answer.objects.order_by("pk").first()
    with pytest.raises(Refused) as refusal:
        services.grade_task(answer_id=answer.pk, points={"isi": Decimal(1), "bahasa": Decimal(1)})
    assert refusal.value.code == "not-submitted"


def test_an_empty_task_is_worth_nothing_and_waits_for_nobody(task):
    attempt = services.submit(attempt_id=task.open.pk)
    assert (attempt.state, attempt.points) == ("graded", Decimal(0))


def test_two_tasks_wait_for_both(hands):
    one = hands([make_question("written_task"), make_question("written_task")])
    attempt = one.start()
    for asked in attempt.paper["questions"]:
        services.save_answer(attempt_id=attempt.pk, question_key=asked["key"], response="Tulisan.")
    services.submit(attempt_id=attempt.pk)
    first, second = Answer.objects.order_by("pk").values_list("pk", flat=True)
    points = {"isi": Decimal(6), "bahasa": Decimal(4)}
    services.grade_task(answer_id=first, points=points)
    attempt.refresh_from_db()
    assert attempt.state == "to_grade"
    services.grade_task(answer_id=second, points=points)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.points) == ("graded", Decimal(20))


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("4: Semua; juga tanggal; 2: Separuh; 0: Kurang", ["Semua; juga tanggal", "Separuh", "Kurang"]),
        ("2: Ada\n1,5: Hampir\n0: Tidak", ["Ada", "Hampir", "Tidak"]),
        ("Jelas, lengkap; 3 contoh", []),
        ("Lihat: jam 10:30; 2: bukan tingkat", []),
        ("", []),
    ],
)
def test_levels_of_a_criterion_stand_apart(text, levels):
    criterion = queries.Criterion("isi", "Isi", text, Decimal(4))
    assert [words for _, words in criterion.levels] == levels
