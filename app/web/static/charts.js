// Replaces the drawn charts by ones that answer to pointing, where the device can afford it.
// @ts-check

/** Options under which Vega needs neither eval nor style elements: our policy allows neither. */
const OPTIONS = {
  mode: "vega-lite",
  ast: true,
  actions: false,
  renderer: "svg",
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true, id: "petunjuk" },
};

/** @param {HTMLElement} place */
async function draw(place) {
  const answer = await fetch(place.dataset.spec ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) return; // the drawn chart stays
  const spec = await answer.json();
  const wide = place.clientWidth;
  const canvas = document.createElement("div");
  canvas.className = "drawn";
  const image = place.querySelector("img");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", image?.alt ?? "");
  place.append(canvas);
  const shaped = { ...spec, width: wide - (spec.usermeta?.margin ?? 0) };
  if (spec.usermeta?.ratio) shaped.height = Math.max(400, Math.round(wide * spec.usermeta.ratio));
  const embed = /** @type {any} */ (window).vegaEmbed;
  await embed(canvas, shaped, { ...OPTIONS, formatLocale: spec.usermeta?.formatLocale });
  image?.remove();
}

async function start() {
  const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".chart")]);
  const connection = /** @type {any} */ (navigator).connection;
  if (!places.length || connection?.saveData) return;
  await import(places[0].dataset.bundle ?? "");
  await Promise.all(places.map(draw));
}

start().catch((error) => console.warn("charts stay as drawn:", error));
