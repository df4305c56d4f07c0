// In the page before its own scripts: tells when something was to be seen after something was done.
window.bench = {
  // Milliseconds from `since` (of performance.now()) to the frame that shows what fits.
  until(isThere, since) {
    return new Promise((resolve) => {
      const look = () => {
        if (!isThere()) return requestAnimationFrame(look)
        // After the paint of this frame.
        requestAnimationFrame(() => {
          const channel = new MessageChannel()
          channel.port1.onmessage = () => resolve(performance.now() - since)
          channel.port2.postMessage(0)
        })
      }
      look()
    })
  },
  // The same from the next event of that type on.
  after(type, isThere) {
    window.benched = new Promise((resolve) => {
      addEventListener(type, (event) => resolve(bench.until(isThere, event.timeStamp)), { once: true, capture: true })
    })
  },
}
// Whether it can be used: a row is there, and a key is answered.
window.usable = (async () => {
  await bench.until(() => document.querySelector(".section .issue-row"), 0)
  await new Promise((resolve) => requestIdleCallback(resolve))
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }))
  return await bench.until(() => document.querySelector('.issue-row[data-selected="true"]'), 0)
})()
