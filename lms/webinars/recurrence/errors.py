"""What can be wrong with a recurrence rule: each fault has a stable code and a sentence for who wrote it.

Pure: no Django. The sentences are message ids; ``lms.webinars.recurrence_words.explain`` translates them.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.core.exceptions import KelasError


def gettext_noop(message: str) -> str:
    """Mark a sentence for makemessages without importing Django."""
    return message


MESSAGES: Mapping[str, str] = {
    "too_long": gettext_noop(
        "The rule is too long: %(length)s characters. At most %(limit)s characters are allowed."
    ),
    "bad_line": gettext_noop(
        "This line of the rule is not understood: “%(line)s”. "
        "Each line has to start with RRULE:, RDATE: or EXDATE:."
    ),
    "start_in_rule": gettext_noop(
        "%(name)s does not belong in the rule. "
        "Set the first date, the time and the duration in their own fields."
    ),
    "exrule": gettext_noop(
        "Exclusion rules (EXRULE) are no longer part of the calendar standard. Exclude each date with EXDATE."
    ),
    "too_many_rules": gettext_noop("At most %(limit)s rules can be combined in one series."),
    "bad_part": gettext_noop(
        "This part of the rule is not understood: “%(part)s”. "
        "Write parts as NAME=VALUE and separate them with semicolons."
    ),
    "repeated_part": gettext_noop("%(part)s stands twice in the rule. Keep one of them."),
    "unsupported_part": gettext_noop(
        "%(part)s is not supported. Choose the days with BYDAY, BYMONTHDAY, BYMONTH or BYSETPOS."
    ),
    "time_in_rule": gettext_noop(
        "%(part)s does not belong in the rule: every session starts at the time of the series."
    ),
    "no_frequency": gettext_noop("The rule does not say how often it repeats. Add for example FREQ=WEEKLY."),
    "bad_frequency": gettext_noop(
        "A series can repeat daily, weekly, monthly or yearly. “%(value)s” is not possible."
    ),
    "bad_number": gettext_noop(
        "“%(value)s” is not possible for %(part)s. Use a whole number from %(low)s to %(high)s."
    ),
    "bad_interval": gettext_noop(
        "“Every %(value)s” is not possible. Use a whole number from %(low)s to %(high)s."
    ),
    "bad_count": gettext_noop(
        "“%(value)s” is not a number of sessions. Use a whole number from %(low)s to %(high)s."
    ),
    "bad_weekday": gettext_noop(
        "“%(value)s” is not a weekday. Use MO, TU, WE, TH, FR, SA or SU; "
        "2TU is the second Tuesday and -1TU the last one."
    ),
    "numbered_weekday": gettext_noop(
        "“%(value)s” counts weekdays, which is possible only in a monthly or yearly rule. "
        "Use the weekday without a number."
    ),
    "weekly_month_day": gettext_noop(
        "A weekly rule cannot name days of the month. Use a monthly rule, or take BYMONTHDAY out."
    ),
    "position_alone": gettext_noop("BYSETPOS chooses among other days. Add BYDAY, BYMONTHDAY or BYMONTH."),
    "bad_date": gettext_noop(
        "“%(value)s” is not a date. Write year, month and day, for example 20270817 for 17 August 2027."
    ),
    "date_out_of_range": gettext_noop(
        "The date %(date)s is out of range. Use a date from %(low)s to %(high)s."
    ),
    "count_and_until": gettext_noop(
        "The rule has a number of sessions and a last date. Keep one of them, not both."
    ),
    "no_end": gettext_noop("The series never ends. Say after how many sessions or on which date it ends."),
    "too_many_sessions": gettext_noop(
        "The rule makes more than %(limit)s sessions. Choose an earlier end, or make two series."
    ),
    "too_many_extra_dates": gettext_noop("At most %(limit)s extra dates are allowed."),
    "too_many_excluded_dates": gettext_noop("At most %(limit)s excluded dates are allowed."),
    "until_before_start": gettext_noop(
        "The series ends on %(until)s, before its first date %(start)s. Choose a later end."
    ),
    "extra_before_start": gettext_noop(
        "The extra date %(date)s lies before the first date %(start)s. "
        "Choose a later extra date or an earlier first date."
    ),
    "too_far": gettext_noop(
        "The series would go on after %(last)s. A series can last %(years)s years at most: "
        "choose an earlier end."
    ),
    "no_sessions": gettext_noop(
        "The rule gives no session at all. Check the days, the end and the excluded dates."
    ),
    "unknown_zone": gettext_noop("“%(zone)s” is not a time zone. Use a name such as Asia/Jakarta."),
    "bad_duration": gettext_noop("A session has to last at least one minute."),
}


class RuleError(KelasError):
    """A recurrence rule that cannot become sessions.

    Attributes:
        code: stable name of the fault, a key of ``MESSAGES``.
        params: values for the placeholders of the sentence; dates are ``datetime.date``.
        message: the English sentence with its values.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.params = {
            name: quoted(value) if isinstance(value, str) else value for name, value in params.items()
        }
        super().__init__(MESSAGES[code] % self.params, code=code)


def quoted(value: str, limit: int = 60) -> str:
    """Return what somebody typed, short and printable enough to stand in a sentence."""
    shown = "".join(character if character.isprintable() else " " for character in value[: limit + 1])
    return shown[:limit] + "…" if len(shown) > limit else shown
