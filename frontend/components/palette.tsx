"use client"
// Find or do anything: pages, actions, and the server's search as one types.
import { Command } from "cmdk"
import { Bookmark, MessagesSquare, Plus, SunMoon } from "lucide-react"
import { useDeferredValue } from "react"
import { useTool } from "@/lib/data"
import { navigate } from "@/lib/route"
import type { Theme } from "@/lib/theme"
import { hrefOf, useViews } from "@/lib/views"
import { useTyped } from "@/lib/typed-ahead"
import { label } from "@/lib/words"
import { Dialog } from "./dialog"
import { NAMES } from "./nav"
import type { Question } from "./shell-context"

type Mode = "palette" | "search"
type Given = { mode: Mode; setMode: (mode: "palette" | "create" | null) => void; ask: ((question: Question) => void) | undefined; theme: Theme }

export default function Palette({ mode, setMode, ask, theme }: Given) {
  const { typed, setTyped, field } = useTyped()
  const query = useDeferredValue(typed.trim())
  const close = () => setMode(null)
  const go = (href: string) => (close(), navigate(href))
  return (
    <Dialog title={mode === "search" ? "Search" : "Find or do"} isTitleShown={false} close={close} className="palette">
      <Command label="Find or do" loop>
        <Command.Input ref={field} autoFocus value={typed} onValueChange={setTyped} placeholder={mode === "search" ? "Search everything" : "Find or do anything"} />
        <Command.List>
          {mode === "palette" && <Views go={go} />}
          <Found query={query} go={go} />
          {mode === "palette" && (
            <Command.Group heading="Do">
              <Command.Item onSelect={() => setMode("create")}>
                <Plus size={15} aria-hidden /> Create an issue <kbd>c</kbd>
              </Command.Item>
              {ask && (
                <Command.Item onSelect={() => ask({})}>
                  <MessagesSquare size={15} aria-hidden /> Ask a mentor <kbd>m</kbd>
                </Command.Item>
              )}
              {NAMES.map(({ page, href, icon: Icon, key }) => (
                <Command.Item key={href} onSelect={() => go(href)}>
                  <Icon size={15} aria-hidden /> {page} <kbd>g {key}</kbd>
                </Command.Item>
              ))}
              <Command.Item onSelect={theme.next}>
                <SunMoon size={15} aria-hidden /> Change the theme (now {theme.name})
              </Command.Item>
            </Command.Group>
          )}
          {mode === "palette" && ask && query.includes(" ") && (
            <Command.Group heading="Ask" forceMount>
              <Command.Item value={`ask ${typed}`} onSelect={() => ask({ text: query })} forceMount>
                <MessagesSquare size={15} aria-hidden /> <span className="ellipsis">Ask a mentor: {query}</span>
              </Command.Item>
            </Command.Group>
          )}
          {mode === "search" && !query && <p className="soft small" style={{ padding: 10 }}>Words that must all be there; “exact words”, -without, or a key.</p>}
        </Command.List>
      </Command>
    </Dialog>
  )
}

function Views({ go }: { go: (href: string) => void }) {
  const views = useViews()
  if (!views.length) return null
  return (
    <Command.Group heading="Saved views">
      {views.map((view) => (
        <Command.Item key={view.id} value={`${view.name} view ${view.id}`} onSelect={() => go(hrefOf(view))}>
          <Bookmark size={15} aria-hidden /> <span className="grow ellipsis">{view.name}</span> <span className="tag">{label(view.page)}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}

function Found({ query, go }: { query: string; go: (href: string) => void }) {
  const found = useTool("search", { query, limit: 12 }, query.length > 1)
  if (query.length < 2) return null
  if (found.error) return <p className="small tone-red" style={{ padding: 10 }}>{found.error.message}</p>
  const items = found.data?.items ?? []
  if (!items.length && !found.isFetching) return <p className="soft small" style={{ padding: 10 }}>Nothing holds these words. With fewer of them more is found; Escape and c write it down as an issue.</p>
  return (
    <Command.Group heading="Found" forceMount>
      {items.map((each) => (
        <Command.Item key={`${each.key}${each.in ?? ""}${each.id ?? ""}`} value={`${each.key}${each.id ?? ""}`} onSelect={() => go(`/${each.key}`)} forceMount>
          <span className="faint tiny" style={{ width: 74 }}>{each.key}</span>
          <span className="grow" style={{ minWidth: 0 }}>
            <span className="ellipsis" style={{ display: "block" }}>{each.title}</span>
            {each.snippet && <span className="faint tiny ellipsis" style={{ display: "block" }}>{each.snippet}</span>}
          </span>
          <span className="tag">{label(each.in ?? each.kind)}</span>
        </Command.Item>
      ))}
    </Command.Group>
  )
}
