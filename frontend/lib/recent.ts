// Events, the newest first. The feed runs from the oldest on; `recent` begins it near its end.
import { api, taken } from "./api"
import type { paths } from "./api-types"

type Page = paths["/v1/events"]["get"]["responses"][200]["content"]["application/json"]

export function recentEvents(person: string | undefined): Promise<Page["items"]> {
  return all("recent", person ? { person } : {})
}

/** All that happened to an item, newest first. */
export function eventsOf(key: string): Promise<Page["items"]> {
  return all(undefined, { key })
}

async function all(from: string | undefined, filter: { person?: string; key?: string }): Promise<Page["items"]> {
  const kept: Page["items"] = []
  let after = from
  for (let isMore = true; isMore; ) {
    const page: Page = await taken(api.GET("/v1/events", { params: { query: { limit: 100, ...(after ? { after } : {}), ...filter } } }))
    kept.push(...page.items)
    after = page.next_cursor
    isMore = page.more
  }
  return kept.reverse()
}
