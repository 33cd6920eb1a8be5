// The page's keys, their help, and pictures pasted anywhere.

const LARGEST = 1280; // pixels a side; queries need no more
const SEARCH = '[data-testid="stTextInput"] input';
const HELP = [
  ["/", "go to the search box"],
  ["Esc", "from the search box to the results"],
  ["\u2190|\u2192|\u2191|\u2193", "move among the results"],
  ["Home|End", "first, last result"],
  ["Page Up|Page Down", "a screen up, down"],
  ["Enter", "open the shot"],
  ["m", "more like this"],
  ["Space", "play or stop the moment"],
  ["n|p", "next, previous shot"],
  ["j|l", "5 seconds back, on (or Shift and an arrow)"],
  [",|.", "a frame back, on"],
  ["Ctrl V", "search with a picture you copied"],
  ["?", "this help"],
];

const listeners = new WeakMap();

export default function ({ parentElement, setTriggerValue }) {
  const keys = listeners.get(parentElement) ?? new Keys(parentElement);
  listeners.set(parentElement, keys);
  keys.pull = setTriggerValue;
  keys.run += 1;
  const { run } = keys;
  return () => {
    if (keys.run !== run) return; // a newer run of the script owns it
    keys.end();
    listeners.delete(parentElement);
  };
}

class Keys {
  constructor(parent) {
    this.run = 0;
    this.help = helpDialog();
    this.says = node("div", "says");
    this.says.setAttribute("role", "status");
    parent.append(this.help, this.says);
    this.gone = new AbortController();
    const signal = { signal: this.gone.signal };
    document.addEventListener("keydown", (event) => this.key(event), signal);
    document.addEventListener("paste", (event) => this.paste(event), signal);
  }

  end() {
    this.gone.abort();
    clearTimeout(this.quiet);
    this.help.remove();
    this.says.remove();
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (event.key === "Escape" && target.matches?.(SEARCH)) {
      target.blur(); // what was typed is kept, as by leaving the box
      document.dispatchEvent(new CustomEvent("shotseek:grid"));
    } else if (!writes(target)) this.act(event);
  }

  act(event) {
    if (event.key === "?") this.toggle();
    else if (event.key === "/" && !this.help.open && document.querySelector(SEARCH)) {
      const box = document.querySelector(SEARCH);
      box.focus();
      box.select();
    } else return;
    event.preventDefault();
  }

  toggle() {
    if (this.help.open) this.help.close();
    else this.help.showModal();
  }

  paste(event) {
    const file = pictureOf(event.clipboardData);
    // Texts copied from documents carry a picture of themselves: in a box the text is meant.
    const text = event.clipboardData?.types.includes("text/plain");
    if (!file || event.defaultPrevented || (text && writes(event.composedPath()[0]))) return;
    event.preventDefault();
    shrink(file).then(
      (url) => this.pull("picture", { name: file.name || "pasted.jpg", data_url: url }),
      () => this.say("The pasted picture could not be read: save it as JPEG and upload it."),
    );
  }

  say(text) {
    this.says.textContent = text;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => (this.says.textContent = ""), 6000);
  }
}

function node(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function helpDialog() {
  const dialog = node("dialog", "help");
  dialog.setAttribute("aria-label", "Keys");
  const list = node("dl", "keys");
  for (const [keys, meaning] of HELP) {
    const name = node("dt", "name");
    name.append(...keys.split("|").map((key) => node("kbd", "", key)));
    list.append(name, node("dd", "", meaning));
  }
  const close = node("button", "close", "close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  const sheet = node("div", "sheet");
  sheet.append(node("h2", "", "Keys"), list, close);
  dialog.append(sheet);
  return dialog;
}

function pictureOf(clipboard) {
  const items = Array.from(clipboard?.items ?? []);
  const item = items.find(({ kind, type }) => kind === "file" && type.startsWith("image/"));
  return item?.getAsFile() ?? null;
}

/** A picture file as the data address of a JPEG of at most LARGEST pixels a side. */
async function shrink(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white"; // JPEG knows no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.toDataURL("image/jpeg", 0.9);
}
