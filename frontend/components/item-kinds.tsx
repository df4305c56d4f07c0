"use client"
// What decisions, documents, and goals have that issues do not.
import { Link } from "@/lib/route"
import type { Whole } from "./item-edit"
import { Progress, StatusIcon, When } from "./parts"
import { Text } from "./text"

export function Decision({ item }: { item: Whole }) {
  const parts = [["What asks for it", item.description ?? item.text], ["Outcome", item.outcome], ["Why", item.reason], ["Impact", item.impact]] as const
  return (
    <>
      {parts.map(([title, text]) => text && (
        <section key={title}><h2>{title}</h2><Text text={text} /></section>
      ))}
      {item.options?.length ? (
        <section>
          <h2>Options</h2>
          <div className="options">
            {item.options.map(({ title, pros, cons }) => (
              <div className="box" key={title}><strong>{title}</strong>
                {pros && <div><span className="tone-green">For</span><Text text={pros} /></div>}
                {cons && <div><span className="tone-red">Against</span><Text text={cons} /></div>}
              </div>
            ))}
          </div>
        </section>
      ) : null}
      {item.superseded_by && <p className="soft" style={{ marginTop: 16 }}>Superseded by <Link className="tone-accent" href={`/${item.superseded_by}`}>{item.superseded_by}</Link></p>}
      {item.supersedes?.map((key) => <p key={key} className="soft">Supersedes <Link className="tone-accent" href={`/${key}`}>{key}</Link></p>)}
    </>
  )
}

export function Goal({ item }: { item: Whole }) {
  return (
    <section>
      <h2 className="grow">Progress</h2>
      {item.progress && <Progress percent={item.progress.percent} done={item.progress.done} total={item.progress.total} />}
      {Object.entries(item.members ?? {}).flatMap(([, members]) => (Array.isArray(members) ? members : [])).map((each: { key: string; title: string; status?: string }) => (
        <div className="relation" key={each.key} style={{ gridTemplateColumns: "minmax(0, 1fr)" }}>
          <Link className="to" href={`/${each.key}`}>
            {each.status && <StatusIcon value={each.status} />}<span className="faint tiny">{each.key}</span><span className="name ellipsis">{each.title}</span>
          </Link>
        </div>
      ))}
    </section>
  )
}

export function Document({ item }: { item: Whole }) {
  if (!item.versions?.length) return null
  return (
    <section>
      <h2>Versions</h2>
      {item.versions.map((each) => (
        <div className="relation" key={each.version}>
          <span className="faint">Version {each.version}</span>
          <span className="to">{each.author} <span className="faint tiny"><When at={each.at} /></span> <span className="soft ellipsis">{each.note}</span></span>
        </div>
      ))}
    </section>
  )
}
