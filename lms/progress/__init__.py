"""What was learnt: the append-only ledger and the projections that can be rebuilt from it.

Owns: Enrolment, LearningRecord, ActivityProgress, Completion.
Other areas come through ``services`` and ``queries``, never through its models.
May import: catalogue, people, core.
"""
