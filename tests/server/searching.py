"""What the tests of search look into, and how they ask."""

from tests.server.harness import Turbo


def fill_shop(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="WEB", name="Web shop", description="The public shop and its back office.")
    for title, description in (
        ("Login forgets the session after a restart", "Sessions live in memory; create_issue is called twice."),
        ("Keep the cart when a guest signs in", "The session is lost there as well."),
        ("Café menu, naïve prices", "Für Gäste: ﬁne print"),
        ("検索が遅い", "日本語の検索とソートが遅い。한국어 검색도. ภาษาไทย"),
        ("HTTPServer2 drops --insecure-storage", "See turbo_server.kit.runner and docs/search.md, v1.2.3, C++ and C#."),
    ):
        turbo.call("create_issue", project="WEB", title=title, description=description)
    return turbo


def keys(turbo: Turbo, query: str, **arguments: object) -> list[str]:
    return [hit["key"] for hit in turbo.call("search", query=query, **arguments)["items"]]
