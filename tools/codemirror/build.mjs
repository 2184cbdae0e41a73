/* One minified file without a source map, and the licences of what it holds. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const target = "../../static/vendor/codemirror";
const done = await build({
  entryPoints: ["editor.js"], bundle: true, minify: true, format: "iife", target: "es2020",
  legalComments: "none", metafile: true, outfile: join(target, "editor.js"),
});
const packages = new Set();
for (const path of Object.keys(done.metafile.inputs)) {
  const found = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
const parts = [...packages].sort().map((name) => {
  const folder = join("node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${about.version}, ${about.license}\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
});
writeFileSync(join(target, "LICENSES.txt"), parts.join(`\n${"-".repeat(72)}\n\n`));
