// What has the focus, as far as page-wide keys must know it.

const PRESSED = "checkbox radio button submit reset".split(" ");

/** Whether keys pressed here are text. */
function writes(target) {
  if (target?.isContentEditable || target?.closest?.("textarea, select")) return true;
  return target?.localName === "input" && !PRESSED.includes(target.type);
}

/** Whether Space presses this. */
function presses(target) {
  return Boolean(target?.closest?.("button, a, summary, input, [role='tab'], [role='switch']"));
}
