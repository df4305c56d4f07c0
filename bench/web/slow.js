// The control: a page that does too much at every turn, before its own scripts and beside them.
const busy = (milliseconds) => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
busy(1600)
for (const type of ["mousedown", "mouseup", "click"]) addEventListener(type, () => busy(120), { capture: true })
addEventListener("scroll", () => busy(60), { capture: true })
