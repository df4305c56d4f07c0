"use client"
// Who I am here, how the page looks to me, and what owners decide: people, projects, webhooks.
import { Bar } from "@/components/bar"
import { Choose } from "@/components/choose"
import { useProjects } from "@/components/issue-choices"
import { People } from "@/components/settings-people"
import { Projects } from "@/components/settings-projects"
import { Webhooks } from "@/components/settings-webhooks"
import { useShell } from "@/components/shell-context"
import { preferProject, preferredProject } from "@/lib/preference"
import { useRights } from "@/lib/rest"
import { Link } from "@/lib/route"
import { THEMES } from "@/lib/theme"
import { day, label } from "@/lib/words"
import { useState } from "react"

export default function Settings() {
  return (
    <>
      <Bar title="Settings" />
      <div className="scroll" tabIndex={0} role="region" aria-label="Settings">
        <div className="settings">
          <You />
          <Here />
          <People />
          <Projects />
          <Webhooks />
        </div>
      </div>
    </>
  )
}

function You() {
  const { me } = useShell()
  const { role } = useRights()
  const { key } = me
  return (
    <section className="section" aria-labelledby="you">
      <h2 id="you">You</h2>
      <dl className="pairs">
        <dt>Name</dt><dd>{me.name}</dd>
        <dt>Workspace</dt><dd>{me.workspace}{role && <span className="soft">as {role}</span>}</dd>
        <dt>This page may</dt>
        <dd>{label(key.scope)}{key.is_limited ? ", in some projects" : ""} <span className="soft">by the key {key.name}{key.expires_at ? `, until ${day(key.expires_at)}` : ""}</span></dd>
        <dt>Keys</dt><dd><Link className="button" href="/machines">Machines and keys</Link></dd>
        <dt>Server</dt><dd>turbo-server {me.server_version}</dd>
      </dl>
    </section>
  )
}

function Here() {
  const { theme } = useShell()
  const projects = useProjects()
  const [preferred, setPreferred] = useState(preferredProject)
  function prefer(key: string) {
    const chosen = key === preferred ? undefined : key
    preferProject(chosen)
    setPreferred(chosen)
  }
  return (
    <section className="section" aria-labelledby="here">
      <h2 id="here">In this browser</h2>
      <dl className="pairs">
        <dt>Theme</dt>
        <dd>
          <span className="row" role="group" aria-label="Theme">
          {THEMES.map((name) => <button key={name} className={theme.name === name ? "chip on" : "chip"} aria-pressed={theme.name === name} onClick={() => theme.set(name)}>{label(name)}</button>)}
          </span>
        </dd>
        <dt>New issues go to</dt>
        <dd><Choose label="New issues go to" className="chip" choices={projects} chosen={preferred ? [preferred] : []} choose={prefer}>{preferred ?? "The first project"}</Choose></dd>
      </dl>
    </section>
  )
}
