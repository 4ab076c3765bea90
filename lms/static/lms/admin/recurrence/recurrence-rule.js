/*
 * The text of a recurrence rule (RFC 5545) as choices that a form can show, and back.
 *
 * A day is a whole number, counted from 1 January 1970. No time and no zone of the browser ever touches it: an editor
 * in New York and one in Jayapura store the same dates. Sessions are calculated on the server; the few dates counted
 * here only turn "eight sessions are held" into COUNT, which counts left-out dates as well.
 */
(function () {
  "use strict";

  const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
  const MILLISECONDS = 86400000;
  const TEN_YEARS = 3653;
  const LINE = /^(RRULE|RDATE|EXDATE)((?:;[A-Z-]+=[^;:]*)*):(.*)$/i;

  /* A number for year, month and day; null where there is no such day. */
  function dayOf(year, month, date) {
    const moment = new Date(Date.UTC(year, month - 1, date));
    const same = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === date;
    return same ? moment.getTime() / MILLISECONDS : null;
  }

  function partsOf(day) {
    const moment = new Date(day * MILLISECONDS);
    return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, date: moment.getUTCDate() };
  }

  /* Monday is 0, as in the text of WEEKDAYS. 1 January 1970 was a Thursday. */
  function weekdayOf(day) {
    return (((day + 3) % 7) + 7) % 7;
  }

  function fromIso(text) {
    const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
    return match ? dayOf(Number(match[1]), Number(match[2]), Number(match[3])) : null;
  }

  function toIso(day, separator) {
    const { year, month, date } = partsOf(day);
    const pad = (number, size) => String(number).padStart(size, "0");
    return [pad(year, 4), pad(month, 2), pad(date, 2)].join(separator === undefined ? "-" : separator);
  }

  /* A date of the rule. An instant (ending in Z) is the day that it has in the zone of the series. */
  function readDate(text, zone) {
    const match = /^(\d{8})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/i.exec(text.trim());
    if (!match || fromIso(match[1]) === null) {
      return null;
    }
    if (!match[5]) {
      return fromIso(match[1]);
    }
    const { year, month, date } = partsOf(fromIso(match[1]));
    const instant = new Date(Date.UTC(year, month - 1, date, Number(match[2]), Number(match[3])));
    try {
      const format = new Intl.DateTimeFormat("en-CA", {
        timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
      });
      return fromIso(format.format(instant));
    } catch {
      return null;
    }
  }

  function empty() {
    return {
      frequency: "", interval: 1, weekdays: [], monthly: "day", monthDay: 0, number: 1, weekday: 0,
      ends: "count", sessions: 8, until: null, extra: [], excluded: [], special: null,
    };
  }

  /* Choices for one RRULE, or null where the form has none for it. */
  function readRule(value, zone) {
    const parts = {};
    for (const piece of value.toUpperCase().split(";").filter(Boolean)) {
      const [name, content, more] = piece.split("=").map((text) => text.trim());
      if (!content || more !== undefined || name in parts) {
        return null;
      }
      parts[name] = content;
    }
    const choices = { frequency: parts.FREQ, interval: Number(parts.INTERVAL || 1) };
    const whole = (text) => /^\d{1,4}$/.test(text);
    const known = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"];
    if (
      !["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].includes(parts.FREQ) ||
      Object.keys(parts).some((name) => !known.includes(name)) ||
      !whole(parts.INTERVAL || "1") || (parts.WKST || "MO") !== "MO" || ("COUNT" in parts && "UNTIL" in parts)
    ) {
      return null;
    }
    if ("COUNT" in parts) {
      if (!whole(parts.COUNT)) {
        return null;
      }
      Object.assign(choices, { ends: "count", sessions: Number(parts.COUNT) });
    } else {
      choices.ends = "until";
      choices.until = "UNTIL" in parts ? readDate(parts.UNTIL, zone) : null;
      if ("UNTIL" in parts && choices.until === null) {
        return null;
      }
    }
    const days = (parts.BYDAY || "").split(",").filter(Boolean);
    const takesDays = parts.FREQ === "WEEKLY" || parts.FREQ === "MONTHLY";
    if ((days.length && !takesDays) || ("BYMONTHDAY" in parts && parts.FREQ !== "MONTHLY")) {
      return null;
    }
    if (parts.FREQ === "WEEKLY") {
      choices.weekdays = days.map((day) => WEEKDAYS.indexOf(day));
      return choices.weekdays.includes(-1) ? null : choices;
    }
    if (days.length) {
      const match = /^\+?(-?\d)([A-Z]{2})$/.exec(days[0]);
      const fits = match && ["1", "2", "3", "4", "-1"].includes(match[1]) && WEEKDAYS.includes(match[2]);
      if (days.length > 1 || !fits || "BYMONTHDAY" in parts) {
        return null;
      }
      return Object.assign(choices, {
        monthly: "weekday", number: Number(match[1]), weekday: WEEKDAYS.indexOf(match[2]),
      });
    }
    if ("BYMONTHDAY" in parts) {
      choices.monthDay = Number(parts.BYMONTHDAY);
      const fits = choices.monthDay === -1 || (whole(parts.BYMONTHDAY) && choices.monthDay >= 1 && choices.monthDay <= 31);
      return fits ? Object.assign(choices, { monthly: "day" }) : null;
    }
    return choices;
  }

  /*
   * Read a text. `special` holds rules that the form cannot show, word for word. Returns null where a line or a date
   * is not understood: then only the text itself may be edited.
   */
  function read(text, start, zone) {
    const state = empty();
    const rules = [];
    for (const line of text.replace(/\r?\n[ \t]/g, "").split(/\r\n|\n|\r/).map((each) => each.trim())) {
      if (!line) {
        continue;
      }
      const match = LINE.exec(line);
      if (!match || /TZID/i.test(match[2])) {
        return null;
      }
      const name = match[1].toUpperCase();
      if (name === "RRULE") {
        rules.push(line);
        continue;
      }
      const days = match[3].split(",").map((date) => readDate(date, zone));
      if (days.includes(null)) {
        return null;
      }
      const list = name === "RDATE" ? state.extra : state.excluded;
      list.push(...days.filter((day) => !list.includes(day)));
    }
    const choices = rules.length === 1 ? readRule(LINE.exec(rules[0])[3], zone) : null;
    if (choices) {
      Object.assign(state, choices);
      if (state.ends === "count") {
        state.sessions = heldOf(state, start);
      }
    } else if (rules.length) {
      state.special = rules;
    }
    return state;
  }

  /* The dates that the choices give, from the first date on. */
  function* datesOf(state, start) {
    const last = start + TEN_YEARS;
    const first = partsOf(start);
    const interval = Math.max(1, state.interval);
    if (state.frequency === "DAILY") {
      for (let day = start; day <= last; day += interval) {
        yield day;
      }
    } else if (state.frequency === "WEEKLY") {
      const weekdays = state.weekdays.length ? [...state.weekdays].sort() : [weekdayOf(start)];
      for (let monday = start - weekdayOf(start); monday <= last; monday += 7 * interval) {
        yield* weekdays.map((weekday) => monday + weekday).filter((day) => day >= start);
      }
    } else {
      const step = interval * (state.frequency === "YEARLY" ? 12 : 1);
      for (let number = first.year * 12 + first.month - 1; ; number += step) {
        const year = Math.floor(number / 12);
        const month = (number % 12) + 1;
        const firstOfMonth = dayOf(year, month, 1);
        if (firstOfMonth > last) {
          return;
        }
        const day = state.frequency === "YEARLY"
          ? dayOf(year, month, first.date)
          : dayInMonth(state, year, month, first.date);
        if (day !== null && day >= start) {
          yield day;
        }
      }
    }
  }

  function dayInMonth(state, year, month, startDate) {
    const firstOfNext = month === 12 ? dayOf(year + 1, 1, 1) : dayOf(year, month + 1, 1);
    if (state.monthly === "weekday") {
      if (state.number === -1) {
        const last = firstOfNext - 1;
        return last - ((weekdayOf(last) - state.weekday + 7) % 7);
      }
      const first = dayOf(year, month, 1);
      return first + ((state.weekday - weekdayOf(first) + 7) % 7) + 7 * (state.number - 1);
    }
    return state.monthDay === -1 ? firstOfNext - 1 : dayOf(year, month, state.monthDay || startDate);
  }

  /* COUNT for so many sessions held: dates that are left out are counted too (RFC 5545 3.8.5). */
  function countFor(state, start) {
    if (start === null || !state.excluded.length) {
      return state.sessions;
    }
    let held = 0;
    let count = 0;
    for (const day of datesOf(state, start)) {
      count += 1;
      held += state.excluded.includes(day) ? 0 : 1;
      if (held >= state.sessions) {
        return count;
      }
    }
    return state.sessions;
  }

  /* The sessions held when the rule counts `state.sessions` dates: the inverse of countFor. */
  function heldOf(state, start) {
    if (start === null || !state.excluded.length) {
      return state.sessions;
    }
    let count = 0;
    let held = 0;
    for (const day of datesOf(state, start)) {
      if (count === state.sessions) {
        break;
      }
      count += 1;
      held += state.excluded.includes(day) ? 0 : 1;
    }
    return held;
  }

  /* The sessions held up to a day, that day included; null if it is none of the rule's. */
  function heldThrough(state, start, last) {
    let held = 0;
    for (const day of start === null || !state.frequency ? [] : datesOf(state, start)) {
      if (day > last) {
        break;
      }
      held += state.excluded.includes(day) ? 0 : 1;
      if (day === last) {
        return held;
      }
    }
    return null;
  }

  function writeRule(state, start) {
    const parts = [`FREQ=${state.frequency}`];
    if (state.interval !== 1) {
      parts.push(`INTERVAL=${state.interval}`);
    }
    if (state.ends === "count") {
      parts.push(`COUNT=${countFor(state, start)}`);
    } else if (state.until !== null) {
      parts.push(`UNTIL=${toIso(state.until, "")}`);
    }
    if (state.frequency === "WEEKLY" && state.weekdays.length) {
      parts.push(`BYDAY=${[...state.weekdays].sort().map((day) => WEEKDAYS[day]).join(",")}`);
    } else if (state.frequency === "MONTHLY" && state.monthly === "weekday") {
      parts.push(`BYDAY=${state.number}${WEEKDAYS[state.weekday]}`);
    } else if (state.frequency === "MONTHLY" && state.monthDay) {
      parts.push(`BYMONTHDAY=${state.monthDay}`);
    }
    return `RRULE:${parts.join(";")}`;
  }

  /* The text in the server's canonical form. */
  function write(state, start) {
    const lines = state.special ? [...state.special] : state.frequency ? [writeRule(state, start)] : [];
    const sorted = (days) => [...days].sort((one, other) => one - other);
    lines.push(...sorted(state.extra).map((day) => `RDATE:${toIso(day, "")}`));
    lines.push(...sorted(state.excluded).map((day) => `EXDATE:${toIso(day, "")}`));
    return lines.join("\n");
  }

  window.LmsRecurrenceRule = { empty, read, write, heldThrough, dayOf, fromIso, toIso, partsOf, weekdayOf };
})();
