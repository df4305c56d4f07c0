// Addresses: one exported page serves all of them, and this decides what it shows.
import { type AnchorHTMLAttributes, type Ref, createContext, createElement, type MouseEvent, useContext, useSyncExternalStore } from "react"
import { PAGES } from "./files"

export type PageName = (typeof PAGES)[number]
export type Place = { page: "today" | PageName } | { page: "unknown" } | { page: "item"; key: string }

const HANDLE = /^@[a-z][a-z0-9-]{1,30}$/i
const KEY = /^[A-Za-z][A-Za-z0-9]{0,9}(-[A-Za-z]?\d+)?$/
const CHANGED = "turbo:navigated"

export function placeOf(path: string): Place {
  const name = decodeURIComponent(path).replace(/^\/+|\/+$/g, "")
  if (name === "" || name === "sign-in") return { page: "today" }
  const page = PAGES.find((each) => each === name)
  if (page) return { page }
  if (HANDLE.test(name)) return { page: "item", key: name.toLowerCase() }
  return KEY.test(name) && /\d/.test(name) ? { page: "item", key: name.toUpperCase() } : { page: "unknown" }
}

/** ASK-3: a page of its own, like @architect. */
export function isConversation(key: string): boolean {
  return /^ASK-\d+$/i.test(key)
}

/** By the browser's own methods: Next puts others in their place, which let its router draw the whole page anew. */
export function navigate(href: string, how: "push" | "replace" = "push"): void {
  const method = how === "push" ? History.prototype.pushState : History.prototype.replaceState
  method.call(window.history, null, "", href)
  window.dispatchEvent(new Event(CHANGED))
}

/** For a page that waits hidden while an item is shown over it: the address that it had. */
export const KeptAddress = createContext<string | undefined>(undefined)

/** /issues?status=open */
export function useHref(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search, () => "/")
}

export function useAddress(): { path: string; query: URLSearchParams } {
  const now = useHref()
  const address = useContext(KeptAddress) ?? now
  const at = address.indexOf("?")
  return {
    path: at < 0 ? address : address.slice(0, at),
    query: new URLSearchParams(at < 0 ? "" : address.slice(at)),
  }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed)
  window.addEventListener(CHANGED, changed)
  return () => {
    window.removeEventListener("popstate", changed)
    window.removeEventListener(CHANGED, changed)
  }
}

/** A link that changes the page without loading it anew. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; ref?: Ref<HTMLAnchorElement> }) {
  return createElement("a", {
    href,
    ...rest,
    onClick: (event: MouseEvent<HTMLAnchorElement>) => {
      onClick?.(event)
      if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      navigate(href)
    },
  })
}
