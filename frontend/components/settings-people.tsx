"use client"
// Who belongs to the workspace: roles, invitations, and the end of somebody's access.
import { Plus } from "lucide-react"
import { type FormEvent, useState } from "react"
import { choices } from "@/lib/choices"
import { ask, type Result, useAction, useMembers, useRights } from "@/lib/rest"
import { day, label } from "@/lib/words"
import { Choose } from "./choose"
import { Dialog } from "./dialog"
import { useNotices } from "./notices"
import { Person, Waiting } from "./parts"
import { HowToLogIn, Secret } from "./secret"

type Member = Result<"/v1/people", "get">["people"][number]
type Role = (typeof ROLES)[number]
const ROLES = choices.invite_person.role
const ROLE_CHOICES = ROLES.map((value) => ({ value, text: label(value) }))

export function People() {
  const people = useMembers()
  const { isAdmin, why } = useRights()
  const [isInviting, setInviting] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  return (
    <section className="section" aria-labelledby="people">
      <h2 id="people">People <span className="count">{people.data?.people.length}</span><span className="grow" />
        {isAdmin && <button className="button" onClick={() => setInviting(true)}><Plus size={14} aria-hidden /> Invite</button>}
      </h2>
      <Waiting query={people} />
      <ul aria-label="People">
        {people.data?.people.map((each) => <One key={each.name} member={each} remove={() => setLeaving(each.name)} />)}
        {people.data?.invited?.map((each) => (
          <li className="own-row" key={`invited ${each.name}`}>
            <div className="what"><span className="row wraps"><Person name={each.name} /><strong>{each.name}</strong><span className="tag">Invited</span></span>
              <span className="facts"><span>{label(each.role)}</span><span>until {day(each.expires_at)}</span></span></div>
            <div className="acts"><button className="button quiet danger" onClick={() => setLeaving(each.name)} aria-label={`Withdraw the invitation of ${each.name}`}>Withdraw</button></div>
          </li>
        ))}
      </ul>
      {!isAdmin && why && <p className="note">People are invited, given roles and removed by an owner, with a key of the scope admin. {why}</p>}
      {isInviting && <Invite close={() => setInviting(false)} />}
      {leaving && <Remove name={leaving} close={() => setLeaving(undefined)} />}
    </section>
  )
}

function One({ member, remove }: { member: Member; remove: () => void }) {
  const { isAdmin } = useRights()
  const { run } = useAction()
  const { say } = useNotices()
  const change = (role: string) =>
    run(async () => {
      const changed = await ask("post", "/v1/people", { name: member.name, role: role as Role })
      say({ text: `${changed.name} is ${changed.role === "owner" ? "an" : "a"} ${changed.role} now` })
    }, "people")
  return (
    <li className="own-row" data-person={member.name}>
      <div className="what">
        <span className="row wraps"><Person name={member.name} /><strong>{member.name}</strong>{member.you && <span className="tag tone-accent">You</span>}</span>
        <span className="facts"><span>since {day(member.since)}</span></span>
      </div>
      <div className="acts">
        {isAdmin ? <Choose label={`Role of ${member.name}`} className="chip" choices={ROLE_CHOICES} chosen={[member.role]} choose={(role) => void change(role)}>{label(member.role)}</Choose> : <span className="tag">{label(member.role)}</span>}
        {isAdmin && !member.you && <button className="button quiet danger" onClick={remove} aria-label={`Remove ${member.name}`}>Remove</button>}
      </div>
    </li>
  )
}

function Invite({ close }: { close: () => void }) {
  const { isBusy, run } = useAction()
  const [name, setName] = useState("")
  const [role, setRole] = useState<Role>("member")
  const [made, setMade] = useState<Result<"/v1/invitations", "post">>()
  if (made) {
    return (
      <Secret title={`The invitation for ${made.name}`} secret={made.invitation} close={close}>
        <p>Give it to {made.name} on a way that you trust. It works once, until {day(made.expires_at)}.</p>
        <HowToLogIn />
      </Secret>
    )
  }
  function save(event: FormEvent) {
    event.preventDefault()
    void run(async () => setMade(await ask("post", "/v1/invitations", { name: name.trim(), role })), "people")
  }
  return (
    <Dialog title="Invite somebody" close={close}>
      <form className="form" onSubmit={save}>
        <label>Name<input className="field" value={name} onChange={(event) => setName(event.target.value)} autoFocus autoComplete="off" /></label>
        <fieldset>
          <legend>Role</legend>
          {ROLES.map((each) => (
            <label className="check" key={each}>
              <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} /> <span><strong>{label(each)}</strong> <span className="soft">{MAY[each]}</span></span>
            </label>
          ))}
        </fieldset>
        <footer>
          <button type="button" className="button quiet" onClick={close}>Cancel</button>
          <button className="button primary" disabled={isBusy || !name.trim()}>Make the invitation</button>
        </footer>
      </form>
    </Dialog>
  )
}

const MAY: Record<Role, string> = {
  viewer: "reads, whatever a key was made for",
  member: "reads and writes",
  owner: "also invites, changes roles, removes people, and says who sees a project",
}

function Remove({ name, close }: { name: string; close: () => void }) {
  const { isBusy, run } = useAction()
  const { say } = useNotices()
  const remove = () =>
    run(async () => {
      const done = await ask("delete", "/v1/people", { name })
      const told = [
        done.invitation_withdrawn ? "the invitation is withdrawn" : "", done.keys_ended ? `keys ended: ${done.keys_ended}` : "",
        done.open_issues ? `open issues still assigned: ${done.open_issues}` : "", done.projects_handed_to_you ? `private projects that are yours now: ${done.projects_handed_to_you}` : "",
      ].filter(Boolean).join(", ")
      say({ text: `${done.name} is out${told ? `: ${told}` : ""}` })
      close()
    }, "people", "keys")
  return (
    <Dialog title={`Remove ${name}?`} close={close}>
      <p>All keys and browsers of {name} are refused from the next call on, what was claimed is free, and an open invitation ends.</p>
      <p className="soft">What {name} wrote stays, with the name on it. Issues stay assigned until somebody takes them over. Invited again under the same name, it is the same person as before.</p>
      <footer>
        <button className="button quiet" onClick={close}>Cancel</button>
        <button className="button danger" disabled={isBusy} onClick={() => void remove()}>Remove</button>
      </footer>
    </Dialog>
  )
}
