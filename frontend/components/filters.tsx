"use client"
// The filters of lists and boards. They live in the address, so that a view can be shared and kept.
import { Search, X } from "lucide-react"
import { useEffect, useState } from "react"
import type { Arguments } from "@/lib/api"
import { choices } from "@/lib/choices"
import { navigate, useAddress } from "@/lib/route"
import { label } from "@/lib/words"
import { type Choice, Choose } from "./choose"
import { usePeople, useProjects } from "./issue-choices"
import { SaveView } from "./saved-view"

type Input = Arguments<"list_issues">
const LISTS = ["status", "type", "priority"] as const
const ALL = choices.list_issues

type AddressFilters = { query: URLSearchParams; set: (name: string, values: readonly string[]) => void; clear: () => void }

/** The filters that stand in the address of any page. */
export function useAddressFilters(): AddressFilters {
  const { path, query } = useAddress()
  function set(name: string, values: readonly string[]) {
    const next = new URLSearchParams(query)
    next.delete(name)
    for (const value of values) next.append(name, value)
    navigate(`${path}${next.size ? `?${next}` : ""}`, "replace")
  }
  return { query, set, clear: () => navigate(path, "replace") }
}

export function useFilters(initial: Input = {}): AddressFilters & { input: Input } {
  const { query, ...rest } = useAddressFilters()
  const input: Record<string, unknown> = { ...initial }
  for (const name of LISTS) if (query.has(name)) input[name] = query.getAll(name)
  for (const name of ["project", "assignee", "text", "sort", "milestone", "initiative"]) if (query.get(name)) input[name] = query.get(name)
  if (query.has("label")) input.label = query.getAll("label")
  return { input: input as Input, query, ...rest }
}

export function Filters({ filters, without = [] }: { filters: ReturnType<typeof useFilters>; without?: readonly string[] }) {
  const { input, set, clear, query } = filters
  const projects = useProjects()
  const people = usePeople()
  const me = { value: "me", text: "Me" }
  return (
    <div className="tools" role="group" aria-label="Filters">
      <Text value={input.text ?? ""} set={(text) => set("text", text ? [text] : [])} />
      <One name="project" choices={projects} chosen={input.project} set={set} />
      {LISTS.filter((name) => !without.includes(name)).map((name) => (
        <Several key={name} name={name} values={ALL[name]} chosen={input[name] ?? []} set={set} />
      ))}
      <One name="assignee" choices={[me, ...people]} chosen={input.assignee} set={set} />
      {!without.includes("sort") && <One name="sort" choices={ALL.sort.map((value) => ({ value, text: label(value) }))} chosen={input.sort} set={set} />}
      <Clear query={query} clear={clear} />
      <SaveView />
    </div>
  )
}

export function Clear({ query, clear }: { query: URLSearchParams; clear: () => void }) {
  if (!query.size) return null
  return (
    <button className="chip" onClick={clear}>
      <X size={12} aria-hidden /> Clear
    </button>
  )
}

type Set = (name: string, values: readonly string[]) => void

type OneGiven = { name: string; choices: readonly Choice[]; chosen: string | undefined; set: Set; free?: string }

export function One({ name, choices, chosen, set, free }: OneGiven) {
  const text = choices.find(({ value }) => value === chosen)?.text ?? chosen
  return (
    <Choose label={label(name)} className={chosen ? "chip on" : "chip"} choices={choices} chosen={chosen ? [chosen] : []} {...(free ? { free } : {})}
      choose={(value) => set(name, value === chosen ? [] : [value])}>
      <span className="ellipsis">{text ? `${label(name)}: ${text}` : label(name)}</span>
    </Choose>
  )
}

function Several({ name, values, chosen, set }: { name: string; values: readonly string[]; chosen: readonly string[]; set: Set }) {
  const toggled = (value: string) => (chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value])
  return (
    <Choose label={label(name)} className={chosen.length ? "chip on" : "chip"} choices={values.map((value) => ({ value, text: label(value) }))}
      chosen={chosen} choose={(value) => set(name, toggled(value))} isMultiple>
      {chosen.length ? `${label(name)}: ${chosen.map(label).join(", ")}` : label(name)}
    </Choose>
  )
}

function Text({ value, set }: { value: string; set: (text: string) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => {
    if (typed === value) return
    const timer = window.setTimeout(set, 200, typed)
    return () => window.clearTimeout(timer)
  })
  return (
    <label className="search-field">
      <Search size={13} aria-hidden />
      <input value={typed} onChange={(event) => setTyped(event.target.value)} placeholder="Filter by words" aria-label="Filter by words" />
    </label>
  )
}
