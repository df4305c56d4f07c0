"use client"
// How far an initiative, a milestone or an issue with parts is; how it got there, and its issues by where they stand.
import { part } from "@/lib/part"
import { Link } from "@/lib/route"
import { label } from "@/lib/words"
import type { Whole } from "./item-edit"
import { Loading, Progress, StatusIcon } from "./parts"

const BurnUp = part(() => import("./burn-up"), <Loading />)

export function Goal({ item }: { item: Whole }) {
  const { progress } = item
  const counts = progress ? (["in_progress", "blocked", "overdue", "cancelled"] as const).flatMap((name) => (progress[name] ? [[name, progress[name]] as const] : [])) : []
  return (
    <>
      <section>
        <h2>Progress</h2>
        {progress && (
          <div className="row goal-progress">
            <Progress percent={progress.percent} done={progress.done} total={progress.total} />
            <span className="soft small">{progress.percent ?? 0} %{item.time_left ? `, ${item.time_left}` : ""}</span>
            {counts.map(([name, count]) => <span key={name} className={name === "overdue" ? "tag overdue" : "tag"}>{count} {label(name).toLowerCase()}</span>)}
          </div>
        )}
        {item.kind !== "issue" && <BurnUp item={item} />}
      </section>
      {Object.entries(item.members ?? {}).map(([place, members]) => (
        <section key={place}>
          <h2>{label(place)} <span className="faint">{members.length}</span></h2>
          <ul>
            {members.map((each) => (
              <li className="relation member" key={each.key}>
                <Link className="to" href={`/${each.key}`}>
                  {each.status && <StatusIcon value={each.status} />}<span className="faint tiny">{each.key}</span><span className="name ellipsis">{each.title}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {item.left_out && item.progress && <p className="faint small"><Link className="tone-accent" href={`/issues?${item.kind}=${item.key}`}>All issues of {item.key}</Link></p>}
    </>
  )
}
