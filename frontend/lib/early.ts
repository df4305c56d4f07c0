// What the first page needs is asked for while the program itself is still on its way: by a script in the page's head,
// whose answers are taken here. Each is taken once, and whoever comes later asks anew.
const NAME = "turboEarly"
export const OFFSET = "Turbo-UTC-Offset"
const ME = "/v1/me"
const STATUS = "/v1/tools/get_status"

/** For the head of every page. Not where a link signs in: it is not known yet who it will be. */
export const EARLY = `try{if(!/[#&]code=/.test(location.hash)){const headers={"Content-Type":"application/json","${OFFSET}":String(-new Date().getTimezoneOffset())},get=(path,more)=>{const asked=fetch(path,{headers,...more});asked.catch(()=>{});return asked};window.${NAME}={"${ME}":get("${ME}")};if(location.pathname==="/")window.${NAME}["${STATUS}"]=get("${STATUS}",{method:"POST",body:"{}"})}}catch{}`

/** As fetch. */
export function fetchOnce(request: Request): Promise<Response> {
  const early = (window as unknown as { [NAME]?: Record<string, Promise<Response> | undefined> })[NAME]
  const { pathname } = new URL(request.url)
  const asked = early?.[pathname]
  if (!early || !asked) return fetch(request)
  delete early[pathname]
  return asked
}
