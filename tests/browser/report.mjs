// Checks of drift reports: filters, links, keys, copying, and the order on paper.
//
// What must be seen is told from the JSON of the same result, never from the page.

import { readFileSync } from "node:fs";
import { PAPER, name, opened, visible } from "./open.mjs";

// The reports of the result, with what the page calls each finding.
function results(page) {
  const json = JSON.parse(readFileSync(page.result, "utf8"));
  const known = {};
  return (json.reports ?? [json]).map((report) => {
    // Among several the server's name stands first.
    const server = report.staging.server.replace(/[^A-Za-z0-9]/gu, "-").toLowerCase();
    known[server] = (known[server] ?? 0) + 1;
    const again = known[server] > 1 ? `${known[server]}-` : "";
    const prefix = json.reports ? `s-${server}-${again}` : "";
    const card = (finding) => ({
      ...finding, anchor: `${prefix}f-${finding.fingerprint}`, class: finding.status === "unknown" ? "unknown" : finding.severity,
    });
    const all = report.findings.map(card);
    const open = all.filter((finding) => finding.status !== "accepted");
    const accepted = all.filter((finding) => finding.status === "accepted");
    const worst = ["block", "high", "medium", "low", "info"];
    const lints = report.lints.map(card).sort((one, other) => worst.indexOf(one.severity) - worst.indexOf(other.severity));
    // In the order of the page.
    return { id: `${prefix}report`, open, accepted, lints, all: [...open, ...lints, ...accepted] };
  });
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
// Ids of the cards of a report's findings that can be seen.
const shown = (tab, id) => tab.evaluate(
  (id) => [...document.querySelectorAll(`[id="${id}"] .finding`)].filter((card) => card.checkVisibility()).map((card) => card.id), id);
const said = (tab, id) => tab.locator(`[id="${id}"] .filters output`).textContent();
const settle = (tab) => tab.waitForTimeout(60);
const focused = (tab) => tab.evaluate(() => document.activeElement?.id ?? "");

async function filter(tab, id, values) {
  const form = tab.locator(`[id="${id}"] .filters`);
  await form.locator("[type=reset]").click();
  for (const [key, value] of Object.entries(values)) {
    if (key === "text") await form.locator("[name=text]").fill(value);
    else await form.locator(`[name=${key}]`).selectOption(value);
  }
  await settle(tab);
  return shown(tab, id);
}

// Every value of a list of choices shows the cards that have it, and says how many.
async function choices(tab, report, key, of, say) {
  const options = await tab.locator(`[id="${report.id}"] [name=${key}] option`).evaluateAll((all) => all.map(({ value, text }) => ({ value, text })));
  const seen = [];
  for (const { value, text } of options.filter((option) => option.value !== "")) {
    const cards = await filter(tab, report.id, { [key]: value });
    seen.push(...cards);
    if (of) {
      const wanted = report.all.filter((finding) => of(finding) === value).map((finding) => finding.anchor);
      if (!same(cards, wanted)) say(`${key} ${value} shows ${cards}, not ${wanted}`);
    }
    if (!text.endsWith(`(${cards.length})`)) say(`${key} "${text}" shows ${cards.length}`);
    const words = await said(tab, report.id);
    if (cards.length !== report.all.length && !words.startsWith(`${cards.length} of ${report.all.length} `)) say(`${key} ${value}: "${words}" of ${cards.length}`);
  }
  if (!same(seen.sort(), report.all.map((finding) => finding.anchor).sort())) say(`the choices of ${key} do not hold each finding once`);
}

async function words(tab, report, say) {
  const last = report.all.at(-1);
  const text = await tab.evaluate((id) => Object.fromEntries([...document.querySelectorAll(`[id="${id}"] .finding`)]
    .map((card) => [card.id, card.textContent.toLowerCase()])), report.id);
  for (const query of [last.fingerprint, last.object, last.id.split("-").at(-1).toUpperCase()]) {
    const wanted = Object.keys(text).filter((id) => visible(query).toLowerCase().split(/\s+/).every((word) => text[id].includes(word)));
    const cards = await filter(tab, report.id, { text: visible(query) });
    if (!same(cards, wanted) || !cards.includes(last.anchor)) say(`the text "${query}" shows ${cards}, not ${wanted}`);
  }
  if ((await filter(tab, report.id, { text: "no finding says this" })).length > 0) say("a text that no finding has shows some");
  if (!await tab.locator(`[id="${report.id}"] .nothing`).isVisible()) say("nothing says that nothing is shown");
  if (!/^0 of /.test(await said(tab, report.id))) say(`nothing is shown, but: ${await said(tab, report.id)}`);
  const both = report.all.filter((finding) => finding.class === last.class && finding.area === last.area).map((finding) => finding.anchor);
  const cards = await filter(tab, report.id, { severity: last.class, area: last.area });
  if (!same(cards, both)) say(`two filters show ${cards}, not ${both}`);
  await filter(tab, report.id, {});
  const all = await shown(tab, report.id);
  if (!same(all, report.all.map((finding) => finding.anchor))) say(`after clearing: ${all}`);
  if (await said(tab, report.id) !== `${all.length} ${all.length === 1 ? "entry" : "entries"}`) say(`after clearing: ${await said(tab, report.id)}`);
}

// The place is shown, in sight and, if it is a finding, has the focus.
async function arrived(tab, anchor, say, how) {
  await settle(tab);
  const at = await tab.evaluate((id) => {
    const card = document.getElementById(id);
    const { top, bottom } = card?.getBoundingClientRect() ?? {};
    return { there: card?.checkVisibility() ?? false, sight: top < innerHeight && bottom > 0 };
  }, anchor);
  if (!at.there) say(`${how}: ${anchor} is not shown`);
  else if (!at.sight) say(`${how}: ${anchor} is out of sight`);
  if (await focused(tab) !== anchor) say(`${how}: the focus is on "${await focused(tab)}", not on ${anchor}`);
}

export const driftReport = {
  async cards({ browser, page, say }) {
    await opened({ browser, page, say }, { javaScriptEnabled: false }, async (tab) => {
      for (const report of results(page)) {
        for (const [part, wanted] of Object.entries({ findings: report.open, lints: report.lints, accepted: report.accepted })) {
          const found = await tab.evaluate(([id, part]) => [...document.querySelectorAll(`[id="${id}"] > .${part} .finding`)]
            .map((card) => [card.id, card.querySelector("h3").textContent, card.querySelector(".copy-this").textContent]), [report.id, part]);
          const cards = wanted.map((finding) => [finding.anchor, name(finding.object), visible(finding.fix)]);
          if (!same(found, cards)) say(`${part}: ${JSON.stringify(found.find((one, at) => !same(one, cards[at])))} among ${found.length} of ${cards.length}`);
        }
      }
    });
  },

  async filters({ browser, page, say }) {
    await opened({ browser, page, say }, {}, async (tab) => {
      for (const report of results(page).filter((report) => report.all.length > 0)) {
        if (!await tab.locator(`[id="${report.id}"] .filters`).isVisible()) { say("there are no filters"); continue; }
        await choices(tab, report, "severity", (finding) => finding.class, say);
        await choices(tab, report, "area", (finding) => finding.area, say);
        await choices(tab, report, "status", (finding) => finding.status, say);
        await choices(tab, report, "within", null, say);
        await words(tab, report, say);
        const live = tab.locator(`[id="${report.id}"] .filters output`);
        if (await live.getAttribute("aria-live") !== "polite") say("the count is not announced");
      }
    });
  },

  // A link to a finding survives whatever the reader has filtered.
  async links({ browser, page, say }) {
    const all = results(page);
    for (const report of all.filter((report) => report.open.length > 0)) {
      const { anchor } = report.open.at(-1);
      await opened({ browser, page, say }, {}, async (tab) => {
        await filter(tab, report.id, { text: "no finding says this" });
        await tab.evaluate((id) => { location.hash = id; }, anchor);
        await arrived(tab, anchor, say, "a filtered-out finding");
        const link = tab.locator(`[id="${report.id}"] .board a[href^="#"]`).first();
        if (await link.count() === 0) return;
        const target = (await link.getAttribute("href")).slice(1);
        for (const time of ["first", "second"]) {
          await filter(tab, report.id, { text: "no finding says this" });
          await link.click();
          await arrived(tab, target, say, `the board's link, for the ${time} time`);
        }
      });
    }
    const anchors = all.flatMap((report) => [report.open, report.lints, report.accepted]).flatMap((list) => list.slice(-1)).map((finding) => finding.anchor);
    for (const anchor of anchors) {
      await opened({ browser, page, say }, { fragment: `#${anchor}` }, (tab) => arrived(tab, anchor, say, "opened with a link"));
    }
    await opened({ browser, page, say }, {}, async (tab) => {
      const dead = await tab.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href"))
        .filter((href) => !document.getElementById(decodeURIComponent(href.slice(1)))));
      if (dead.length > 0) say(`links to nowhere: ${dead}`);
    });
  },

  async keys({ browser, page, say }) {
    const [report] = results(page).filter((report) => report.open.length > 1);
    if (!report) return;
    const [first, second] = report.open.map((finding) => finding.anchor);
    const press = async (tab, key, wanted) => {
      await tab.keyboard.press(key);
      await settle(tab);
      const at = await focused(tab);
      if (at !== wanted) say(`${key}: the focus is on "${at}", not on "${wanted}"`);
    };
    const before = (tab, context) => context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await opened({ browser, page, say }, { before }, async (tab) => {
      for (const [key, wanted] of [["j", first], ["j", second], ["k", first]]) await press(tab, key, wanted);
      await tab.keyboard.press("c");
      await settle(tab);
      const text = await tab.evaluate(() => navigator.clipboard.readText());
      if (!text.includes(report.open[0].fingerprint)) say(`c copied: ${text.slice(0, 80)}`);
      await tab.keyboard.press("/");
      const search = await tab.evaluate(() => document.activeElement?.matches("input[type=search]") && document.activeElement.value === "");
      if (!search) say("/ does not lead to the search");
      await tab.keyboard.type("jk/c");
      if (await tab.locator(`[id="${report.id}"] [name=text]`).inputValue() !== "jk/c") say("keys do not reach the search");
      await tab.keyboard.press("Escape");
      await tab.locator(`[id="${report.id}"] .filters [type=reset]`).click();
      await tab.locator(`[id="${report.id}"] [name=keys]`).uncheck();
      await tab.evaluate(() => document.activeElement?.blur());
      await press(tab, "j", "");
    });
    // At a zoom of 400 % a desk is as wide as a phone, and has its keyboard still (WCAG 1.4.10 and 2.1.4).
    await opened({ browser, page, say }, { viewport: { width: 320, height: 256 } }, async (tab) => {
      if (!await tab.locator(`[id="${report.id}"] [name=keys]`).isVisible()) say("at a zoom of 400 % the keys cannot be switched off");
    });
  },

  async copies({ browser, page, say }) {
    const cards = results(page).flatMap((report) => [report.open, report.lints, report.accepted]).flatMap((list) => list.slice(0, 2));
    const read = (tab) => tab.evaluate(() => navigator.clipboard.readText());
    const before = (tab, context) => context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await opened({ browser, page, say }, { before }, async (tab) => {
      for (const finding of cards) {
        const card = tab.locator(`[id="${finding.anchor}"]`);
        await card.locator("[data-copy=fix]").click();
        await settle(tab);
        if (await read(tab) !== visible(finding.fix)) say(`the fix of ${finding.anchor} was copied as ${await read(tab)}`);
        await card.locator("[data-copy=markdown]").click();
        await settle(tab);
        const text = await read(tab);
        if (!text.startsWith("### ") || !text.includes(finding.fingerprint) || !text.includes("**Fix:**")) say(`Markdown of ${finding.anchor}: ${text}`);
        if (/Copying failed/.test(await card.textContent())) say(`${finding.anchor} says that copying failed`);
      }
    });
  },

  // On paper: the answer and the change board's summary on the first sheet, and nothing folded that a finding says.
  async paper({ browser, page, say }) {
    await opened({ browser, page, say }, { viewport: PAPER }, async (tab) => {
      await tab.emulateMedia({ media: "print" });
      const tops = await tab.evaluate(() => [".verdict", ".board", ".findings"].map((part) => document.querySelector(part).getBoundingClientRect().top));
      if (!(tops[0] < tops[1] && tops[1] < tops[2])) say(`order on paper: verdict, board, findings at ${tops}`);
      if (tops[1] > PAPER.height && results(page).every((report) => report.open.every((finding) => finding.status !== "unknown"))) say(`the board's summary begins at ${tops[1]}`);
      await tab.emulateMedia({ media: "screen" });
      // The browser itself has to say that it prints: the PDF is made of what the page does then.
      const folded = () => tab.evaluate(() => document.querySelectorAll(".finding details:not([open])").length);
      await tab.evaluate(() => addEventListener("beforeprint", () => {
        window.folded = document.querySelectorAll(".finding details:not([open])").length;
      }));
      const at = await folded();
      await tab.pdf({ format: "A4" });
      await settle(tab);
      const onPaper = await tab.evaluate(() => window.folded);
      if (onPaper !== 0) say(`folded on paper: ${onPaper}`);
      if (await folded() !== at) say(`folded before printing: ${at}, after: ${await folded()}`);
    });
  },
};
