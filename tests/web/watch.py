"""Sees what a page must not do: run what was stored as text, ask another origin, fail, break its policy."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Dialog, Page, Request

ELSEWHERE = "https://elsewhere.example"
# Before any script of the page: what is blocked by the policy was an attempt that only the last fence has stopped.
REPORT = """
addEventListener("securitypolicyviolation", (event) => saw(`blocked by the policy: ${event.violatedDirective} ${event.sample || event.blockedURI}`))
window.ran = (number) => saw(`attempt ${number} has run`)
"""  # noqa: E501


@dataclass
class Watch:
    seen: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext, origin: str) -> None:
        def ask(request: Request) -> None:
            if not request.url.startswith((f"{origin}/", "data:", "blob:")):
                self.seen.append(f"asked elsewhere: {request.url}")

        def refuse(dialog: Dialog) -> None:
            self.seen.append(f"a dialog: {dialog.message}")
            dialog.dismiss()

        def take(page: Page) -> None:
            page.on("pageerror", lambda error: self.seen.append(f"an error: {error}"))
            page.on("dialog", refuse)

        context.on("request", ask)
        context.on("page", take)
        context.expose_function("saw", lambda text: self.seen.append(text))  # noqa: PLW0108 - Playwright marks it
        context.add_init_script(REPORT)
