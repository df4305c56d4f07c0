// Addresses beside the tools: what they answer, and doing something at one of them with its errors shown.
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useNotices } from "@/components/notices"
import { useShell } from "@/components/shell-context"
import { api, send, taken } from "./api"
import type { paths } from "./api-types"
import { newKey, useRefresh } from "./data"

type Path = keyof paths
type Method = "get" | "post" | "delete"
type Operation<P extends Path, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never
export type Body<P extends Path, M extends Method> = Operation<P, M> extends { requestBody: { content: { "application/json": infer Given } } } ? Given : never
export type Result<P extends Path, M extends Method> = Operation<P, M> extends { responses: { 200: { content: { "application/json": infer Answer } } } } ? Answer : never

/** Throws Refused. */
export async function ask<P extends Path, M extends "post" | "delete">(
  method: M, path: P, body: Body<P, M>, idempotencyKey = newKey(), signal?: AbortSignal,
): Promise<Result<P, M>> {
  const headers = { "Idempotency-Key": idempotencyKey }
  const answer = await send(path, { method: method.toUpperCase(), body: JSON.stringify(body), headers, ...(signal ? { signal } : {}) })
  return (await answer.json()) as Result<P, M>
}

/** Does one thing at a time: tells what fails, and has what is shown read anew. */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const client = useQueryClient()
  const refresh = useRefresh()
  const { fail } = useNotices()
  async function run(work: () => Promise<void>, ...stale: string[]) {
    if (isBusy) return
    setBusy(true)
    try {
      await work()
    } catch (error) {
      fail(error)
    } finally {
      setBusy(false)
      await Promise.all([refresh(), ...stale.map((name) => client.invalidateQueries({ queryKey: [name] }))])
    }
  }
  return { isBusy, run }
}

export function useMembers() {
  return useQuery({ queryKey: ["people"], staleTime: 60_000, queryFn: () => taken(api.GET("/v1/people")) })
}

/** What the person may do on this page: the lesser of his role and his key's scope, as the server has it. */
export function useRights() {
  const { me } = useShell()
  const role = useMembers().data?.people.find(({ you }) => you)?.role
  const isAdmin = me.key.scope === "admin" && role === "owner"
  const why = role === "owner" ? `This page is signed in with a key of the scope ${me.key.scope}.` : role ? `You are a ${role} here.` : ""
  return { role, isAdmin, canWrite: me.key.scope !== "read" && role !== "viewer", oversees: isAdmin && !me.key.is_limited, why }
}
