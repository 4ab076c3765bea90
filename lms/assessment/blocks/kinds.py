"""The kinds of question. The name of a kind's block is the kind; see ``question_blocks``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from lms.assessment.blocks.words import PictureBlock, WholeBlock, WordsBlock

MAX_OPTIONS = 12


class QuestionKindBlock(blocks.StructBlock):
    """What questions of all kinds begin with. Each kind ends with ``explanation``."""

    stem = WordsBlock(rich=True, label=gettext_lazy("Question"))
    picture = PictureBlock(required=False, label=gettext_lazy("Picture"), collapsed=True)


def explanation() -> WordsBlock:
    """Return the last part of every kind."""
    return WordsBlock(
        rich=True,
        required=False,
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Shown with the results: why it is so, and where to read on."),
    )


class OptionBlock(WholeBlock):
    """One answer to choose."""

    text = WordsBlock(label=gettext_lazy("Text"))
    right = blocks.BooleanBlock(required=False, label=gettext_lazy("This is right"))
    feedback = WordsBlock(
        required=False,
        collapsed=True,
        label=gettext_lazy("What to say to who chose it"),
        help_text=gettext_lazy("Shown with the results."),
    )

    class Meta:
        icon = "check"
        label = gettext_lazy("Answer")


def _options() -> blocks.ListBlock:
    return blocks.ListBlock(
        OptionBlock(), default=[{}, {}], min_num=2, max_num=MAX_OPTIONS, label=gettext_lazy("Answers")
    )


class SingleChoiceBlock(QuestionKindBlock):
    """One of several answers is right."""

    options = _options()
    explanation = explanation()

    class Meta:
        icon = "radio-full"
        label = gettext_lazy("One right answer")

    def clean(self, value: Any) -> Any:
        """Ask for exactly one right answer."""
        cleaned = super().clean(value)
        right = sum(option["right"] for option in cleaned["options"])
        if right != 1:
            _refuse_list(
                "options", _("Mark exactly one answer as right. Now there are %(count)d.") % {"count": right}
            )
        return cleaned


class MultipleChoiceBlock(QuestionKindBlock):
    """Some of several answers are right."""

    options = _options()
    explanation = explanation()

    class Meta:
        icon = "tasks"
        label = gettext_lazy("Several right answers")

    def clean(self, value: Any) -> Any:
        """Ask for a right answer at least."""
        cleaned = super().clean(value)
        if not any(option["right"] for option in cleaned["options"]):
            _refuse_list("options", _("Mark at least one answer as right."))
        return cleaned


class TrueFalseBlock(QuestionKindBlock):
    """A statement that is true or not."""

    answer = blocks.ChoiceBlock(
        choices=[("true", gettext_lazy("True")), ("false", gettext_lazy("Not true"))],
        label=gettext_lazy("The statement is"),
    )
    explanation = explanation()

    class Meta:
        icon = "tick-inverse"
        label = gettext_lazy("True or not")


class NumberBlock(QuestionKindBlock):
    """A number, with how far it may be off and its unit."""

    value = blocks.DecimalBlock(label=gettext_lazy("Right number"))
    tolerance = blocks.DecimalBlock(
        label=gettext_lazy("May be off by"),
        default=0,
        min_value=0,
        help_text=gettext_lazy("0 when only this number is right."),
    )
    tolerance_kind = blocks.ChoiceBlock(
        choices=[
            ("absolute", gettext_lazy("as a number")),
            ("percent", gettext_lazy("percent of the right number")),
        ],
        default="absolute",
        label=gettext_lazy("Off, measured"),
    )
    units = blocks.ListBlock(
        blocks.CharBlock(max_length=20, label=gettext_lazy("Unit")),
        default=[],
        label=gettext_lazy("Unit, in all its spellings"),
        help_text=gettext_lazy(
            "The first is shown beside the field. Rp, IDR and rupiah count as one, and so do % and persen."
        ),
    )
    unit_needed = blocks.BooleanBlock(
        required=False, label=gettext_lazy("The learner must write the unit"), default=False
    )
    explanation = explanation()

    class Meta:
        icon = "decimal"
        label = gettext_lazy("A number")

    def clean(self, value: Any) -> Any:
        """A unit that is asked for must be known."""
        cleaned = super().clean(value)
        if cleaned["unit_needed"] and not cleaned["units"]:
            _refuse_list("units", _("Write the unit that the learner must write."))
        return cleaned


class ShortTextBlock(QuestionKindBlock):
    """A few words, compared with answers that are accepted."""

    accepted = blocks.ListBlock(
        blocks.CharBlock(max_length=200, label=gettext_lazy("Answer")),
        min_num=1,
        max_num=30,
        label=gettext_lazy("Accepted answers, in all languages"),
        help_text=gettext_lazy("Spaces, capital letters and a full stop at the end do not matter."),
    )
    match_case = blocks.BooleanBlock(required=False, label=gettext_lazy("Capital letters matter"))
    strict_accents = blocks.BooleanBlock(
        required=False,
        label=gettext_lazy("Accents matter"),
        help_text=gettext_lazy("Otherwise é counts as e."),
    )
    explanation = explanation()

    class Meta:
        icon = "edit"
        label = gettext_lazy("A few words")


class PairBlock(WholeBlock):
    """Two that belong together."""

    left = WordsBlock(label=gettext_lazy("This"))
    right = WordsBlock(label=gettext_lazy("Belongs to this"))

    class Meta:
        icon = "link"
        label = gettext_lazy("Pair")


class MatchingBlock(QuestionKindBlock):
    """What belongs to what. What is left over on the right makes guessing harder."""

    pairs = blocks.ListBlock(
        PairBlock(), default=[{}, {}], min_num=2, max_num=MAX_OPTIONS, label=gettext_lazy("Pairs")
    )
    leftovers = blocks.ListBlock(
        WordsBlock(label=gettext_lazy("Belongs to nothing")),
        default=[],
        max_num=6,
        label=gettext_lazy("Left over"),
        help_text=gettext_lazy("Shown among the right-hand sides; belongs to none."),
    )
    explanation = explanation()

    class Meta:
        icon = "link"
        label = gettext_lazy("Matching")


class OrderingBlock(QuestionKindBlock):
    """Steps to be put in order."""

    steps = blocks.ListBlock(
        WordsBlock(label=gettext_lazy("Step")),
        default=[{}, {}],
        min_num=2,
        max_num=MAX_OPTIONS,
        label=gettext_lazy("Steps, in the right order"),
        help_text=gettext_lazy("Learners see them shuffled."),
    )
    explanation = explanation()

    class Meta:
        icon = "list-ol"
        label = gettext_lazy("Ordering")


class CriterionBlock(blocks.StructBlock):
    """One thing that a grader looks at."""

    title = WordsBlock(label=gettext_lazy("Criterion"))
    text = WordsBlock(rows=2, required=False, label=gettext_lazy("What earns the points"))
    points = blocks.DecimalBlock(
        label=gettext_lazy("Points at most"),
        min_value=Decimal("0.5"),
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )

    class Meta:
        icon = "list-ul"
        label = gettext_lazy("Criterion")


class WrittenTaskBlock(QuestionKindBlock):
    """Something to write or to hand in, graded by a person."""

    rubric = blocks.ListBlock(
        CriterionBlock(),
        min_num=1,
        max_num=10,
        label=gettext_lazy("Criteria"),
        help_text=gettext_lazy("Learners see them before they write, graders when they grade."),
    )
    answer_with = blocks.ChoiceBlock(
        choices=[
            ("text", gettext_lazy("Words")),
            ("files", gettext_lazy("Files")),
            ("both", gettext_lazy("Words, files, or both")),
        ],
        default="text",
        label=gettext_lazy("Learners answer with"),
    )
    explanation = explanation()

    class Meta:
        icon = "form"
        label = gettext_lazy("Written task")


def question_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the kinds of question that an editor may choose from. The block's name is the kind."""
    return [
        ("single", SingleChoiceBlock()),
        ("multiple", MultipleChoiceBlock()),
        ("true_false", TrueFalseBlock()),
        ("number", NumberBlock()),
        ("short_text", ShortTextBlock()),
        ("matching", MatchingBlock()),
        ("ordering", OrderingBlock()),
        ("written_task", WrittenTaskBlock()),
    ]


def _refuse_list(name: str, words: str) -> None:
    raise StructBlockValidationError(block_errors={name: ListBlockValidationError(non_block_errors=[words])})
