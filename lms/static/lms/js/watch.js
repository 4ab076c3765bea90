// Reports which parts of a lesson's recording were watched. Without this file nothing is counted, and the page says so.
(() => {
  const place = document.querySelector("[data-watch]");
  if (!place) return;
  const words = place.querySelector("[data-watch-words]");
  const length = Number(place.dataset.length);
  let spans = []; // seen and not yet acknowledged
  let open = null; // the part that is being watched
  let player = null;
  let busy = false;

  // Of several videos the recording is one that is about as long as the lesson says.
  const counts = (media) => media.duration >= length / 2;

  const close = () => {
    if (open && open[1] - open[0] >= 1) spans.push(open);
    open = null;
  };

  const report = async (leaving) => {
    if (open) {
      spans.push([...open]);
      open = [open[1], open[1]];
    }
    if (!spans.length || (busy && !leaving)) return;
    const sent = spans.splice(0, 100);
    busy = true;
    try {
      const answer = await fetch(place.dataset.watch, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ spans: sent }),
      });
      const said = await answer.json();
      if (answer.ok) {
        words.textContent = said.words;
        if (said.next && !place.querySelector("[data-next]")) {
          const link = document.createElement("a");
          link.dataset.next = "";
          link.className = "button";
          link.href = said.next.url;
          link.textContent = said.next.words;
          words.after(link);
        }
      } else {
        words.textContent = said.error;
      }
    } catch {
      spans = [...sent, ...spans].slice(-100); // no network: with the next report
    }
    busy = false;
  };

  document.addEventListener("timeupdate", (event) => {
    const media = event.target;
    if (!counts(media) || media.seeking) return;
    player = media;
    const now = media.currentTime;
    if (open && now >= open[1] && now - open[1] < 5) open[1] = now;
    else {
      close();
      open = [now, now];
    }
  }, true);
  document.addEventListener("seeking", (event) => event.target === player && close(), true);
  document.addEventListener("ended", (event) => {
    if (event.target !== player) return;
    // Lengths are given in whole minutes: who saw the end saw all that is counted.
    if (open && Math.abs(length - player.duration) < 60) open[1] = Math.max(open[1], length);
    report();
  }, true);
  document.addEventListener("pause", (event) => event.target === player && report(), true);
  document.addEventListener("visibilitychange", () => document.hidden && report(true));
  addEventListener("online", () => report());
  setInterval(report, 20000);
})();
