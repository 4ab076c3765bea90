// Saves each answer of a quiz by itself. What the network did not take is kept on this device and sent again.
// Without this file the questions are one form that is saved and handed in by its buttons.
(() => {
  const PREFIX = "kelas:quiz:";
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)) || {}; } catch { return {}; } },
    write(key, value) {
      try {
        if (Object.keys(value).length) localStorage.setItem(PREFIX + key, JSON.stringify(value));
        else localStorage.removeItem(PREFIX + key);
      } catch { /* storage is closed: answers wait in this page only */ }
    },
  };
  const handedIn = document.querySelector("[data-handed-in]");
  if (handedIn) store.write(handedIn.dataset.handedIn, {});
  const form = document.querySelector("[data-quiz]");
  if (!form) return;
  const { quiz, answers, ...words } = form.dataset;
  const state = form.querySelector("[data-state]");
  const questions = new Map([...form.querySelectorAll("[data-question]")].map((each) => [each.dataset.question, each]));
  let waiting = store.read(quiz); // question → the answer that the server does not have yet
  let sending = null;
  let over = false;
  let retry = 0;
  let pause = 2000;

  const fields = (place, selector) => [...place.querySelectorAll(selector)];

  // ── from the fields to an answer, and back ──
  const read = (place) => {
    const kind = place.dataset.kind;
    if (kind === "multiple") return fields(place, "input:checked").map((each) => each.value);
    if (kind === "single" || kind === "true_false") return place.querySelector("input:checked")?.value ?? "";
    if (kind === "matching") return Object.fromEntries(fields(place, "select").map((each) => [each.dataset.left, each.value]));
    if (kind === "ordering") {
      const steps = fields(place, "select").sort((one, other) => one.value - other.value);
      const places = steps.map((each) => each.value);
      if (places.every((each) => !each)) return "";
      return places.every((each, at) => Number(each) === at + 1) ? steps.map((each) => each.dataset.step) : undefined;
    }
    return place.querySelector("textarea, input[type=text]")?.value;
  };
  const fill = (place, answer) => {
    const kind = place.dataset.kind;
    if (["multiple", "single", "true_false"].includes(kind)) {
      for (const each of fields(place, "input[type=radio], input[type=checkbox]")) each.checked = [].concat(answer).includes(each.value);
    } else if (kind === "matching") {
      for (const each of fields(place, "select")) each.value = answer[each.dataset.left] ?? "";
    } else if (kind === "ordering") {
      for (const each of fields(place, "select")) each.value = answer ? answer.indexOf(each.dataset.step) + 1 : "";
    } else {
      const field = place.querySelector("textarea, input[type=text]");
      if (field) field.value = answer;
    }
  };
  const revision = (place) => place.querySelector("input[type=hidden]");
  const note = (place, text) => {
    let line = place.querySelector("[data-note]");
    if (!line) {
      line = document.createElement("p");
      line.dataset.note = "";
      line.className = "small errors";
      line.setAttribute("role", "status");
      place.append(line);
    }
    line.textContent = text;
  };
  const say = (text) => { if (state) state.textContent = text; };
  // What keeps an order from being saved: a place that two steps have, or a step without one.
  const unfinished = (place) => {
    const given = fields(place, "select").map((each) => each.value).filter(Boolean);
    const twice = given.find((each, at) => given.indexOf(each) !== at);
    return twice ? words.twice.replace("{place}", twice) : words.unplaced;
  };
  const halfDone = () => [...questions.values()].some((each) => each.dataset.kind === "ordering" && read(each) === undefined);

  // ── the clock: the server's, told with every answer ──
  const clock = form.querySelector("[data-clock]");
  let ends = null;
  const told = (seconds) => { if (seconds !== null && seconds !== undefined) ends = performance.now() + 1000 * seconds; };
  if (words.secondsLeft !== undefined) told(Number(words.secondsLeft));
  const tick = () => {
    if (ends === null || over) return;
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    if (clock) clock.textContent = left ? words.left.replace("{minutes}", Math.floor(left / 60)).replace("{seconds}", left % 60) : words.over;
    if (!left) finish();
  };
  const finish = async () => {
    over = true;
    const reached = await flush() && await post({}).then(([status]) => status < 500, () => false);
    if (!reached) { // what was saved is handed in by the server's clock; this page shows it when the network is back
      setTimeout(finish, 5000);
      return;
    }
    const sure = form.appendChild(document.createElement("input"));
    Object.assign(sure, { type: "hidden", name: "sure", value: "1" });
    const action = form.appendChild(document.createElement("input"));
    Object.assign(action, { type: "hidden", name: "do", value: "submit" });
    form.submit();
  };

  // ── sending, one at a time ──
  const post = async (body) => {
    const answer = await fetch(answers, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (answer.status === 410) location.reload(); // a newer link was sent: the page says so
    const said = await answer.json(); // a page of a hotel's network is none of ours, and counts as no network
    return [answer.status, said];
  };
  const send = async () => {
    if (!Object.keys(waiting).length) return;
    for (let key; (key = Object.keys(waiting)[0]) !== undefined;) {
      const place = questions.get(key);
      const response = waiting[key];
      const mark = JSON.stringify(response);
      say(words.saving);
      const [status, said] = place ? await post({ question: key, response, revision: Number(revision(place).value) }) : [200, {}];
      if (status >= 500) throw new Error(status);
      if (status === 409 || status === 403 || status === 404) { // handed in, time is up, closed: the page says what is so
        if (status === 409) store.write(quiz, {});
        over = true;
        location.reload();
        return;
      }
      if (JSON.stringify(waiting[key]) === mark) delete waiting[key];
      store.write(quiz, waiting);
      if (!place) continue;
      if (status === 200) {
        revision(place).value = said.revision;
        note(place, said.stale ? words.stale : "");
        told(said.seconds_left);
      } else note(place, said.error || "");
    }
    say(halfDone() ? words.partly : words.saved);
  };
  const flush = () => {
    clearTimeout(retry);
    sending ||= send().then(() => { pause = 2000; return true; }, () => {
      say(words.offline);
      retry = setTimeout(flush, pause);
      pause = Math.min(2 * pause, 60000);
      return false;
    }).finally(() => { sending = null; });
    return sending;
  };

  // ── what somebody does ──
  let typing = 0;
  const changed = (place, at) => {
    const response = read(place);
    if (over) return;
    if (place.dataset.kind === "ordering") {
      note(place, response === undefined ? unfinished(place) : "");
      if (response === undefined) say("");
    }
    if (response === undefined) return; // not a whole order yet
    waiting[place.dataset.question] = response;
    store.write(quiz, waiting);
    clearTimeout(typing);
    typing = setTimeout(flush, at);
  };
  // The other step takes the place that this one had. One that had none takes nothing away: both stay, and a note says so.
  const swap = (place, select) => {
    const others = fields(place, "select").filter((each) => each !== select);
    const taken = others.find((each) => each.value && each.value === select.value);
    if (taken && select.dataset.before) taken.value = select.dataset.before;
    for (const each of [select, ...others]) each.dataset.before = each.value;
  };
  for (const each of fields(form, "[data-step]")) each.dataset.before = each.value;
  form.addEventListener("input", (event) => {
    const place = event.target.closest("[data-question]");
    if (!place || event.target.type === "file") return;
    if (place.dataset.kind === "ordering") swap(place, event.target);
    changed(place, /text/.test(event.target.type) ? 1200 : 0);
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length) form.querySelector("[value=save]").click();
  });
  let ready = false;
  form.addEventListener("submit", async (event) => {
    if (ready || over) return;
    const button = event.submitter;
    event.preventDefault();
    say(words.saving);
    let reached = await flush();
    if (reached) reached = await post({}).then(([status]) => status < 500, () => false);
    if (!reached) {
      say(words.offline);
      state?.scrollIntoView({ block: "center" });
      return;
    }
    ready = true;
    form.requestSubmit(button);
    ready = false;
  });
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", async () => {
    const reached = await flush();
    // Clocks of telephones sleep with them.
    if (reached && !document.hidden && ends !== null && !over) post({}).then(([, said]) => told(said.seconds_left), () => {});
  });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // What waited from before: a closed tab, an empty battery.
  for (const [key, answer] of Object.entries(waiting)) {
    const place = questions.get(key);
    if (place) fill(place, answer);
    else delete waiting[key];
  }
  // What was filled in while this file was still on its way.
  const touched = (each) => (each.options
    ? [...each.options].some((option) => option.selected !== (option.defaultSelected || (!option.value && !each.querySelector("[selected]"))))
    : each.checked !== each.defaultChecked || each.value !== each.defaultValue);
  for (const [key, place] of questions) {
    if (!(key in waiting) && fields(place, "input:not([type=hidden], [type=file]), select, textarea").some(touched)) changed(place, 0);
  }
  if (Object.keys(waiting).length) flush();
  if (ends !== null) {
    setInterval(tick, 1000);
    tick();
  }
})();
