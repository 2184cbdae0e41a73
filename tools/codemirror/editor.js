/* One surface for static/js/editor.js: an editor in a shadow root, and HTML as Markdown.
   In a shadow root CodeMirror adopts its style sheets, which a strict CSP allows. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import TurndownService from "turndown";
import { tables } from "turndown-plugin-gfm";

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--edge)", borderRadius: "8px" },
  "&.cm-focused": { outline: "3px solid var(--gold-fill)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "15px", lineHeight: "1.6", minHeight: "420px", maxHeight: "72vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--ground)", color: "var(--ink-2)", borderRight: "1px solid var(--line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--brand-soft)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".told": { padding: "2px 6px", fontFamily: "var(--font)", fontSize: "13px", color: "var(--ink-2)" },
  ".told .warning": { color: "var(--bad)", fontWeight: "600" },
  ".cm-panels input, .cm-panels button": { font: "inherit" },
});

const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700", color: "var(--brand)" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.quote, color: "var(--ink-2)" },
  { tag: [tags.link, tags.url], color: "var(--brand)" },
  { tag: [tags.monospace, tags.processingInstruction, tags.meta], color: "var(--gold)" },
]);

const words = EditorState.phrases.of({
  Find: "Cari", Replace: "Ganti", next: "berikutnya", previous: "sebelumnya", all: "semua",
  "match case": "besar-kecil huruf", regexp: "ekspresi reguler", "by word": "kata utuh",
  replace: "ganti", "replace all": "ganti semua", close: "tutup",
});

/* What is said of a line, below it; it moves with the text. */
class Beside extends WidgetType {
  constructor(told) {
    super();
    this.told = told;
  }

  eq(other) {
    return JSON.stringify(other.told) === JSON.stringify(this.told);
  }

  toDOM() {
    const box = document.createElement("div");
    box.className = "told";
    box.append(this.told.words);
    if (this.told.warning) {
      const warning = document.createElement("div");
      warning.className = "warning";
      warning.textContent = this.told.warning;
      box.append(warning);
    }
    return box;
  }
}

const setBeside = StateEffect.define();
const beside = StateField.define({
  create: () => Decoration.none,
  update(shown, change) {
    const set = change.effects.find((effect) => effect.is(setBeside));
    return set ? set.value : shown.map(change.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function placed(doc, told) {
  const seen = told.filter(({ line }) => line >= 1 && line <= doc.lines);
  return Decoration.set(
    seen.map((one) => Decoration.widget({ widget: new Beside(one), block: true, side: 1 }).range(doc.line(one.line).to)),
    true,
  );
}

function create({ host, text, label, changed, pasted }) {
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), lintGutter(), history(), drawSelection(), search({ top: true }), words,
        EditorView.lineWrapping, markdown({ base: markdownLanguage }), syntaxHighlighting(colours), look, beside,
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true", lang: "id", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
        EditorView.domEventHandlers({ paste: pasted, drop: pasted }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    replace: (whole) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: whole } }),
    insert(piece) {
      view.dispatch(view.state.replaceSelection(piece));
      view.focus();
    },
    insertBlock(piece) {
      const line = view.state.doc.lineAt(view.state.selection.main.to);
      const at = line.to;
      const whole = `${line.length ? "\n\n" : "\n"}${piece}\n`;
      view.dispatch({ changes: { from: at, insert: whole }, selection: { anchor: at + whole.length }, scrollIntoView: true });
      view.focus();
    },
    wrap(mark) {
      const { from, to } = view.state.selection.main;
      const held = view.state.sliceDoc(from, to) || "teks";
      view.dispatch({
        changes: { from, to, insert: mark + held + mark },
        selection: { anchor: from + mark.length, head: from + mark.length + held.length },
      });
      view.focus();
    },
    lead(mark) {
      const line = view.state.doc.lineAt(view.state.selection.main.from);
      view.dispatch({ changes: { from: line.from, insert: mark }, selection: { anchor: line.to + mark.length } });
      view.focus();
    },
    goTo(number) {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      view.focus();
    },
    beside: (told) => view.dispatch({ effects: setBeside.of(placed(view.state.doc, told)) }),
    show(problems) {
      const found = problems.map(({ line, message, severity }) => {
        const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
        return { from: at.from, to: at.to, message, severity: severity === "galat" ? "error" : "warning" };
      });
      view.dispatch(setDiagnostics(view.state, found));
    },
  };
}

const turndown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*" });
turndown.use(tables);
turndown.remove(["style", "script", "meta", "title", "link", "img"]);

/* Styles say nothing in Markdown, and the page's policy would complain of each. */
const STYLES = /<style\b[\s\S]*?<\/style>|\sstyle\s*=\s*("[^"]*"|'[^']*')/gi;

/* What Word and web pages put on the clipboard, without their office markup. */
function markdownOf(html) {
  const page = new DOMParser().parseFromString(html.replace(STYLES, ""), "text/html");
  for (const part of page.querySelectorAll("o\\:p, xml, iframe, object")) part.remove();
  for (const item of page.querySelectorAll("p[class^=MsoListParagraph]")) {
    const whole = item.textContent.trim();
    const made = page.createElement("p");
    made.textContent = whole.replace(/^[·•o§\-–]\s+/, "- ").replace(/^(\d+)[.)]\s+/, "$1. ");
    item.replaceWith(made);
  }
  return turndown.turndown(page.body.innerHTML).replace(/\u00a0/g, " ").replace(/\\([-.])/g, "$1").replace(/\n{3,}/g, "\n\n").trim();
}

window.elearnEditor = { create, markdownOf };
