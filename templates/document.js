(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = document.querySelector(".find");
  const field = form.querySelector("input");
  const output = form.querySelector("output");
  const unit = "tbody tr, .tree li, .part > p";
  let index;
  let places = new Set();

  const build = () => {
    const units = new Map(all(unit, document.querySelector("main")).map((at) => [at, at.textContent.toLowerCase()]));
    // Parts first that lie within others.
    const parts = all(".part").reverse().map((part) => ({ part, title: part.firstElementChild.textContent.toLowerCase() }));
    return { units, parts };
  };
  const apply = () => {
    index ??= build();
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    const named = new Set();
    if (words.length) for (const { part, title } of index.parts) if (fits(title)) named.add(part);
    places = new Set(named);
    let found = 0;
    for (const [at, text] of index.units) {
      const hit = fits(text);
      const within = words.length && !hit && [...named].some((part) => part.contains(at));
      at.hidden = !hit && !within;
      if (hit) found += 1;
      if (hit) places.add(at);
    }
    for (const table of all("main table")) {
      const none = words.length > 0 && !table.querySelector("tbody tr:not([hidden])");
      table.parentElement.hidden = none;
      const details = table.closest("details");
      if (details) {
        details.hidden = none;
        if (words.length) details.open = !none;
        else details.open = false;
      }
    }
    for (const { part } of index.parts) {
      part.hidden = words.length > 0 && !named.has(part)
        && !part.querySelector("tbody tr:not([hidden]), .tree li:not([hidden]), :scope > p:not([hidden]), .part:not([hidden])");
    }
    output.textContent = words.length ? `${found} places, ${named.size} headings` : "";
  };
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    apply();
    if (!field.value.trim()) return;
    // The rows of a closed table have no place on the page.
    const first = [...places].filter((at) => at.getClientRects().length)
      .sort((a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1)[0];
    if (!first) return;
    const at = first.classList.contains("part") ? first.firstElementChild : first;
    at.tabIndex = -1;
    at.focus({ preventScroll: true });
    at.scrollIntoView({ block: "center" });
  });
  form.hidden = false;

  const toTarget = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* it names nothing of ours */ }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (field.value) {
      field.value = "";
      apply();
    }
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", toTarget);
  addEventListener("keydown", (event) => {
    if (event.target === field) {
      if (event.key === "Escape") field.blur();
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
    }
  });
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
  toTarget();
})();
