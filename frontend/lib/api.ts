// The only place that speaks to turbo-server: typed by its OpenAPI document, with errors as it words them.
import createClient from "openapi-fetch"
import type { paths } from "./api-types"
import { fetchOnce, OFFSET } from "./early"

const TOOLS = "/v1/tools/"

type ToolPath = Extract<keyof paths, `/v1/tools/${string}`>
export type ToolName = ToolPath extends `/v1/tools/${infer Name}` ? Name : never
type Operation<Name extends ToolName> = paths[`/v1/tools/${Name}`]["post"]
export type Arguments<Name extends ToolName> = Operation<Name>["requestBody"]["content"]["application/json"]
export type Answer<Name extends ToolName> = Operation<Name>["responses"][200]["content"]["application/json"]

export const api = createClient<paths>({ baseUrl: "", fetch: fetchOnce, headers: { "Content-Type": "application/json" } })
api.use({ onRequest: ({ request }) => request.headers.set(OFFSET, offset()) }) // days are those of who looks

function offset(): string {
  return String(-new Date().getTimezoneOffset())
}

/** What the server refused, in its words. `current` comes with a version conflict: what is there now. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly current?: Record<string, unknown>,
  ) {
    super(message)
  }
}

export function isRefused(error: unknown, code?: string): error is Refused {
  return error instanceof Refused && (code === undefined || error.code === code)
}

/** A tool's result. Throws Refused. */
export async function call<Name extends ToolName>(
  name: Name,
  input: Arguments<Name>,
  signal?: AbortSignal,
  idempotencyKey?: string,
): Promise<Answer<Name>> {
  const response = await send(TOOLS + name, {
    method: "POST",
    body: JSON.stringify(input),
    headers: idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {},
    ...(signal ? { signal } : {}),
  })
  return (await response.json()) as Answer<Name>
}

/** The answer, whose status is good. Throws Refused. */
export async function send(path: string, request: RequestInit): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set("Content-Type", "application/json")
  headers.set(OFFSET, offset())
  let response: Response
  try {
    response = await fetchOnce(new Request(path, { ...request, headers, credentials: "same-origin" }))
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw new Refused(0, "unreachable", "The server does not answer.", "Look at your connection, then try again.")
  }
  if (!response.ok) throw await refusal(response)
  return response
}

export async function refusal(response: Response): Promise<Refused> {
  const body: unknown = await response.json().catch(() => null)
  const error = isRecord(body) && isRecord(body.error) ? body.error : {}
  const text = (name: string, otherwise: string) => (typeof error[name] === "string" ? error[name] : otherwise)
  return new Refused(
    response.status,
    text("code", "unknown"),
    text("message", `The server answered ${response.status}.`),
    text("hint", "Try again."),
    isRecord(error.current) ? error.current : undefined,
  )
}

/** The body of a GET or of what openapi-fetch sent. Throws Refused. */
export async function taken<Data>(sent: Promise<{ data?: Data; response: Response; error?: unknown }>): Promise<Data> {
  const { data, response, error } = await sent
  if (data !== undefined) return data
  throw await refusal(new Response(JSON.stringify(error), { status: response.status }))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
