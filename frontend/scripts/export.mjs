// Makes of Next's export (out/) what turbo-server serves: the files, each beside its compressed forms, pages that ask for
// their font at once, and csp.json with the
// hashes of the scripts that stand inside the pages.
import { createHash } from "node:crypto"
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

const here = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(here, "..", "server", "turbo_server", "web")
const COMPRESSED = /\.(html|js|css|svg|txt|json)$/
const FONT = /inter-latin-wght-normal\.[\w-]+\.woff2$/ // of nearly all text
const SMALL = 1024 // compressed it would hardly be less than one packet anyway

const fresh = `${target}.new`
await rm(fresh, { recursive: true, force: true })
await mkdir(dirname(fresh), { recursive: true })
await cp(join(here, "out"), fresh, { recursive: true, filter: isServed })

const hashes = {}
const all = await files(fresh)
const font = all.find((file) => FONT.test(file))
if (!font) throw new Error(`no file of the export is ${FONT}`)
for (const file of all) {
  let content = await readFile(file)
  if (file.endsWith(".html")) {
    content = Buffer.from(withFont(content.toString(), `/${relative(fresh, font).split(sep).join("/")}`))
    await writeFile(file, content)
    hashes[relative(fresh, file)] = inlineScripts(content.toString())
  }
  if (!COMPRESSED.test(file) || content.length < SMALL) continue
  await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }))
  await writeFile(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }))
}
await writeFile(join(fresh, "csp.json"), JSON.stringify(hashes, null, 1))
await rm(target, { recursive: true, force: true })
await rename(fresh, target)

/** Text that is drawn before its font is there is laid out twice. */
function withFont(html, font) {
  return html.replace("<head>", `<head><link rel="preload" href="${font}" as="font" type="font/woff2" crossorigin="">`)
}

/** Next's router would ask for its .txt files; ours changes the address by itself. */
function isServed(path) {
  return !/\.txt$|[\\/](__next|_not-found)/.test(path.slice(here.length))
}

async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
}

function inlineScripts(html) {
  const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script)
  return [...new Set(scripts.filter(Boolean).map((script) => `sha256-${createHash("sha256").update(script).digest("base64")}`))].sort()
}
