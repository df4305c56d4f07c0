import { Web } from "@/components/web"
import { FILES } from "@/lib/files"

export const dynamicParams = false

export function generateStaticParams() {
  return FILES.map((file) => ({ file }))
}

export default function Page() {
  return <Web />
}
