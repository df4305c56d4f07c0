"""A file of the project folder becomes a document: through the proxy it is read, over HTTP it is refused."""

from pathlib import Path

from tests.client.session import Session
from tests.server.live import LiveServer, error_of


def test_a_file_arrives_byte_for_byte_through_the_proxy_only(server: LiveServer, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    text = "\t# 漢字\r\n\r\nno line end"
    (project / "notes.md").write_bytes(text.encode())
    wanted = {"project": "TURBO", "title": "Notes", "file": "notes.md"}
    server.post("create_project", key="TURBO", name="x")
    ours = {"TURBO_API_URL": server.url, "TURBO_API_KEY": server.key, "CLAUDE_PROJECT_DIR": str(project)}
    with Session({**server.environment, **ours}, tmp_path) as session:
        session.initialize()
        assert session.call("create_document", wanted)["structuredContent"]["key"] == "TURBO-D1"
        (project / "notes.md").write_text("changed")
        changed = session.call("update_document", {"key": "TURBO-D1", "file": "notes.md"})
        assert changed["structuredContent"]["version"] == 2
    assert server.post("get_item", key="TURBO-D1", version=1).json()["text"] == text
    assert server.post("get_item", key="TURBO-D1").json()["text"] == "changed"
    refused = server.post("create_document", **wanted)
    assert refused.status_code == 422
    assert "`file` is read by turbo-client" in error_of(refused)["message"]
