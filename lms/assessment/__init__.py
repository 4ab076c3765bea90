"""Quizzes: what is asked, what a learner answered, what it was worth, and who grades what a machine cannot.

Owns: QuestionBank, Question, Quiz, QuizPart, Attempt, Answer, AnswerFile, TaskGrade, RegradeDue,
RecountDue.
May import: progress, catalogue, people, core. ``grading`` is pure and imports nothing of Django.
"""
