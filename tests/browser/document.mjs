// Checks of the document of one server: its search.

import { opened } from "./open.mjs";

export const serverDocument = {
  // What is searched is shown and nothing else; the form's button goes to the first place; without words all is back.
  async search(of) {
    const { say } = of;
    await opened(of, {}, async (tab) => {
      const rows = () => tab.evaluate(() => [...document.querySelectorAll("main tbody tr:not([hidden])")].map((row) => row.textContent));
      const all = (await rows()).length;
      const word = await tab.evaluate(() => {
        const words = [...document.querySelectorAll("main tbody td")].flatMap((cell) => cell.textContent.toLowerCase().match(/[a-z]{6,}/gu) ?? []);
        return words.at(-1);
      });
      await tab.locator(".find input").fill(word);
      await tab.locator(".find [type=submit]").click();
      const found = await rows();
      if (found.length === 0 || found.length >= all) say(`"${word}" shows ${found.length} of ${all} rows`);
      const at = await tab.evaluate(() => {
        const { activeElement } = document;
        const { top, bottom } = activeElement.getBoundingClientRect();
        return { text: activeElement.textContent.toLowerCase(), inside: activeElement.closest("main") !== null && top < innerHeight && bottom > 0 };
      });
      if (!at.inside || !at.text.includes(word)) say(`"${word}" leads to "${at.text.slice(0, 80)}"`);
      await tab.locator(".find input").fill("");
      await tab.locator(".find [type=submit]").click();
      if ((await rows()).length !== all) say("not every row is back when nothing is searched");
    });
  },
};
