// Parts of the program that come when they are wanted.
import { type ComponentType, createElement, type ReactNode, useEffect, useState } from "react"

export type Load<Props> = () => Promise<{ default: ComponentType<Props> }>
/** `fetch` may be called before it is shown: then nothing has to stand for it. */
export type Part<Props> = ComponentType<Props> & { fetch: () => Promise<unknown> }

/**
 * `waiting` stands there until it is. React's own `lazy` lets what it waits for appear 300 ms after what stands for it,
 * and no earlier, however fast that came.
 */
export function part<Props extends object>(load: Load<Props>, waiting: ReactNode | ((props: Props) => ReactNode) = null): Part<Props> {
  let known: ComponentType<Props> | undefined
  const fetch = async () => {
    known ??= (await load()).default
    return known
  }
  function Shown(props: Props) {
    const [View, setView] = useState(() => known)
    useEffect(() => {
      if (!View) fetch().then((fetched) => setView(() => fetched), (error: unknown) => setView(() => { throw error }))
    }, [View])
    if (View) return createElement(View, props)
    return typeof waiting === "function" ? waiting(props) : waiting
  }
  return Object.assign(Shown, { fetch })
}
