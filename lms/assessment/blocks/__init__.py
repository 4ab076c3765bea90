"""Blocks that questions and quizzes are written in. Editors see fields; what is stored is plain JSON with stable ids.

Each list of options is a ``ListBlock``: Wagtail gives every child an id that stays when it is edited or moved, and all
languages of an option are one child, so a translation can never have other options than its source.
"""

from lms.assessment.blocks.kinds import question_blocks
from lms.assessment.blocks.quizzes import quiz_blocks
from lms.assessment.blocks.words import WordsBlock, field_of

__all__ = ["WordsBlock", "field_of", "question_blocks", "quiz_blocks"]
