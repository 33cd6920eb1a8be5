// A picture with boxes on it, drawn by the page: the picture itself is never changed.

const figures = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const figure = figures.get(parentElement) ?? new Boxed(parentElement);
  figures.set(parentElement, figure);
  const run = figure.update(data, setTriggerValue);
  return () => {
    if (figure.run !== run) return; // a newer run of the script owns it
    figure.root.remove();
    figures.delete(parentElement);
  };
}

class Boxed {
  constructor(parent) {
    this.run = 0;
    this.root = document.createElement("figure");
    this.root.className = "boxed";
    this.img = document.createElement("img");
    this.img.addEventListener("error", () => this.miss());
    this.drawn = document.createElement("div");
    this.drawn.className = "drawn";
    this.root.append(this.img, this.drawn);
    parent.append(this.root);
  }

  update(data, pull) {
    this.pull = pull;
    const said = data.boxes.map((box) => box.label).filter(Boolean);
    this.img.alt = said.length ? `${data.title}: ${said.join(", ")}` : data.title;
    if (this.img.getAttribute("src") !== data.picture) this.img.src = data.picture;
    this.drawn.replaceChildren(...data.boxes.map(draw));
    this.run += 1;
    return this.run;
  }

  miss() {
    const address = this.img.getAttribute("src") ?? "";
    if (expired(address)) this.pull("expired", address);
  }
}

/** One box; its place is in percent, so that it stays right at any size. */
function draw({ box, label, dashed }, number) {
  const [left, top, right, bottom] = box.map((side) => 100 * Math.min(1, Math.max(0, side)));
  const node = document.createElement("div");
  node.className = `box box-${number % 4}`;
  node.classList.toggle("dashed", dashed);
  node.classList.toggle("high", top < 8);
  Object.assign(node.style, {
    left: `${left}%`,
    top: `${top}%`,
    width: `${Math.max(0, right - left)}%`,
    height: `${Math.max(0, bottom - top)}%`,
  });
  if (label) {
    const text = document.createElement("span");
    text.className = "label";
    text.textContent = label;
    node.append(text);
  }
  node.setAttribute("aria-hidden", "true"); // the picture's text says it
  return node;
}
