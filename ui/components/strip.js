// The filmstrip: `shelve` does the work, this says how it is laid out.

export default function ({ data, parentElement, setTriggerValue }) {
  return shelve(parentElement, data, "strip", setTriggerValue);
}
