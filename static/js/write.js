/* Tools over a plain area of text; without this script it is written in as it stands. */
for (const field of document.querySelectorAll("[data-write]")) {
  const area = field.querySelector("textarea");
  const tools = field.querySelector("[data-write-tools]");
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const { wrap, lead } = event.target.dataset;
    if (wrap) replace(area, ...wrapped(area, wrap));
    else if (lead) replace(area, ...led(area, lead));
  });
}

/* The chosen words between marks; again takes the marks away. */
function wrapped(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const words = value.slice(start, end) || area.form.dataset.words || "teks";
  const bare = words.startsWith(mark) && words.endsWith(mark) && words.length > 2 * mark.length;
  return [start, end, bare ? words.slice(mark.length, -mark.length) : mark + words + mark];
}

/* Every chosen line behind a lead; again takes the lead away. */
function led(area, lead) {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const found = value.indexOf("\n", area.selectionEnd);
  const end = found < 0 ? value.length : found;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(lead));
  return [start, end, lines.map((line) => (all ? line.slice(lead.length) : lead + line)).join("\n")];
}

function replace(area, start, end, text) {
  area.focus();
  area.setRangeText(text, start, end, "select");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
