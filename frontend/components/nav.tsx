"use client"
// The left navigation.
import { Activity, BookOpen, CalendarDays, ChartGantt, CircleDot, Columns3, Flag, KeyRound, ListOrdered, LogOut, MessagesSquare, type LucideIcon, Monitor, Moon, Scale, Search, Settings, Sun, Target, Upload, Zap } from "lucide-react"
import { memo } from "react"
import { useQueryClient } from "@tanstack/react-query"
import { dropDrafts } from "@/lib/drafts"
import type { useMe } from "@/lib/session"
import { signOut } from "@/lib/session"
import type { PageName } from "@/lib/route"
import { Link, type Place } from "@/lib/route"
import type { Theme } from "@/lib/theme"
import { useNotices } from "./notices"
import { Person } from "./parts"
import { ViewLinks } from "./view-links"

type Name = { page: string; name: PageName | "today"; href: string; icon: LucideIcon; key: string }

export const NAMES: readonly Name[] = [
  { page: "Today", name: "today", href: "/", icon: CalendarDays, key: "t" },
  { page: "Issues", name: "issues", href: "/issues", icon: CircleDot, key: "i" },
  { page: "Board", name: "board", href: "/board", icon: Columns3, key: "b" },
  { page: "Timeline", name: "timeline", href: "/timeline", icon: ChartGantt, key: "l" },
  { page: "Queue", name: "queue", href: "/queue", icon: ListOrdered, key: "q" },
  { page: "Activity", name: "activity", href: "/activity", icon: Activity, key: "a" },
  { page: "Initiatives", name: "initiatives", href: "/initiatives", icon: Target, key: "n" },
  { page: "Milestones", name: "milestones", href: "/milestones", icon: Flag, key: "m" },
  { page: "Decisions", name: "decisions", href: "/decisions", icon: Scale, key: "e" },
  { page: "Documents", name: "documents", href: "/documents", icon: BookOpen, key: "d" },
  { page: "Mentors", name: "mentors", href: "/mentors", icon: MessagesSquare, key: "o" },
  { page: "Machines and keys", name: "machines", href: "/machines", icon: KeyRound, key: "k" },
  { page: "Import", name: "import", href: "/import", icon: Upload, key: "u" },
  { page: "Settings", name: "settings", href: "/settings", icon: Settings, key: "s" },
]
const WORK = 6 // the first of them; the rest is what work is planned and remembered by
const THEMES: Record<Theme["name"], LucideIcon> = { system: Monitor, light: Sun, dark: Moon }

type Me = NonNullable<ReturnType<typeof useMe>["data"]>
type Given = { place: Place; me: Me; isOpen: boolean; close: () => void; find: () => void; theme: Theme }

export function Nav({ place, me, isOpen, close, find, theme }: Given) {
  const ThemeIcon = THEMES[theme.name]
  return (
    <>
      {isOpen && <div className="nav-veil" onClick={close} aria-hidden />}
      <nav className="nav" data-open={isOpen} aria-label="Pages" onClick={close}>
        <Link className="brand" href="/">
          <Zap size={18} aria-hidden /> Turbo-Plan
        </Link>
        <button className="nav-link" onClick={(event) => (event.stopPropagation(), find())}>
          <Search size={15} aria-hidden /> Find or do <kbd>Ctrl K</kbd>
        </button>
        <Entries names={NAMES.slice(0, WORK)} place={place} />
        <h2>Plan and memory</h2>
        <Entries names={NAMES.slice(WORK)} place={place} />
        <ViewLinks />
        <div className="foot">
          <button className="nav-link" onClick={(event) => (event.stopPropagation(), theme.next())}>
            <ThemeIcon size={15} aria-hidden /> Theme: {theme.name}
          </button>
          <SignedIn me={me} />
        </div>
      </nav>
    </>
  )
}

function Entries({ names, place }: { names: readonly Name[]; place: Place }) {
  return names.map((each) => <Entry key={each.name} entry={each} isCurrent={place.page === each.name} />)
}

const Entry = memo(function Entry({ entry: { href, icon: Icon, page }, isCurrent }: { entry: Name; isCurrent: boolean }) {
  return (
    <Link className="nav-link" href={href} aria-current={isCurrent ? "page" : undefined}>
      <Icon size={15} aria-hidden /> {page}
    </Link>
  )
})

function SignedIn({ me }: { me: Me }) {
  const client = useQueryClient()
  const { fail } = useNotices()
  async function leave() {
    try {
      await signOut()
      dropDrafts()
      client.clear()
      window.location.assign("/")
    } catch (error) {
      fail(error)
    }
  }
  return (
    <div className="row" style={{ padding: "4px 4px 0 8px" }}>
      <Person name={me.name} />
      <span className="grow small">
        <span className="ellipsis" style={{ display: "block" }}>
          {me.name}
        </span>
        <span className="faint tiny">{me.workspace}</span>
      </span>
      <button className="icon-button" onClick={leave} aria-label="Sign out" title="Sign out">
        <LogOut size={15} aria-hidden />
      </button>
    </div>
  )
}
