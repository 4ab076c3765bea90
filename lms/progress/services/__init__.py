"""Writes of progress. Every record derives its projections and sends its news in the same transaction."""

from lms.progress.services.admission import Elsewhere, Full
from lms.progress.services.cohorts import BadCohort, delete_cohort, enrol_in_cohort, save_cohort
from lms.progress.services.enrolment import enrol, start_again, withdraw, withdraw_runs
from lms.progress.services.ledger import (
    STATEMENTS,
    Statement,
    lock_learners,
    record,
    replace_evidence,
    void,
)
from lms.progress.services.policy import compile_policy
from lms.progress.services.requests import approve, decline, join, request_enrolment
from lms.progress.services.waiving import take_waiver_back, waive
from lms.progress.services.watching import BadSpans, Implausible, read_spans, record_watched

__all__ = [
    "STATEMENTS",
    "BadCohort",
    "BadSpans",
    "Elsewhere",
    "Full",
    "Implausible",
    "Statement",
    "approve",
    "compile_policy",
    "decline",
    "delete_cohort",
    "enrol",
    "enrol_in_cohort",
    "join",
    "lock_learners",
    "read_spans",
    "record",
    "record_watched",
    "replace_evidence",
    "request_enrolment",
    "save_cohort",
    "start_again",
    "take_waiver_back",
    "void",
    "waive",
    "withdraw",
    "withdraw_runs",
]
