"""What the bench makes of its measurements: verdicts, ratios, tables and its exit code."""

import json
import math
from pathlib import Path

import pytest

from bench.__main__ import MEASUREMENTS, main
from bench.figure import Bar, Figure, at_least, at_most, below, ratio_below
from bench.report import BEGIN, END, as_json, as_text, write_markdown
from bench.rounds import interleaved, paired_ratio, percentile
from tests.house.source_tree import ROOT


def figure(ours: float = 2.0, ratio: float | None = 2.0, bar: Bar | None = None) -> Figure:
    return Figure("a thing", "ms", ours, 1.0, "floor", ratio, bar)


@pytest.mark.parametrize(
    ("bar", "holds", "misses"),
    [(at_most(2.0), 2.0, 2.01), (at_least(2.0), 2.0, 1.99), (ratio_below(2.0), 1.99, 2.0)],
)
def test_a_bar_on_the_ratio_judges_the_ratio(bar: Bar, holds: float, misses: float) -> None:
    assert not figure(ours=99, ratio=holds, bar=bar).is_over
    assert figure(ours=0, ratio=misses, bar=bar).is_over


def test_a_bar_on_the_figure_judges_the_figure() -> None:
    assert not figure(ours=39.9, ratio=None, bar=below(40)).is_over
    assert figure(ours=40, ratio=None, bar=below(40)).is_over


def test_a_figure_without_a_bar_is_never_over() -> None:
    assert not figure(ours=1e9, ratio=1e9).is_over


def test_a_bar_on_a_ratio_that_was_not_taken_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="there is none"):
        _ = figure(ratio=None, bar=at_most(1)).is_over


def test_ratios_are_taken_round_by_round() -> None:
    assert paired_ratio([2.0, 20.0, 300.0], [1.0, 10.0, 100.0]) == 2.0


def test_no_contender_always_comes_first() -> None:
    order: list[str] = []

    def contender(name: str) -> float:
        order.append(name)
        return 1.0

    interleaved(2, {"a": lambda: contender("a"), "b": lambda: contender("b")})
    assert order == ["a", "b", "b", "a"]


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile(range(1, 101), 0.99) == 100


def test_the_table_names_what_is_over() -> None:
    text = as_text([figure(bar=at_most(1)), figure(bar=at_most(3))], ["a note"])
    assert [line.split()[-1] for line in text.splitlines()[2:4]] == ["OVER", "ok"]
    assert text.endswith("* a note\nOver the bar: a thing.")


def test_what_never_came_is_over_its_bar() -> None:
    line = as_text([Figure("an answer", "s", math.inf, bar=below(45))], []).splitlines()[2]
    assert line.split() == ["an", "answer", "inf", "s", "below", "45", "s", "OVER"]


def test_the_json_holds_the_verdicts() -> None:
    first, second = json.loads(as_json([figure(bar=at_most(1)), figure()], []))["figures"]
    assert (first["over"], first["ratio"], second["over"]) == (True, 2.0, False)


def test_markdown_replaces_the_old_table_and_nothing_else(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{BEGIN}\nstale\n{END}\nafter\n")
    write_markdown(document, [figure(bar=at_most(3))], ["a note"])
    write_markdown(document, [figure(bar=at_most(3))], ["a note"])
    text = document.read_text()
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "stale" not in text
    assert text.count("| a thing | 2 ms | 1 floor | 2.00 | ratio at most 3 | ok |") == 1


def test_markdown_refuses_a_document_without_a_place_for_it(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("nothing here\n")
    with pytest.raises(ValueError, match="no place"):
        write_markdown(document, [figure()], [])
    assert document.read_text() == "nothing here\n"


def test_an_unknown_name_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["client-begin"])
    assert exit_.value.code == 2
    assert "client-start" in capsys.readouterr().err


def test_every_measurement_has_a_module_and_a_name() -> None:
    modules = {path.stem for path in (ROOT / "bench" / "measurements").glob("*.py")} - {"__init__"}
    assert {name.replace("-", "_") for name in MEASUREMENTS} == modules


def test_a_missed_bar_is_told_by_the_exit_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured = [figure(bar=at_most(1))]
    monkeypatch.setattr("bench.__main__._measured", lambda _names, *, is_quick: (measured, [str(is_quick)]))
    assert main(["--json", str(tmp_path / "figures.json")]) == 1
    assert json.loads((tmp_path / "figures.json").read_text())["figures"][0]["over"]
    measured[:] = [figure(bar=at_most(3))]
    assert main([]) == 0
