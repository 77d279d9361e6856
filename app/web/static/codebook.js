// Narrows a codebook down to the variables in which every word of the search occurs.
// @ts-check

/** @param {string} text */
const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

const search = /** @type {HTMLElement | null} */ (document.querySelector("[data-search]"));
const field = search?.querySelector("input");
const told = /** @type {HTMLElement | null | undefined} */ (search?.querySelector("[data-found]"));
const blocks = [...document.querySelectorAll("[data-block]")].map((element) => ({
  element: /** @type {HTMLElement} */ (element),
  entry: /** @type {HTMLElement | null} */ (document.querySelector(`[data-to="${element.id}"]`)),
  name: plain(element.querySelector("h2")?.textContent ?? ""),
  variables: [...element.querySelectorAll("[data-variable]")].map((each) => ({
    element: /** @type {HTMLElement} */ (each),
    text: plain(each.textContent ?? ""),
  })),
}));
const all = blocks.reduce((sum, block) => sum + block.variables.length, 0);

/** @param {string} wanted */
function narrow(wanted) {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const block of blocks) {
    let here = 0;
    for (const variable of block.variables) {
      const fits = words.every((word) => variable.text.includes(word) || block.name.includes(word));
      variable.element.hidden = !fits;
      here += fits ? 1 : 0;
    }
    block.element.hidden = here === 0;
    if (block.entry) block.entry.hidden = here === 0;
    found += here;
  }
  if (told) {
    told.textContent = (told.dataset.template ?? "")
      .replace("{found}", String(found))
      .replace("{all}", String(all));
  }
}

/** Show what an address points at, even where the search has hidden it. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !field || !target.closest("[hidden]")) return;
  field.value = "";
  narrow("");
  target.scrollIntoView();
}

if (search && field) {
  search.hidden = false;
  field.addEventListener("input", () => narrow(field.value));
  addEventListener("hashchange", reveal);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      field.focus();
    }
  });
  narrow(field.value);
}
const list = document.querySelector(".blocks details");
if (list instanceof HTMLDetailsElement && matchMedia("(max-width: 959px)").matches) list.open = false;
