// Without a network: what was read here before, marked as a copy, or else a page that says so.
// Kept are only pages that are the same for everybody: below a language, answered with "public".
const KEPT = "kelas-{{ version }}", READ = "kelas-read", MOST = 20;
const ALWAYS = {{ always }};

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(ALWAYS)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name.startsWith("kelas-") && name !== KEPT && name !== READ) await caches.delete(name);
    await clients.claim();
    // The page that is open is in the browser's own cache: no traffic.
    for (const { url } of await clients.matchAll({ type: "window" })) await fetch(url, { cache: "force-cache" }).then((answer) => keep(url, answer), () => {});
  };
  event.waitUntil(old());
});

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (ALWAYS.includes(pathname) && request.mode !== "navigate") event.respondWith(fetch(request).catch(() => caches.match(request)));
  else if (request.mode === "navigate" && request.destination === "document" && !/^\/(admin|demo|media)\//.test(pathname)) event.respondWith(visit(event, request));
});

async function visit(event, request) {
  try {
    const answer = await fetch(request);
    event.waitUntil(keep(request.url, answer.clone()));
    return answer;
  } catch {
    const copy = await caches.match(request, { cacheName: READ, ignoreVary: true });
    return copy ? marked(copy) : caches.match("{{ page }}");
  }
}

async function keep(address, answer) {
  const says = (name, words) => words.test(answer.headers.get(name));
  const shared = says("Cache-Control", /\bpublic\b/) && says("Content-Type", /^text\/html/);
  const url = address.split("#")[0];
  const cache = await caches.open(READ);
  // Taken down, or (0: sent on to the login page) for some only from now on: it goes from here too.
  if ([0, 404, 410].includes(answer.status)) await cache.delete(url, { ignoreVary: true });
  if (answer.status !== 200 || answer.redirected || !shared || !/^\/(id|en)\//.test(new URL(url).pathname)) return;
  await cache.delete(url, { ignoreVary: true });
  await cache.put(url, answer);
  const kept = await cache.keys();
  for (const old of kept.slice(0, -MOST)) await cache.delete(old, { ignoreVary: true });
}

async function marked(copy) {
  const text = await copy.text(), id = /<html lang="id/.test(text);
  const date = new Date(copy.headers.get("Date")).toLocaleString(id ? "id" : "en", { dateStyle: "long", timeStyle: "short" });
  const words = id ? `Tidak ada jaringan. Ini salinan di perangkat Anda dari ${date}.` : `No network. This is the copy on your device from ${date}.`;
  const note = `<div class="wrap"><p class="callout warning" role="status">${words}</p></div>`;
  return new Response(text.replace(/<main [^>]*>/, (main) => main + note), { headers: copy.headers });
}
