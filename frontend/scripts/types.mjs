// Writes lib/api-types.ts (the API's types) and lib/choices.ts (the choices its arguments have, which types alone cannot list)
// from openapi.json. `make web-types` asks the server for that first.
import { createHash } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import openapiTypescript, { astToString } from "openapi-typescript"

const here = new URL("../", import.meta.url)
const text = await readFile(new URL("openapi.json", here))
const document = JSON.parse(text.toString())

// The test in tests/web/test_types.py compares the sum: it needs no Node to see that the files are stale.
const sum = createHash("sha256").update(text).digest("hex")
const HEAD = `// Written by \`make web-types\` from /openapi.json; edit the server's tools. ${sum}\n\n`

await writeFile(new URL("lib/api-types.ts", here), HEAD + astToString(await openapiTypescript(document)))
await writeFile(new URL("lib/choices.ts", here), HEAD + choices(document))

function choices({ paths }) {
  const tools = Object.values(paths).flatMap(({ post }) => {
    const schema = post?.requestBody?.content["application/json"].schema
    const fields = Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => {
      const values = field.enum ?? field.items?.enum
      return values ? [`    ${name}: ${JSON.stringify(values)},`] : []
    })
    return fields.length ? [`  ${post.operationId}: {\n${fields.join("\n")}\n  },`] : []
  })
  return `export const choices = {\n${tools.join("\n")}\n} as const\n`
}
