// Keeps a part of the page fresh while work goes on: [data-refresh] holds the address to ask again.
const EVERY_MS = 2000;

async function refresh() {
  const part = document.querySelector("[data-refresh]");
  const address = part?.dataset.refresh;
  if (!address) return;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-refresh]");
      if (fresh && !part.contains(document.activeElement)) part.replaceWith(fresh);
      else if (fresh) part.dataset.refresh = fresh.dataset.refresh;
    }
  } catch {
    // Without a network the page stays as it is, and asks again.
  }
  setTimeout(refresh, EVERY_MS);
}

setTimeout(refresh, EVERY_MS);
