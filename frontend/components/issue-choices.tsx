"use client"
// What an issue's fields may be set to: enums from the API's document, names from the API.
import { useQuery } from "@tanstack/react-query"
import { api, taken } from "@/lib/api"
import { choices } from "@/lib/choices"
import { useTool } from "@/lib/data"
import { label } from "@/lib/words"
import type { Choice } from "./choose"
import { Person, PriorityIcon, StatusIcon } from "./parts"

const all = choices.update_issue
export const STATUSES: Choice[] = all.status.map((value) => ({ value, text: label(value), icon: <StatusIcon value={value} /> }))
export const PRIORITIES: Choice[] = all.priority.map((value) => ({ value, text: label(value), icon: <PriorityIcon value={value} /> }))
export const TYPES: Choice[] = all.type.map((value) => ({ value, text: label(value) }))
export const ALL_PROJECTS = { limit: 100 } as const
const NOBODY: Choice = { value: "none", text: "Nobody" }
const NOTHING: Choice = { value: "none", text: "None" }

export function usePeople(): Choice[] {
  const people = useQuery({ queryKey: ["people"], staleTime: 60_000, queryFn: () => taken(api.GET("/v1/people")) })
  const names = people.data?.people.map(({ name }) => ({ value: name, text: name, icon: <Person name={name} /> })) ?? []
  return [NOBODY, ...names]
}

export function useProjects(): Choice[] {
  const projects = useTool("list_projects", ALL_PROJECTS)
  return projects.data?.items.map(({ key, name }) => ({ value: key, text: `${name} (${key})` })) ?? []
}

export function useLabels(project: string, isWanted: boolean): Choice[] {
  const labels = useTool("list_items", { kind: "label", project, limit: 100 }, isWanted)
  return (labels.data?.items ?? []).map((each) => ({ value: String(each.name ?? each.title), text: String(each.name ?? each.title) }))
}

/** Milestones of the project, or initiatives. */
export function useGoals(kind: "milestone" | "initiative", project: string, isWanted: boolean): Choice[] {
  const goals = useTool("list_items", kind === "milestone" ? { kind, project, limit: 100 } : { kind, limit: 100 }, isWanted)
  return [NOTHING, ...(goals.data?.items ?? []).map((each) => ({ value: String(each.key), text: `${each.title} (${each.key})` }))]
}
