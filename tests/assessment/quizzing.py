"""Banks, questions of every kind and quizzes, made directly as rows: quick, and the same in threads and on every database."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from lms.assessment.models import Question, QuestionBank, Quiz, QuizPart
from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline


def both(indonesian: str, english: str = "") -> dict[str, str]:
    """Words in both languages."""
    return {"id": indonesian, "en": english or f"{indonesian} (en)"}


def listed(values: list[Any], ids: list[str] | None = None) -> list[dict[str, Any]]:
    """What a ListBlock stores."""
    ids = ids or [str(uuid.uuid4()) for _ in values]
    return [{"type": "item", "value": value, "id": pk} for pk, value in zip(ids, values, strict=True)]


def option(text: str, right: bool = False, feedback: str = "") -> dict[str, Any]:
    return {
        "text": both(text),
        "right": right,
        "feedback": both(feedback, f"{feedback} (en)") if feedback else {},
    }


def bodies() -> dict[str, dict[str, Any]]:
    """One question of each kind about digital payments."""
    stem = {"id": "<p>Pertanyaan?</p>", "en": "<p>Question?</p>"}
    base = {"stem": stem, "picture": {}, "explanation": both("<p>Sebab begitu.</p>", "<p>Because.</p>")}
    rubric = [
        {"title": both("Isi", "Content"), "text": {}, "points": "6"},
        {"title": both("Bahasa", "Language"), "text": {}, "points": "4"},
    ]
    return {
        "single": base
        | {
            "options": listed(
                [option("QRIS", True), option("BI-FAST", False, "Itu transfer."), option("Cek")],
                ["qris", "bifast", "cek"],
            )
        },
        "multiple": base
        | {
            "options": listed(
                [option("Foto", True), option("Harga", True), option("Sandi"), option("PIN")],
                ["foto", "harga", "sandi", "pin"],
            )
        },
        "true_false": base | {"answer": "true"},
        "number": base
        | {
            "value": "1500000",
            "tolerance": "0",
            "tolerance_kind": "absolute",
            "units": listed(["Rp"]),
            "unit_needed": False,
        },
        "short_text": base | {"accepted": listed(["pelanggan", "customer"])},
        "matching": base
        | {
            "pairs": listed(
                [
                    {"left": both("QRIS"), "right": both("kode gambar", "picture code")},
                    {"left": both("PIN"), "right": both("rahasia", "secret")},
                ],
                ["l-qris", "l-pin"],
            ),
            "leftovers": listed([both("cek", "cheque")]),
        },
        "ordering": base
        | {"steps": listed([both("Pindai"), both("Periksa"), both("Bayar"), both("Simpan")], list("abcd"))},
        "written_task": base | {"rubric": listed(rubric, ["isi", "bahasa"]), "answer_with": "both"},
    }


def make_bank(title: str = "Pembayaran digital") -> QuestionBank:
    return QuestionBank.objects.create(title=title, topic="QRIS")


def make_question(kind: str = "single", *, bank: QuestionBank | None = None, **fields: Any) -> Question:
    body = fields.pop("value", None) or bodies()[kind]
    bank = bank or QuestionBank.objects.first() or make_bank()
    return Question.objects.create(
        bank=bank, body=[{"type": kind, "value": body, "id": str(uuid.uuid4())}], **fields
    )


def make_quiz(
    questions: list[Question] | None = None,
    *,
    course: bool = False,
    draws: list[dict[str, Any]] = (),
    **fields: Any,
) -> Quiz:
    """Make a quiz; with ``course`` it stands in the outline of one, and is needed."""
    activity = Activity.objects.create(kind="quiz", title="Kuis QRIS", live=True, public=True)
    values = {
        "pass_mark": 70,
        "counted_attempt": "best",
        "show_results": "always",
        "grace_seconds": 30,
    } | fields
    quiz = Quiz.objects.create(activity=activity, **values)
    questions = [make_question("single"), make_question("true_false")] if questions is None else questions
    parts = [{"question": one} for one in questions] + list(draws)
    for position, part in enumerate(parts):
        QuizPart.objects.create(quiz=quiz, position=position, **part)
    if course:
        above = Activity.objects.create(kind="course", title="Kursus QRIS", live=True, public=True)
        rule = {"min_score": quiz.pass_mark / 100}
        write_outline(activity=above, parts=[Part(activity.pk, rule=rule)], rules={})
        quiz.course_id_for_tests = above.pk
    return quiz


def right_response(kind: str, asked: dict[str, Any]) -> Any:
    """An answer that is right, as a browser would send it."""
    right = asked["right"]
    return {
        "single": lambda: right["right"][0],
        "multiple": lambda: right["right"],
        "true_false": lambda: str(right["right"]).lower(),
        "number": lambda: "Rp 1.500.000",
        "short_text": lambda: " Pelanggan. ",
        "matching": lambda: right["pairs"],
        "ordering": lambda: right["order"],
        "written_task": lambda: "Saya menulis.",
    }[kind]()


def points(text: str) -> Decimal:
    return Decimal(text)
