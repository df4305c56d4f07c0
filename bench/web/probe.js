// In the page before its own scripts: tells when something was to be seen after something was done.
window.bench = {
  // Milliseconds from `since` (of performance.now()) to the frame that shows what fits.
  until(isThere, since) {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (performance.now() - since > 60_000) return reject(new Error(`not seen within a minute: ${isThere}`))
        if (!isThere()) return requestAnimationFrame(look)
        // This runs before the paint of its frame, what is posted here after it.
        const channel = new MessageChannel()
        channel.port1.onmessage = () => resolve(performance.now() - since)
        channel.port2.postMessage(0)
      }
      requestAnimationFrame(look)
    })
  },
  // The same from the next event of that type on.
  after(type, isThere) {
    window.benched = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no ${type} within a minute and a half`)), 90_000)
      addEventListener(type, (event) => resolve(bench.until(isThere, event.timeStamp)), { once: true, capture: true })
    })
  },
}
// Whether Today can be used: a row is there, and a key is answered.
if (location.pathname === "/") window.usable = (async () => {
  await bench.until(() => document.querySelector(".section .issue-row"), 0)
  await new Promise((resolve) => requestIdleCallback(resolve))
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }))
  return await bench.until(() => document.querySelector('.issue-row[data-selected="true"]'), 0)
})()
