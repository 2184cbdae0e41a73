/* What answers tell of each question, beside the question; without this script it is the tab "Angka". */
const figures = document.querySelector("[data-figures]");

async function loadFigures() {
  try {
    const reply = await fetch(figures.dataset.figures, { headers: { "X-Part": "figures" } });
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    for (const item of page.querySelectorAll("[data-drafted] > li")) {
      document.querySelector(`#soal-${item.dataset.position} > [data-figure]`)?.replaceChildren(...clones(item));
    }
    const found = [...page.querySelectorAll("[data-drafted] > li")].map((item) => ({
      line: Number(item.dataset.line),
      words: words(item.querySelector(".told")),
      warning: words(item.querySelector(".suspicion")),
    }));
    document.dispatchEvent(new CustomEvent("elearn:figures", { detail: found }));
  } catch {
    /* Without the network the figures that were shown stay. */
  }
}

function clones(item) {
  return [...item.querySelectorAll(".told, .suspicion")].map((part) => document.importNode(part, true));
}

function words(part) {
  return part ? part.textContent.replace(/\s+/g, " ").trim() : "";
}

document.addEventListener("elearn:saved", loadFigures);
loadFigures();
