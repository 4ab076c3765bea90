// Plays a video in its place when its poster is tapped, and keeps the ticks of checklists on this device.
// Without this file a poster is a link to the video, and ticks last until the page is left.
(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-video]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const video = document.createElement("video");
    if (link.dataset.video && !video.canPlayType(link.dataset.video)) return;
    event.preventDefault();
    video.controls = video.autoplay = video.playsInline = true;
    video.src = link.href;
    video.setAttribute("aria-label", link.closest("figure").querySelector("figcaption").textContent);
    video.onerror = () => video.replaceWith(link);
    link.replaceWith(video);
    video.focus();
  });

  const key = "kelas:ticks";
  let ticks = [];
  try {
    ticks = JSON.parse(localStorage.getItem(key)) || [];
  } catch { /* storage is closed: ticks last until the page is left */ }
  for (const list of document.querySelectorAll("[data-checks]")) {
    const title = list.querySelector("legend").textContent;
    for (const box of list.querySelectorAll("input")) {
      const name = `${title}|${box.parentElement.textContent}`;
      box.checked = ticks.includes(name);
      box.onchange = () => {
        ticks = ticks.filter((each) => each !== name);
        if (box.checked) ticks.push(name);
        try {
          localStorage.setItem(key, JSON.stringify(ticks.slice(-500)));
        } catch { /* as above */ }
      };
    }
  }
})();
