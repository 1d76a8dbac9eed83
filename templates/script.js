(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fields = ["severity", "area", "within", "status", "moved"];
  let keys = true;

  const put = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  const textOf = (card, what) =>
    what === "markdown" ? card.querySelector("template").content.textContent : card.querySelector(".copy-this").textContent;
  const copy = async (button) => {
    const said = button.textContent;
    const done = await put(textOf(button.closest(".finding"), button.dataset.copy));
    button.textContent = done ? "Copied" : "Copying failed";
    setTimeout(() => { button.textContent = said; }, 1500);
  };

  const filters = all(".findings").flatMap((section) => {
    const form = section.querySelector(".filters");
    if (!form) return [];
    const report = section.closest(".report");
    const cards = all(".finding", report).map((card) => ({ card, text: card.textContent.toLowerCase() }));
    const output = form.querySelector("output");
    const nothing = section.querySelector(".nothing");
    const apply = () => {
      const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { card, text } of cards) {
        const fits = fields.every((name) => !form.elements[name]?.value || card.dataset[name] === form.elements[name].value)
          && words.every((word) => text.includes(word));
        card.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      for (const part of all(".lints, .accepted.part, .departures", report)) part.hidden = all(".finding", part).every((card) => card.hidden);
      output.textContent = shown === cards.length ? `${shown} ${shown === 1 ? "entry" : "entries"}` : `${shown} of ${cards.length} entries`;
      nothing.hidden = shown > 0;
    };
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      cards.find(({ card }) => !card.hidden)?.card.focus();
    });
    form.addEventListener("reset", () => setTimeout(apply));
    form.elements.keys.addEventListener("change", (event) => {
      keys = event.target.checked;
      for (const other of all(".filters")) other.elements.keys.checked = keys;
    });
    apply();
    return [{ form, report, apply }];
  });

  const toTarget = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* it names nothing of ours */ }
    const target = id && document.getElementById(id);
    if (!target) return;
    for (const { form, report, apply } of filters) {
      if (target.hidden && report.contains(target)) {
        form.reset();
        apply();
      }
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
    if (target.classList.contains("finding")) target.focus({ preventScroll: true });
  };
  addEventListener("hashchange", toTarget);
  // A second click on the same link changes no address, and its finding may be filtered out by now.
  addEventListener("click", (event) => { if (event.target.closest?.('a[href^="#"]')) setTimeout(toTarget); });

  for (const button of all("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }

  const step = (by) => {
    const cards = all(".finding").filter((card) => !card.hidden);
    const at = cards.indexOf(document.activeElement?.closest?.(".finding"));
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, at + by))];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "start" });
  };
  addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape" && field?.type === "search") field.blur();
    if (!keys || field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && filters.length) {
      event.preventDefault();
      filters[0].form.elements.text.focus();
    } else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "c") document.activeElement?.closest?.(".finding")?.querySelector("[data-copy=markdown]")?.click();
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all(".finding details:not([open])");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
  toTarget();
})();
