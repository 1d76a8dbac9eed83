// Opens pages in headless Chromium and says what is wrong with them.
//
// In: a plan (JSON, written by tests/browser.rs): where the browser and the packages are, and the pages, each with what it
// must show. Out: one line of JSON for each problem on stdout; pictures of the pages in the plan's folder.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { serverDocument } from "./document.mjs";
import { anyPage } from "./page.mjs";
import { driftReport } from "./report.mjs";

// What the browser must not do by itself, and what it needs where there is neither a sandbox nor a graphics card.
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const packages = createRequire(join(plan.packages, "check.js"));
const tools = {
  axe: readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8"),
  HtmlValidate: packages("html-validate").HtmlValidate,
  out: plan.out,
};
const checks = { page: anyPage, document: { ...anyPage, ...serverDocument }, report: { ...anyPage, ...driftReport } };

const browser = await packages("playwright-core").chromium.launch({ executablePath: plan.chromium, headless: true, args: FLAGS });
for (const page of plan.pages) {
  for (const [name, check] of Object.entries(checks[page.kind])) {
    if (page.checks && !page.checks.includes(name)) continue;
    const say = (problem) => console.log(JSON.stringify({ page: page.name, check: name, problem }));
    const started = Date.now();
    try {
      await check({ browser, page, tools, say });
    } catch (error) {
      say(`the check itself failed: ${error.stack ?? error}`);
    }
    console.error(`${page.name}: ${name} in ${Date.now() - started} ms`);
  }
}
await browser.close();
