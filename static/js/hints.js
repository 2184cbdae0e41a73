/* Hints open in place, one after another; without this script their buttons send the page. */
(() => {
async function partOf(button, region) {
  const reply = await fetch(button.dataset.hint, { method: button.dataset.method, headers: { "X-Part": "check" } });
  if (reply.status === 409) return { trouble: region.dataset.saidClosed };
  if (reply.status === 401 || reply.redirected) return { trouble: region.dataset.saidSignedOut };
  const page = new DOMParser().parseFromString(reply.ok ? await reply.text() : "", "text/html");
  const fresh = page.getElementById(region.id);
  return fresh ? { fresh } : { trouble: region.dataset.saidFailed };
}

/* What is new is read aloud: the list of open hints is a live region. */
function show(region, fresh) {
  const list = region.querySelector("[data-open]");
  for (const hint of fresh.querySelectorAll("[data-open] > *")) {
    if (!list.querySelector(`[data-number="${hint.dataset.number}"]`)) list.append(hint);
  }
  const [count, freshCount] = [region, fresh].map((part) => part.querySelector("input[type=hidden]"));
  if (count && freshCount) count.value = freshCount.value;
}

/* The focus stays on the button while there is one more, else it goes to the hint. */
function goOn(region, fresh) {
  const more = region.querySelector("[data-more]");
  const freshMore = fresh.querySelector("[data-more]");
  if (freshMore) {
    more.replaceWith(freshMore);
    freshMore.querySelector("button").focus();
    return;
  }
  more.remove();
  const last = region.querySelector("[data-open]").lastElementChild;
  last.tabIndex = -1;
  last.focus();
}

async function open(button) {
  const region = button.closest("[data-hints]");
  const complaint = region.querySelector("[data-trouble]");
  complaint.textContent = "";
  const { fresh, trouble } = await partOf(button, region).catch(() => ({ trouble: region.dataset.saidFailed }));
  if (trouble) {
    complaint.textContent = trouble;
    return;
  }
  show(region, fresh);
  goOn(region, fresh);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-hint]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.busy) return;
  button.dataset.busy = "yes";
  await open(button);
  delete button.dataset.busy;
});
})();
