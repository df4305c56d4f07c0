// Fetching what will be wanted before it is: parts of the page while nothing else is to be done, an item while the
// mouse rests on its link or the keys have come to it.
import { type QueryClient, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { itemQuery } from "./data"
import type { Part } from "./part"
import { isConversation, placeOf } from "./route"

const RESTS = 20 // milliseconds on a link, and it is meant
const SETTLED = 1500 // milliseconds, and the first page has what it needs
const CALM = 500 // milliseconds in which nobody scrolled, typed or pressed
const ON_LINKS = ["pointerover", "focusin", "pointerdown"] as const
const TOUCHES = ["scroll", "wheel", "keydown", "pointerdown"] as const

const parts = new Set<() => Promise<unknown>>()

/** The part is fetched as soon as the page has nothing else to do, or at once where it is wanted. */
export function ahead<Props>(part: Part<Props>): Part<Props> {
  parts.add(part.fetch)
  return part
}

/** After the first page is shown. One after the other, so that a press is answered in between. */
export function useParts(): void {
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => window.setTimeout(run, 200))
    const cancel = window.cancelIdleCallback ?? window.clearTimeout
    let [handle, timer, touched] = [0, window.setTimeout(next, SETTLED), 0]
    const touch = () => (touched = performance.now())
    for (const each of TOUCHES) window.addEventListener(each, touch, { capture: true, passive: true })
    function next() {
      const [fetch] = parts
      if (!fetch) return
      if (performance.now() - touched < CALM) return void (timer = window.setTimeout(next, CALM))
      parts.delete(fetch)
      fetch().catch(() => undefined).finally(() => (handle = idle(next))) // who wants it then asks again
    }
    return () => {
      window.clearTimeout(timer)
      cancel(handle)
      for (const each of TOUCHES) window.removeEventListener(each, touch, { capture: true })
    }
  }, [])
}

/** Fetches the item of a link on which the mouse rests, or the focus, or which is pressed. */
export function useItemsAhead(): void {
  const client = useQueryClient()
  useEffect(() => {
    let timer = 0
    function over(event: Event) {
      window.clearTimeout(timer)
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='/']") : null
      if (link && event.type === "pointerdown") fetchItem(client, link.pathname)
      else if (link) timer = window.setTimeout(fetchItem, RESTS, client, link.pathname)
    }
    for (const each of ON_LINKS) document.addEventListener(each, over)
    return () => {
      window.clearTimeout(timer)
      for (const each of ON_LINKS) document.removeEventListener(each, over)
    }
  }, [client])
}

export function fetchItem(client: QueryClient, path: string): void {
  const place = placeOf(path)
  if (place.page === "item" && !place.key.startsWith("@") && !isConversation(place.key)) void client.prefetchQuery(itemQuery(place.key))
}
