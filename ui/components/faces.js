// Faces, each a tile that can be chosen: `shelve` does the work, this says how it is laid out.

export default function ({ data, parentElement, setTriggerValue }) {
  return shelve(parentElement, data, "faces", setTriggerValue);
}
