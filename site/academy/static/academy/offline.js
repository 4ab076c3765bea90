// Asks the browser to keep the page that says "no network", once this page has done its own work.
if ("serviceWorker" in navigator) addEventListener("load", () => navigator.serviceWorker.register("/offline.js").catch(() => {}));
