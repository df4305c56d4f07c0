"use client"
// A file of another tool: tried out first, with all that would be made, then imported once.
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { Bar } from "@/components/bar"
import { Chosen, Drop, Offered } from "@/components/import-choose"
import { Done, Report } from "@/components/import-report"
import { Problem, Waiting } from "@/components/parts"
import { api, taken } from "@/lib/api"
import { newKey } from "@/lib/data"
import { bring, type Imported, type Wanted } from "@/lib/importing"
import { type Result, useAction, useRights } from "@/lib/rest"

export type Offer = Result<"/v1/imports", "get">

export default function Import() {
  const offer = useQuery({ queryKey: ["imports"], staleTime: Infinity, queryFn: () => taken(api.GET("/v1/imports")) })
  const { isAdmin, role, why } = useRights()
  return (
    <>
      <Bar title="Import" />
      <div className="scroll" tabIndex={0} role="region" aria-label="Import">
        <div className="import">
          <Waiting query={offer} />
          {role && !isAdmin && <p className="note soft">An owner imports, with a key of the scope admin. {why}</p>}
          {offer.data && isAdmin && <Bring offer={offer.data} />}
          {offer.data && <Offered offer={offer.data} />}
        </div>
      </div>
    </>
  )
}

type Tried = { wanted: Wanted; told: Imported; key: string }

function Bring({ offer }: { offer: Offer }) {
  const [file, setFile] = useState<File>()
  const [wanted, setWanted] = useState<Wanted>({})
  const [tried, setTried] = useState<Tried>()
  const [done, setDone] = useState<Imported>()
  const [error, setError] = useState<Error>()
  const [phase, setPhase] = useState<"trying" | "taking">("trying")
  const { isBusy, run } = useAction()

  function begin(chosen: File | undefined) {
    setTried(undefined)
    setDone(undefined)
    setError(undefined)
    const isTooLarge = chosen && chosen.size > offer.most_bytes
    if (isTooLarge) setError(new Error(`${chosen.name} has ${size(chosen.size)}, and a file may have ${size(offer.most_bytes)} here. Split it, or import it on the server: turbo-server import takes files of any size.`))
    setFile(isTooLarge ? undefined : chosen)
  }
  function change(changed: Wanted) {
    setWanted(changed)
    setTried(undefined)
  }
  const attempt = (work: () => Promise<void>) =>
    run(async () => {
      setError(undefined)
      await work().catch((problem: unknown) => setError(problem instanceof Error ? problem : new Error(String(problem))))
    })
  const tryOut = (given: Wanted) => void attempt(async () => {
    if (!file) return
    setPhase("trying")
    setWanted(given)
    const told = await bring(file, { ...given, dry_run: true }, newKey())
    setTried({ wanted: given, told, key: newKey() })
  })
  // One key for what was tried: however often it is pressed, it is done once.
  const take = () => void attempt(async () => {
    setPhase("taking")
    if (file && tried) setDone(await bring(file, tried.wanted, tried.key))
  })

  if (done) return <Done done={done} again={() => begin(undefined)} />
  return (
    <>
      {file ? <Chosen file={file} offer={offer} wanted={wanted} change={change} leave={() => begin(undefined)} tryOut={() => tryOut(wanted)} isBusy={isBusy} isTried={!!tried} /> : <Drop choose={begin} most={size(offer.most_bytes)} />}
      {isBusy && <p className="soft small" role="status">{phase === "taking" ? "Importing: this can take some minutes. The page may stay open, or not; it is done once." : "Reading, and trying it out…"}</p>}
      {error && <Problem error={error} />}
      {tried && <Report told={tried.told} wanted={tried.wanted} tryOut={tryOut} take={take} isBusy={isBusy} />}
    </>
  )
}

export function size(bytes: number): string {
  const kib = bytes / 1024
  return kib < 1024 ? `${Math.max(1, Math.round(kib))} KiB` : `${(kib / 1024).toFixed(1).replace(".0", "")} MiB`
}
