// Marks the visitor's own zone in each list of times, or adds it. Without this file all zones are there, unmarked.
(() => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!own) return;
  const language = document.documentElement.lang;
  const wall = (moment, zone) => new Date(moment).toLocaleString("sv", { timeZone: zone });
  for (const list of document.querySelectorAll("[data-own-time]")) {
    const { ownTime: words, start, end } = list.dataset;
    const items = [...list.children];
    let item = items.find((each) => wall(start, each.dataset.zone) === wall(start, own));
    if (!item) {
      const clock = (moment) => new Date(moment).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      const sameDay = wall(start, own).slice(0, 10) === wall(start, items[0].dataset.zone).slice(0, 10);
      item = document.createElement("li");
      item.textContent = `${clock(start)}–${clock(end)}`;
      if (!sameDay) item.textContent += ` (${new Date(start).toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" })})`;
    }
    const label = document.createElement("span");
    label.className = "own-label";
    label.textContent = words;
    item.append(" ", label);
    item.className = "own";
    list.prepend(item);
  }
})();
