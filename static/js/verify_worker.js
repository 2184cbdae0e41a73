// Keeps the page that checks a certificate without a network; everything else goes to the network.
const SHELL = "/verify/offline";
const KEPT = "verify-1";
// Pages vary by cookie, though this one is the same for everybody.
const ANY = { ignoreVary: true };

async function keep() {
  const cache = await caches.open(KEPT);
  const page = await fetch(SHELL, { cache: "reload", credentials: "omit" });
  if (!page.ok) throw new Error("the page cannot be kept");
  const text = await page.clone().text();
  const files = [...text.matchAll(/"(\/static\/[^"#]+)/g)].map((found) => found[1]);
  await cache.addAll([...new Set(files)]);
  await cache.put(SHELL, page);
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (problem) {
    return (await caches.match(SHELL, ANY)) || Promise.reject(problem);
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
// The keys and files of a kept page grow old: each visit with a network keeps them anew.
self.addEventListener("message", (event) => event.waitUntil(keep()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/"))
    event.respondWith(caches.match(request, ANY).then((kept) => kept || fetch(request)));
});
