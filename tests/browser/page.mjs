// Checks that every page of ours has to pass.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DESK, PAPER, opened } from "./open.mjs";

const RULES = {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // A name on a section, list or region is what assistive technology lists them by.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // A rule for search engines; ours is as long as the servers' names.
    "long-title": "off",
  },
};
// A document leaves out the end tags that HTML lets be left out: its tables have tens of thousands of cells.
const BARE = { ...RULES, rules: { ...RULES.rules, "no-implicit-close": "off" } };
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  narrow: { colorScheme: "light", viewport: { width: 360, height: 800 } },
};
// Elements that a page of ours is made of; whatever else stands in it came from an export.
const OURS = new Set((
  "html head meta title style body a p div section header main footer h1 h2 h3 h4 h5 nav article aside ul ol li dl dt dd table "
  + "thead tbody tr th td caption span strong em code kbd mark time form label input select option output button details summary "
  + "figure figcaption svg path g line rect circle text template script search"
).split(" "));
// Milliseconds until something can be read.
const FIRST_PAINT = 1000;

const file = (tools, page, suffix) => {
  mkdirSync(tools.out, { recursive: true });
  return join(tools.out, `${page.name}-${suffix}`);
};

export const anyPage = {
  // No error, no dialog, and nothing is asked for but the file.
  async quiet({ browser, page, say }) {
    await opened({ browser, page, say }, {}, (tab) => tab.waitForTimeout(200));
  },

  // A policy is there and holds: what somebody puts into the page does not run.
  async policy({ browser, page, say }) {
    await opened({ browser, page }, {}, async (tab) => {
      const found = await tab.evaluate(async () => {
        const seen = [];
        document.addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
        const put = (tag, text) => document.body.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
        put("script", "window.injected = true");
        put("style", "body { outline: 7px solid rgb(1, 2, 3) !important; }");
        const holder = put("div", "");
        holder.innerHTML = '<img src="data:," onerror="window.injected = true"><p style="color: rgb(1, 2, 3)">x</p>';
        await fetch("data:,x").catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 300));
        const metas = [...document.querySelectorAll('head meta[http-equiv="Content-Security-Policy"]')];
        return {
          policy: metas.map((meta) => meta.content),
          ran: window.injected === true,
          styled: getComputedStyle(document.body).outlineWidth === "7px"
            || getComputedStyle(holder.querySelector("p")).color === "rgb(1, 2, 3)",
          seen: [...new Set(seen)],
        };
      });
      if (found.policy.length !== 1 || !found.policy[0].startsWith("default-src 'none'")) say(`policy: ${found.policy}`);
      if (/unsafe|\*|https?:/.test(found.policy.join())) say(`a policy that lets things in: ${found.policy}`);
      if (found.ran) say("an injected script ran");
      if (found.styled) say("an injected style holds");
      for (const part of ["script-src-elem", "style-src-elem", "img-src", "connect-src"]) {
        if (!found.seen.includes(part)) say(`${part} was not refused (refused: ${found.seen})`);
      }
    });
  },

  async valid({ page, tools, say }) {
    const report = await new tools.HtmlValidate(page.kind === "document" ? BARE : RULES).validateFile(page.file);
    for (const { messages } of report.results) {
      for (const { line, column, ruleId, message } of messages) say(`${line}:${column} ${ruleId}: ${message}`);
    }
  },

  async accessible({ browser, page, tools, say }) {
    for (const [look, options] of Object.entries(LOOKS)) {
      // The policy keeps a script from being put into the page; the browser's own door is open.
      const before = (tab) => tab.addInitScript(tools.axe);
      await opened({ browser, page }, { ...options, before }, async (tab) => {
        // Long pages take the browser long to draw; who looks at the picture has the page, too.
        const { width, height } = await tab.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
        const clip = { x: 0, y: 0, width, height: Math.min(height, 6000) };
        await tab.screenshot({ path: file(tools, page, `${look}.jpeg`), type: "jpeg", quality: 60, fullPage: true, clip });
        // What is unfolded has all that is to be seen folded.
        await tab.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
        const { violations } = await tab.evaluate(
          (runOnly) => window.axe.run(document, { resultTypes: ["violations"], runOnly }),
          // The dark page is the light one in other colours.
          look === "dark" ? { type: "rule", values: ["color-contrast"] } : STANDARDS,
        );
        for (const { id, help, nodes } of violations) {
          for (const node of nodes.slice(0, 3)) say(`${look}: ${id}: ${help}: ${node.target.join(" ")} ${node.failureSummary}`);
        }
      });
    }
  },

  // Nothing is wider than a phone, folded or not. What scrolls by itself may.
  async narrow({ browser, page, say }) {
    for (const width of [360, 320]) {
      await opened({ browser, page }, { viewport: { width, height: 800 } }, async (tab) => {
        for (const open of [false, true]) {
          const over = await tab.evaluate((open) => {
            document.querySelectorAll("details").forEach((details) => { details.open = open; });
            const root = document.documentElement;
            const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
            const outer = wide.filter((element) => !element.parentElement.closest(".scroll")).map((element) => element.outerHTML.slice(0, 120));
            return { by: root.scrollWidth - innerWidth, outer };
          }, open);
          if (over.by > 0) say(`scrolls sideways by ${over.by}px at ${width}px: ${over.outer.slice(0, 3).join("\n")}`);
        }
      });
    }
  },

  // Only our elements; no handler, no style, no address but a place in the page or in the web's own words.
  async elements({ browser, page, say }) {
    await opened({ browser, page }, { javaScriptEnabled: false }, async (tab) => {
      const found = await tab.evaluate(() => [document, ...[...document.querySelectorAll("template")].map((one) => one.content)]
        .flatMap((root) => [...root.querySelectorAll("*")])
        .map((element) => [element.localName, [...element.attributes].map(({ name, value }) => [name, value])]));
      const count = {};
      for (const [tag, attributes] of found) {
        count[tag] = (count[tag] ?? 0) + 1;
        if (!OURS.has(tag)) say(`an element that is not ours: ${tag}`);
        for (const [key, value] of attributes) {
          if (/^on|^style$|^srcdoc$|^formaction$/.test(key)) say(`an attribute that is not ours: ${key} of ${tag}`);
          if (/^(href|src|action)$/.test(key) && !/^(#|https:\/\/)/.test(value)) say(`an address that is not ours: ${value}`);
        }
      }
      const policy = await tab.evaluate(() => document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content ?? "");
      for (const tag of ["script", "style"]) {
        const allowed = policy.match(new RegExp(`${tag}-src ([^;]*)`))?.[1].match(/'sha256-/g)?.length ?? 0;
        if ((count[tag] ?? 0) !== allowed) say(`${count[tag] ?? 0} elements ${tag}, the policy allows ${allowed}`);
      }
      // Within a picture a title names what the pointer is on.
      const titles = await tab.evaluate(() => [...document.querySelectorAll("title")].filter((title) => !title.closest("svg")).length);
      if (titles !== 1) say(`${titles} elements title`);
    });
  },

  // With scripts off, all that matters is there and can be seen.
  async scriptless({ browser, page, tools, say }) {
    await opened({ browser, page }, { javaScriptEnabled: false }, async (tab) => {
      const missing = await tab.evaluate((texts) => {
        const flat = (text) => text.replace(/\s+/g, " ").trim();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
        const shown = [];
        while (walker.nextNode()) {
          const element = walker.currentNode;
          const text = flat(element.textContent);
          if (text.length < 2000 && element.checkVisibility() && !element.closest("script, style")) shown.push(text);
        }
        return texts.filter((text) => !shown.some((one) => one.includes(flat(text))));
      }, page.shows);
      for (const text of missing) say(`not to be seen: ${text}`);
      await tab.screenshot({ path: file(tools, page, "scriptless.jpeg"), type: "jpeg", quality: 60 });
    });
  },

  async paint({ browser, page, say }) {
    const times = [];
    for (let turn = 0; turn < 3; turn += 1) {
      times.push(await opened({ browser, page }, {}, (tab) => tab.evaluate(() => new Promise((resolve) => {
        const seen = (entries) => entries.filter((entry) => entry.name === "first-contentful-paint").forEach((entry) => resolve(entry.startTime));
        new PerformanceObserver((list) => seen(list.getEntries())).observe({ type: "paint", buffered: true });
      }))));
    }
    // The machine may be busy with something else; it is not slower than at its best.
    if (Math.min(...times) > FIRST_PAINT) say(`first paint after ${times.map(Math.round)} ms`);
  },

  // On paper nothing is cut off.
  async print({ browser, page, tools, say }) {
    await opened({ browser, page }, { viewport: PAPER }, async (tab) => {
      await tab.emulateMedia({ media: "print", colorScheme: "light" });
      const cut = await tab.evaluate((width) => {
        dispatchEvent(new Event("beforeprint"));
        const name = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
        const all = [...document.querySelectorAll("body *")].filter((element) => element.checkVisibility() && !element.closest("svg, [hidden]"));
        const off = (element) => { const { left, right } = element.getBoundingClientRect(); return right > left && right > 0 && right > width + 1; };
        // A container that hides or scrolls what is wider than itself cuts it on paper.
        const within = (element) => getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
        const short = (element) => getComputedStyle(element).overflowY === "hidden" && element.scrollHeight > element.clientHeight + 2;
        return {
          off: all.filter(off).map(name), within: all.filter(within).map(name), short: all.filter(short).map(name),
          controls: all.filter((element) => element.matches("button, input, select, form")).map(name),
        };
      }, PAPER.width);
      for (const [how, list] of Object.entries({
        "beyond the edge of the paper": cut.off, "wider than its box": cut.within, "higher than its box": cut.short,
        "a control on paper": cut.controls,
      })) {
        if (list.length > 0) say(`${list.length} ${how}: ${list.slice(0, 3).join(" | ")}`);
      }
      await tab.evaluate(() => dispatchEvent(new Event("afterprint")));
    });
    await opened({ browser, page }, { viewport: DESK }, async (tab) => {
      const pdf = await tab.pdf({ format: "A4", printBackground: true, tagged: true, preferCSSPageSize: true });
      writeFileSync(file(tools, page, "print.pdf"), pdf);
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      console.error(`${page.name}: ${pages} pages, ${readFileSync(page.file).length} bytes`);
      if (pages < 1 || (page.sheets && pages > page.sheets)) say(`${pages} pages on paper, at most ${page.sheets} are sensible`);
    });
  },
};
