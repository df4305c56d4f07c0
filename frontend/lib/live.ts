// What other people and agents do appears without a reload. Asked only while the tab is seen, so that an idle server may sleep.
import { useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { api, isRefused, taken } from "./api"

const EVERY = 3000
const AFTER_FAILURE = 15_000

export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => {
    let cursor = "latest"
    let timer = 0
    let isOver = false

    async function look(): Promise<number> {
      try {
        const page = await events(cursor)
        if (!page.items.length) {
          cursor = page.next_cursor
          return EVERY
        }
        // First where to go on from, then what is shown: nothing can come to lie between the two.
        cursor = page.more ? (await events("latest")).next_cursor : page.next_cursor
        await client.invalidateQueries({ queryKey: ["tool"] })
        return EVERY
      } catch (error) {
        if (isRefused(error, "events_moved")) cursor = "latest"
        if (isRefused(error) && error.status === 401) client.setQueryData(["me"], null)
        return AFTER_FAILURE
      }
    }

    async function go() {
      window.clearTimeout(timer)
      if (document.visibilityState !== "visible" || isOver) return
      const wait = await look()
      window.clearTimeout(timer)
      if (!isOver) timer = window.setTimeout(go, wait)
    }

    void go()
    document.addEventListener("visibilitychange", go)
    return () => {
      isOver = true
      window.clearTimeout(timer)
      document.removeEventListener("visibilitychange", go)
    }
  }, [client])
}

function events(after: string) {
  return taken(api.GET("/v1/events", { params: { query: { after, limit: 1 } } }))
}
