// The review desk by keyboard: letters press what they are written on, nothing is sent twice.
// @ts-check

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (target.matches("input, textarea, select") && !target.matches("[type=radio], [type=checkbox]")));

/** @param {HTMLDetailsElement} details */
function toggle(details) {
  details.open = !details.open;
  const goal = details.open ? details.querySelector("textarea") : null;
  if (goal) {
    goal.focus();
    goal.setSelectionRange(goal.value.length, goal.value.length);
  } else {
    details.querySelector("summary")?.focus();
  }
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) {
    /** @type {HTMLElement} */ (event.target).blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!(wanted instanceof HTMLElement)) return;
  event.preventDefault();
  if (wanted instanceof HTMLDetailsElement) toggle(wanted);
  else wanted.click();
});

for (const form of document.querySelectorAll("form[data-once], form.undo")) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) event.preventDefault();
    form.setAttribute("data-sent", "");
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});

// said once more, so that screen readers hear it: a page that opens with it may go unheard
const toast = document.querySelector("[data-toast] > p");
if (toast) {
  const said = [...toast.childNodes];
  toast.replaceChildren();
  setTimeout(() => toast.replaceChildren(...said), 100);
}

const all = /** @type {HTMLElement | null} */ (document.querySelector("[data-all]"));
const chosen = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('.twins input[name="kasus"]'));
if (all && chosen.length > 1) {
  all.hidden = false;
  all.addEventListener("change", (event) => {
    for (const each of chosen) each.checked = /** @type {HTMLInputElement} */ (event.target).checked;
  });
}
