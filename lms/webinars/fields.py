"""The field for the recurrence rule of a series: django-recurrence's, made safe.

What differs, and why:

- Dates are calendar dates. django-recurrence turns every date into UTC, so that 17 August chosen in Jakarta
  is stored as 16 August 17:00Z, excludes nothing, and is another day in another zone.
- The text is parsed when somebody asks for its parts, not on each load of each row, which costs 0.1 ms and
  lets one bad row break every list. ``.defer("recurrence")`` works and saves the column; better still, a list
  of sessions reads Occurrence.
- ``occurrences()``, ``between()`` and their like are refused: they convert to UTC and keep BYDAY, so that
  Monday 06:00 WIB comes back as Tuesday. ``lms.webinars.recurrence.expand`` gives the sessions.
- Whatever is posted gives a value or a ValidationError in words; never a server error.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NoReturn

import recurrence
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from recurrence.fields import RecurrenceField
from recurrence.forms import RecurrenceField as RecurrenceFormField

from lms.webinars.recurrence import RuleError, check_rule, normalise
from lms.webinars.recurrence.text import stamp, zone_of
from lms.webinars.recurrence_words import explain


class StoredRecurrence(recurrence.Recurrence):
    """The text of a rule as a django-recurrence value: read-only, parsed when its parts are asked for.

    Attributes:
        text: the rule as stored (RFC 5545 lines).
    """

    def __init__(self, text: str) -> None:
        # Not the parent's: it would need the parts, and parsing is what loading a row must not do.
        self.text = text

    @cached_property
    def _parts(self) -> recurrence.Recurrence:
        return recurrence.deserialize(self.text, include_dtstart=False)

    dtstart = dtend = None
    include_dtstart = False

    @property
    def rrules(self) -> tuple[recurrence.Rule, ...]:
        """The rules, as django-recurrence objects. Do not calculate dates with them."""
        return tuple(self._parts.rrules)

    @property
    def exrules(self) -> tuple[recurrence.Rule, ...]:
        """Always empty in a checked rule: EXRULE is refused."""
        return tuple(self._parts.exrules)

    @property
    def rdates(self) -> tuple[dt.datetime, ...]:
        """Extra dates, at midnight of Django's current time zone."""
        return tuple(self._parts.rdates)

    @property
    def exdates(self) -> tuple[dt.datetime, ...]:
        """Excluded dates, at midnight of Django's current time zone."""
        return tuple(self._parts.exdates)

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("Use lms.webinars.recurrence.expand: django-recurrence calculates dates in UTC.")

    occurrences = before = after = between = count = to_dateutil_rruleset = _refuse

    def __iter__(self) -> Iterator[dt.datetime]:
        self._refuse()

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"StoredRecurrence({self.text!r})"

    def __bool__(self) -> bool:
        return bool(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredRecurrence) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def rule_text(value: object) -> str:
    """Return the RFC 5545 text of a recurrence, for ``lms.webinars.recurrence``.

    Args:
        value: what the field holds, any ``recurrence.Recurrence``, text, or None.

    Returns:
        The text, not checked. Of a ``Recurrence`` made in code naive datetimes are written as calendar dates
        and aware ones as instants.
    """
    if value is None:
        return ""
    if isinstance(value, StoredRecurrence):
        return value.text
    if isinstance(value, recurrence.Recurrence):
        return _written(value)
    return str(value).strip()


class RecurrenceRuleFormField(RecurrenceFormField):
    """django-recurrence's form field with our checks: a value or a ValidationError, nothing else."""

    widget = forms.Textarea

    def clean(self, value: object) -> StoredRecurrence:
        """Return the canonical rule.

        Raises:
            ValidationError: in words, with the code of the ``RuleError``.
        """
        text = rule_text(value)
        if not text and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            text = normalise(text)
        except RuleError as error:
            raise ValidationError(explain(error), code=error.code) from None
        self.run_validators(text)
        return StoredRecurrence(text)

    def prepare_value(self, value: object) -> str:
        """Return the text for the widget; what was typed wrongly comes back as it was typed."""
        return rule_text(value)

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare what two texts mean, not how they are written."""
        if self.disabled:
            return False
        before, after = rule_text(initial), rule_text(data)
        try:
            return normalise(before) != normalise(after)
        except RuleError:
            return before != after


class _Assigned(DeferredAttribute):
    """Make a value of whatever is assigned. Unlike django-recurrence's it can be deferred."""

    def __set__(self, instance: Any, value: object) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class RecurrenceRuleField(RecurrenceField):
    """A recurrence rule of a model that has ``start_date`` (a date) and ``zone`` (an IANA name) beside it.

    The value is a :class:`StoredRecurrence`; assign text, a ``Recurrence`` or another value of the field.
    ``full_clean`` checks the rule against the first date and the zone and makes all dates calendar dates
    there; ``save`` alone stores what it gets.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The parent's first positional argument is include_dtstart; as in every other field ours is the name.
        if args:
            kwargs["verbose_name"], args = args[0], args[1:]
        kwargs.pop("include_dtstart", None)
        super().__init__(False, *args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        """Bind the field to its model, with a descriptor that allows ``defer``."""
        super().contribute_to_class(cls, name, *args, **kwargs)
        setattr(cls, self.attname, _Assigned(self))

    def to_python(self, value: object) -> StoredRecurrence | None:
        """Return the value of the field for anything that can be assigned to it. Never fails."""
        if value is None or isinstance(value, StoredRecurrence):
            return value
        return StoredRecurrence(rule_text(value))

    def get_prep_value(self, value: object) -> str | None:
        """Return the text for the database."""
        return None if value is None else rule_text(value)

    def clean(self, value: object, model_instance: Any) -> StoredRecurrence | None:
        """Return the canonical rule with calendar dates, checked against the first date and zone of the row.

        Raises:
            ValidationError: in words, with the code of the ``RuleError``.
        """
        value = self.to_python(value)
        self.validate(value, model_instance)
        if value is None:
            return None
        zone: str | None = str(getattr(model_instance, "zone", ""))
        start = getattr(model_instance, "start_date", None)
        try:
            zone_of(zone or "")
        except RuleError:
            zone = None  # The field of the zone says so.
        try:
            text = normalise(value.text, zone)
            check_rule(text, start_date=start if type(start) is dt.date else None, zone=zone)
        except RuleError as error:
            raise ValidationError(explain(error), code=error.code) from None
        self.run_validators(text)
        return StoredRecurrence(text)

    def validate(self, value: object, model_instance: Any) -> None:
        """Refuse an empty rule where one is needed."""
        if value is None and not self.null:
            raise ValidationError(self.error_messages["null"], code="null")
        if not self.blank and not rule_text(value):
            raise ValidationError(self.error_messages["blank"], code="blank")

    def formfield(self, **kwargs: Any) -> forms.Field:
        """Return our form field; the admin replaces its plain text box with the editor."""
        return super().formfield(
            **{"form_class": RecurrenceRuleFormField, "widget": forms.Textarea(attrs={"rows": 4})} | kwargs
        )


def _written(value: recurrence.Recurrence) -> str:
    lines = []
    if value.dtstart:
        lines.append(f"DTSTART:{_stamp(value.dtstart)}")
    if value.dtend:
        lines.append(f"DTEND:{_stamp(value.dtend)}")
    lines += [f"RRULE:{_rule_written(rule)}" for rule in value.rrules]
    lines += [f"EXRULE:{_rule_written(rule)}" for rule in value.exrules]
    lines += [f"RDATE:{_stamp(moment)}" for moment in value.rdates]
    lines += [f"EXDATE:{_stamp(moment)}" for moment in value.exdates]
    return "\n".join(lines)


def _rule_written(rule: recurrence.Rule) -> str:
    parts = [f"FREQ={recurrence.Rule.frequencies[rule.freq]}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.wkst is not None:
        parts.append(f"WKST={recurrence.Rule.weekdays[recurrence.to_weekday(rule.wkst).number]}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={_stamp(rule.until)}")
    for name in recurrence.Rule.byparams:
        values = getattr(rule, name, None)
        if values and name == "byday":
            days = [recurrence.to_weekday(day) for day in values]
            values = [f"{day.index or ''}{recurrence.Rule.weekdays[day.number]}" for day in days]
        if values:
            parts.append(f"{name.upper()}={','.join(map(str, values))}")
    return ";".join(parts)


def _stamp(moment: dt.date) -> str:
    aware = isinstance(moment, dt.datetime) and moment.tzinfo is not None
    return stamp(moment) if aware else moment.strftime("%Y%m%d")
