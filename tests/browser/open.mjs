// Opens a page and notes what it does that it should not.

import { pathToFileURL } from "node:url";

// A4 less the margins of the style sheet (13 mm left and right, 14 mm above and below), in CSS pixels.
export const PAPER = { width: Math.floor((210 - 26) / 25.4 * 96), height: Math.floor((297 - 28) / 25.4 * 96) };
export const DESK = { width: 1280, height: 900 };

export const address = (page) => pathToFileURL(page.file).href;

// Runs `use` with the page opened in a new profile without network; problems of the page go to `say`.
export async function opened({ browser, page, say }, options, use) {
  const { fragment = "", before, ...rest } = options;
  const context = await browser.newContext({ viewport: DESK, offline: true, ...rest });
  try {
    const tab = await context.newPage();
    // A page that is known to be wrong is not waited for.
    tab.setDefaultTimeout(page.checks?.length > 0 ? 4_000 : 20_000);
    if (say) {
      tab.on("console", (message) => { if (message.type() === "error") say(`console: ${message.text()}`); });
      tab.on("pageerror", (error) => say(`error of the page: ${error.message}`));
      tab.on("dialog", (dialog) => { say(`dialog: ${dialog.message()}`); dialog.dismiss(); });
      tab.on("request", (request) => {
        if (request.url().split("#")[0] !== address(page)) say(`request to ${request.url()}`);
      });
    }
    if (before) await before(tab, context);
    await tab.goto(address(page) + fragment, { waitUntil: "load" });
    return await use(tab, context);
  } finally {
    await context.close();
  }
}

// A text as every format for people shows it: what moves a cursor or turns the direction of writing is spelt out.
export const visible = (text) => text.replace(
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
  (c) => `\\u{${c.codePointAt(0).toString(16)}}`,
);

// A name stays on its line.
export const name = (text) => visible(text).replace(/\n/g, "\\u{a}").replace(/\t/g, "\\u{9}");
