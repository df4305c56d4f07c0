import { Web } from "@/components/web"

export default function Page() {
  return <Web />
}
