// Bringing a file to the server: in base64, and for as long as it takes. The same key asks again for the same answer.
import { isRefused } from "./api"
import { ask, type Body, type Result } from "./rest"

export type Imported = Result<"/v1/imports", "post">
export type Wanted = Omit<Body<"/v1/imports", "post">, "name" | "content">

const AGAIN = 2000
const STILL_AT_WORK = ["idempotency_key_in_use", "server_busy", "unreachable"]
const TRIES = 120

export async function contentOf(file: File): Promise<string> {
  const address = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Error(`${file.name} cannot be read. Has it been moved, or changed, since it was chosen?`))
    reader.readAsDataURL(file)
  })
  return address.slice(address.indexOf(",") + 1)
}

/** Throws Refused. A connection that is lost, or a proxy that does not wait, does not end an import: its answer is asked for. */
export async function bring(file: File, wanted: Wanted, key: string): Promise<Imported> {
  const body = { ...wanted, name: file.name, content: await contentOf(file) }
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask("post", "/v1/imports", body, key)
    } catch (error) {
      if (tries >= TRIES || !isRefused(error) || !(STILL_AT_WORK.includes(error.code) || error.status === 502 || error.status === 504)) throw error
      await new Promise((resume) => window.setTimeout(resume, AGAIN))
    }
  }
}
