/* Self-checks answer in place; without this script the page answers through its address. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-check]") || event.submitter?.matches("[data-hint]")) return;
  event.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form));
  await replace(form, address);
});

document.addEventListener("click", async (event) => {
  const again = event.target.closest("[data-again]");
  if (!again) return;
  event.preventDefault();
  const form = again.closest("form");
  form.replaceWith(kept.get(form.id));
  document.getElementById(form.id).querySelector(":is(input:not([type=hidden]), select:not([hidden]), button)").focus();
});

const kept = new Map();

async function replace(form, address) {
  try {
    const reply = await fetch(address, { headers: { "X-Part": "check" } });
    if (!reply.ok) throw new Error(reply.status);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("form");
    const blank = form.cloneNode(true);
    blank.reset();
    if (!kept.has(form.id)) kept.set(form.id, blank);
    form.replaceWith(fresh);
    fresh.dispatchEvent(new CustomEvent("elearn:filled", { bubbles: true }));
    fresh.querySelector("[role=status], [role=alert]")?.scrollIntoView({ block: "nearest" });
  } catch {
    location.assign(address);
  }
}
