/* On a partner's page: lets the agenda's frame grow with its content. */
(() => {
  const home = new URL(document.currentScript.src).origin;
  const frames = () => [...document.querySelectorAll("iframe")].filter((f) => f.src.startsWith(home + "/") && f.src.includes("/embed/v1/"));
  const hello = (f) => {
    try {
      if (f.contentWindow.location.href === "about:blank") return; /* not loaded yet */
    } catch { /* another origin, so it is loaded */ }
    f.contentWindow.postMessage({ kelas: "hello" }, home);
  };
  addEventListener("message", ({ source, origin, data }) => {
    const f = origin === home && data && data.kelas === "height" && frames().find((f) => f.contentWindow === source);
    if (f && data.height > 0 && data.height < 2e4) f.style.height = data.height + "px";
  });
  document.addEventListener("load", ({ target }) => frames().includes(target) && hello(target), true);
  frames().forEach(hello);
  addEventListener("load", () => frames().forEach(hello));
})();
