/*
 * The editor of a recurrence rule in the Wagtail admin (a Stimulus controller). The text box is what is saved; this
 * reads it, shows choices, writes it, and asks the server for the sessions in words and as a list. Without JavaScript
 * the text box alone stays usable. The choices have form="" in the template: they belong to no form, so that they are
 * not posted and the Enter key in them submits nothing.
 */
(function () {
  "use strict";

  const rule = window.LmsRecurrenceRule;
  const WAIT = 250;

  class RecurrenceEditor extends window.StimulusModule.Controller {
    static targets = [
      "text", "source", "choices", "frequency", "interval", "unit", "weekday", "monthly", "monthDay", "number",
      "monthWeekday", "ends", "sessions", "until", "extra", "excluded", "chip", "part", "preview", "status", "offline",
    ];
    static values = { url: String, neighbours: Object, dateFormat: String, language: String };

    connect() {
      this.choicesTarget.hidden = false;
      this.sourceTarget.open = false;
      this.form = this.textTarget.form;
      this.onNeighbour = this.onNeighbour.bind(this);
      if (this.form) {
        this.form.addEventListener("input", this.onNeighbour);
        this.form.addEventListener("change", this.onNeighbour);
      }
      this.read();
      this.preview();
    }

    disconnect() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.form?.removeEventListener("input", this.onNeighbour);
      this.form?.removeEventListener("change", this.onNeighbour);
    }

    /* --- the fields beside us: first date, time, duration, zone ------------------------------------------- */

    neighbour(field) {
      const own = this.neighboursValue[field] || field;
      const prefix = this.textTarget.name.slice(0, this.textTarget.name.lastIndexOf("-") + 1);
      const elements = this.form ? this.form.elements : {};
      return elements[prefix + own] || elements[own] || null;
    }

    neighbourText(field) {
      return (this.neighbour(field)?.value || "").trim();
    }

    onNeighbour(event) {
      const fields = ["start_date", "start_time", "duration_minutes", "zone"];
      if (event.target === this.textTarget || !fields.some((field) => event.target === this.neighbour(field))) {
        return;
      }
      if (this.state && !this.state.special && event.type === "change") {
        this.write();
      }
      this.schedulePreview();
    }

    /* The first date as a day, in the format that the admin writes dates in; null if there is none. */
    get start() {
      const names = [];
      const escaped = this.dateFormatValue.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const pattern = escaped.replace(/%([Ymd])/g, (_, name) => {
        names.push(name);
        return name === "Y" ? "(\\d{4})" : "(\\d{1,2})";
      });
      const match = new RegExp(`^${pattern}$`).exec(this.neighbourText("start_date"));
      if (!match || names.length !== 3) {
        return null;
      }
      const parts = Object.fromEntries(names.map((name, index) => [name, Number(match[index + 1])]));
      return rule.dayOf(parts.Y, parts.m, parts.d);
    }

    /* --- text to choices and back ------------------------------------------------------------------------- */

    read() {
      this.state = rule.read(this.textTarget.value, this.start, this.neighbourText("zone") || "UTC");
      this.show();
    }

    onText() {
      if (this.writing) {
        return;
      }
      this.read();
      this.schedulePreview();
    }

    write() {
      const text = rule.write(this.state, this.start);
      if (text === this.textTarget.value.replace(/\r\n/g, "\n").trim()) {
        return;
      }
      this.textTarget.value = text;
      // Wagtail watches these to know that there is something to save. They are not for us.
      this.writing = true;
      this.textTarget.dispatchEvent(new Event("input", { bubbles: true }));
      this.textTarget.dispatchEvent(new Event("change", { bubbles: true }));
      this.writing = false;
    }

    changed() {
      this.write();
      this.show();
      this.schedulePreview();
    }

    show() {
      const state = this.state;
      const frequency = !state || state.special ? "SPECIAL" : state.frequency;
      const special = this.frequencyTarget.querySelector("[value=SPECIAL]");
      special.hidden = special.disabled = frequency !== "SPECIAL" && this.kept === undefined;
      this.frequencyTarget.value = frequency;
      for (const part of this.partTargets) {
        const wanted = part.dataset.frequencies.split(" ");
        const holdsDates = part.dataset.dates && state && state[part.dataset.dates].length > 0;
        part.hidden = !(wanted.includes(frequency || "NONE") || holdsDates) || (!state && !part.dataset.always);
      }
      if (frequency === "SPECIAL") {
        this.sourceTarget.open = true;
      }
      if (!state) {
        return;
      }
      this.fill(this.intervalTarget, state.interval);
      for (const unit of this.unitTargets) {
        unit.hidden = unit.dataset.frequency !== frequency;
        unit.textContent = state.interval === 1 ? unit.dataset.one : unit.dataset.many;
      }
      for (const box of this.weekdayTargets) {
        box.checked = state.weekdays.includes(Number(box.value));
      }
      for (const radio of this.monthlyTargets) {
        radio.checked = radio.value === state.monthly;
      }
      this.monthDayTarget.value = state.monthDay;
      this.numberTarget.value = state.number;
      this.monthWeekdayTarget.value = state.weekday;
      for (const radio of this.endsTargets) {
        radio.checked = radio.value === state.ends;
      }
      this.fill(this.sessionsTarget, state.sessions);
      this.fill(this.untilTarget, state.until === null ? "" : rule.toIso(state.until));
      this.showDates(this.extraTarget, "extra");
      this.showDates(this.excludedTarget, "excluded");
    }

    /* What is being typed is left alone. */
    fill(input, value) {
      if (input !== this.typing) {
        input.value = value;
      }
    }

    showDates(list, kind) {
      const format = new Intl.DateTimeFormat(this.languageValue || undefined, {
        weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
      });
      const days = [...this.state[kind]].sort((one, other) => one - other);
      list.hidden = !days.length;
      list.replaceChildren(...days.map((day) => {
        const chip = this.chipTarget.content.firstElementChild.cloneNode(true);
        const words = format.format(new Date(day * 86400000));
        const button = chip.querySelector("button");
        chip.querySelector("[data-words]").textContent = words;
        button.setAttribute("aria-label", `${button.dataset.label} ${words}`);
        Object.assign(button.dataset, { lmsRecurrenceKindParam: kind, lmsRecurrenceDateParam: rule.toIso(day) });
        return chip;
      }));
    }

    /* --- what an editor does ------------------------------------------------------------------------------ */

    chooseFrequency() {
      const chosen = this.frequencyTarget.value;
      if (chosen === "SPECIAL") {
        this.textTarget.value = this.kept;
        this.textTarget.dispatchEvent(new Event("change", { bubbles: true }));
        return;
      }
      if (!this.state || this.state.special) {
        this.kept = this.textTarget.value;
      }
      const state = this.state || rule.empty();
      const fresh = !state.frequency || state.special;
      Object.assign(state, { frequency: chosen, special: null });
      const start = this.start;
      if (fresh && start !== null) {
        const { date } = rule.partsOf(start);
        Object.assign(state, {
          weekdays: [rule.weekdayOf(start)], weekday: rule.weekdayOf(start), monthDay: date,
          number: date > 28 ? -1 : Math.ceil(date / 7),
        });
      }
      this.state = state;
      this.changed();
    }

    choose(event) {
      const state = this.state;
      this.typing = event.type === "input" ? event.target : null;
      const checked = (targets) => targets.find((target) => target.checked);
      state.interval = this.whole(this.intervalTarget, state.interval);
      state.weekdays = this.weekdayTargets.filter((box) => box.checked).map((box) => Number(box.value));
      state.monthly = checked(this.monthlyTargets)?.value || state.monthly;
      state.monthDay = Number(this.monthDayTarget.value);
      state.number = Number(this.numberTarget.value);
      state.weekday = Number(this.monthWeekdayTarget.value);
      state.ends = checked(this.endsTargets)?.value || state.ends;
      state.sessions = this.whole(this.sessionsTarget, state.sessions);
      state.until = rule.fromIso(this.untilTarget.value);
      this.changed();
    }

    /* Touching a field of a pair chooses it: the number means "after", the date means "on". */
    chooseWith(event) {
      const radio = event.target.closest("[data-choice]").querySelector("input[type=radio]");
      radio.checked = true;
      this.choose(event);
    }

    whole(input, before) {
      // Too large or 0 is written as well: the server then says what is possible.
      return /^\d{1,4}$/.test(input.value.trim()) ? Number(input.value) : before;
    }

    addDate(event) {
      const input = event.target.closest("[data-kind]").querySelector("input[type=date]");
      const day = rule.fromIso(input.value);
      event.preventDefault();
      if (day === null) {
        input.focus();
        return;
      }
      this.put(input.closest("[data-kind]").dataset.kind, day);
      input.value = "";
      input.focus();
    }

    removeDate({ params, currentTarget }) {
      const list = currentTarget.closest("ul");
      this.state[params.kind] = this.state[params.kind].filter((day) => day !== rule.fromIso(params.date));
      this.changed();
      const next = list.querySelector("button") || list.parentElement.querySelector("input[type=date]");
      next.focus();
    }

    put(kind, day) {
      if (!this.state[kind].includes(day)) {
        this.state[kind].push(day);
      }
      const other = kind === "extra" ? "excluded" : "extra";
      this.state[other] = this.state[other].filter((each) => each !== day);
      this.changed();
    }

    /* Buttons in the list of sessions. An extra date is taken back, a date of the rule is left out. */
    leaveOut({ params }) {
      const day = rule.fromIso(params.date);
      this.focusAfterPreview = params.date;
      if (this.state.extra.includes(day)) {
        this.state.extra = this.state.extra.filter((each) => each !== day);
        this.changed();
      } else {
        this.put("excluded", day);
      }
    }

    putBack({ params }) {
      const day = rule.fromIso(params.date);
      this.focusAfterPreview = params.date;
      this.state.excluded = this.state.excluded.filter((each) => each !== day);
      // A rule from elsewhere may end with dates that are left out: then one more session is held.
      const held = rule.heldThrough(this.state, this.start, day);
      this.state.sessions = Math.max(this.state.sessions, held || 0);
      this.changed();
    }

    /* --- what the server says ----------------------------------------------------------------------------- */

    schedulePreview() {
      clearTimeout(this.timer);
      this.previewTarget.setAttribute("aria-busy", "true");
      this.timer = setTimeout(() => this.preview(), WAIT);
    }

    async preview() {
      this.request?.abort();
      const request = new AbortController();
      this.request = request;
      const body = new FormData();
      body.set("rule", this.textTarget.value);
      for (const field of ["start_date", "start_time", "duration_minutes", "zone"]) {
        body.set(field, this.neighbourText(field));
      }
      const token = this.form?.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
      try {
        const response = await fetch(this.urlValue, {
          method: "POST", body, signal: request.signal, credentials: "same-origin",
          headers: { "X-CSRFToken": token, "X-Requested-With": "XMLHttpRequest" },
        });
        if (!response.ok || response.redirected) {
          throw new Error(String(response.status));
        }
        this.previewTarget.innerHTML = await response.text();
      } catch (error) {
        if (error.name === "AbortError") {
          return;
        }
        this.previewTarget.replaceChildren(this.offlineTarget.content.cloneNode(true));
      }
      this.previewTarget.removeAttribute("aria-busy");
      this.afterPreview();
    }

    afterPreview() {
      // Of the answer a screen reader hears what is said about the series, not every date again.
      const said = ".lms-recurrence__sentence, .lms-recurrence__hint, .help-block";
      const words = [...this.previewTarget.querySelectorAll(said)].map((each) => each.textContent.trim()).join(" ");
      if (this.statusTarget.textContent !== words) {
        this.statusTarget.textContent = words;
      }
      const disabled = this.textTarget.disabled || !this.state;
      for (const button of this.previewTarget.querySelectorAll("button")) {
        button.hidden = disabled;
      }
      if (this.focusAfterPreview) {
        this.previewTarget.querySelector(`[data-date="${this.focusAfterPreview}"] button`)?.focus();
        this.focusAfterPreview = null;
      }
    }
  }

  window.wagtail.app.register("lms-recurrence", RecurrenceEditor);
})();
