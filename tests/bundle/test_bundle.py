"""Bundles: packed, unpacked elsewhere and made again; what is changed is found, what is private or torn is refused."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sim.cli
from sim.bundle import provenance as software
from sim.bundle.compare import data_hash, difference
from sim.bundle.pack import pack
from sim.bundle.reproduce import Verdict, opened, reproduce
from sim.bundle.unpack import MOST_FILES, BundleError, unpack, write_checksums
from sim.claims.ledger import SMALL, fitted_population, prepared_lab, run_claims
from sim.claims.page import write_page
from sim.study.sweep import sweep
from tests.study.conftest import small  # noqa: F401 - a fixture

CLAIM = "C07"


FIRMS = """
name = "population"
headcount = { low = 10, high = 20 }
[founder]
clarity = { low = 0.3, high = 0.9 }
cadence = { values = [2, 8, 26] }
[people]
goal_spread = { low = 0.3, high = 1.0 }
incentive = { low = 0.1, high = 0.5 }
k_out = { low = 0.5, high = 3.0 }
"""


@pytest.fixture(scope="session", autouse=True)
def firms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A small population in the place of the fitted one."""
    path = tmp_path_factory.mktemp("population") / "population.toml"
    path.write_text(FIRMS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.claims.ledger.POPULATION", str(path))
        yield


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory, small) -> dict[str, Path]:  # noqa: F811
    """A result of each kind: a run, a sweep, a ledger."""
    home = tmp_path_factory.mktemp("results")
    arguments = ["run", "bakery", "-n", "3", "--weeks", "60", "--no-figures", "--out", str(home / "run")]
    with pytest.MonkeyPatch.context() as patch:  # what was typed is written down
        patch.setattr("sys.argv", ["coherence", *arguments])
        assert sim.cli.status(arguments) == 0
    sweep(small, home / "sweep")
    run_claims([CLAIM], prepared_lab(fitted_population(0), SMALL), SMALL, home / "claims")
    write_page(home / "claims")
    return {kind: home / kind for kind in ("run", "sweep", "claims")}


@pytest.fixture(scope="session")
def bundles(results: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles of these, elsewhere."""
    home = tmp_path_factory.mktemp("bundles")
    return {kind: pack(folder, home / f"{kind}.zip").path for kind, folder in results.items()}


@pytest.fixture
def result(results: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the run that a test may spoil."""
    return Path(shutil.copytree(results["run"], tmp_path / "copy"))


@pytest.fixture
def unpacked(bundles: dict[str, Path], tmp_path: Path) -> Path:
    """Return the run's bundle, unpacked into a folder that a test may spoil."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    unpack(bundles["run"], folder)
    return folder


def again(place: Path) -> Verdict:
    with opened(place) as bundle:
        return reproduce(bundle)


def cli(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = sim.cli.status([str(word) for word in arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def change(path: Path, column: str, row: int, value: float) -> None:
    table = pq.read_table(path)
    values = table[column].to_pylist()
    values[row] = value
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, pa.array(values, table[column].type)), path)


@pytest.mark.parametrize("kind", ["run", "sweep", "claims"])
def test_a_bundle_unpacked_elsewhere_is_reproduced_to_the_same_hash(
    bundles: dict[str, Path], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "elsewhere"
    with zipfile.ZipFile(bundles[kind]) as archive:
        archive.extractall(folder)
    stated = json.loads((folder / "bundle.json").read_text())["hash"]
    assert cli(capsys, "reproduce", folder)[:2] == (0, f"reproduced: {stated}\n")
    assert stated in (folder / "README.md").read_text()


def test_a_bundle_is_reproduced_from_its_zip_file(bundles: dict[str, Path]) -> None:
    assert again(bundles["run"]).reproduced


def test_equal_results_give_equal_bundles_to_the_last_byte(results: dict[str, Path], tmp_path: Path) -> None:
    for kind, folder in results.items():
        moved = Path(shutil.copytree(folder, tmp_path / "moved" / kind))
        one, two = pack(folder, tmp_path / "one.zip"), pack(moved, tmp_path / "two.zip")
        assert one.path.read_bytes() == two.path.read_bytes(), kind


def test_every_bundle_holds_what_a_stranger_needs(bundles: dict[str, Path]) -> None:
    papers = {"README.md", "MODEL.md", "CITATION.cff", "LICENSE", "requirements.txt", "bundle.json"}
    for kind, needed in {
        "run": {"scenarios/bakery.toml", "result/runs.parquet", "result/manifest.json"},
        "sweep": {"study.toml", "scenarios/default.toml", "result/table.parquet", "result/study.json"},
        "claims": {
            "scenarios/population.toml",
            "claims/C07.toml",
            "claims/c07_silos.py",
            f"result/{CLAIM}.json",
            "result/README.md",
        },
    }.items():
        with zipfile.ZipFile(bundles[kind]) as archive:
            names = archive.namelist()
            assert papers | needed <= set(names)
            assert names == sorted(names)
            pins = archive.read("requirements.txt").decode().splitlines()
        assert {"numpy", "numba", "llvmlite", "pydantic"} <= {line.partition("==")[0] for line in pins}
        assert not [line for line in pins if "://" in line or " @ " in line or line.startswith("-")]


def test_a_bundle_tells_nothing_of_the_machine(bundles: dict[str, Path], results: dict[str, Path]) -> None:
    for kind, path in bundles.items():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert str(results[kind].parent).encode() not in archive.read(name), name
            if kind == "run":
                assert "--out run" in json.loads(archive.read("result/manifest.json"))["command"]


def test_the_metadata_are_an_ro_crate_that_accounts_for_every_file(bundles: dict[str, Path]) -> None:
    for path in bundles.values():
        with zipfile.ZipFile(path) as archive:
            crate = json.loads(archive.read("ro-crate-metadata.json"))
            sizes = {entry.filename: str(entry.file_size) for entry in archive.infolist()}
            sums = dict(
                reversed(line.split("  ")) for line in archive.read("manifest-sha256.txt").decode().splitlines()
            )
        assert crate["@context"][0] == "https://w3id.org/ro/crate/1.2/context"
        graph = {entity["@id"]: entity for entity in crate["@graph"]}
        assert len(graph) == len(crate["@graph"])
        descriptor, root = graph["ro-crate-metadata.json"], graph["./"]
        assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
        assert descriptor["about"] == {"@id": "./"}
        assert root["@type"] == "Dataset"
        assert all(root[key] for key in ("name", "description", "datePublished", "license", "author"))
        parts = {part["@id"] for part in root["hasPart"]}
        assert parts == sizes.keys() - {"ro-crate-metadata.json", "manifest-sha256.txt"}
        for part in parts:
            entity = graph[part]
            assert (entity["@type"], entity["contentSize"], entity["sha256"]) == ("File", sizes[part], sums[part])
            assert "/" in entity["encodingFormat"]
        action = graph[root["mentions"][0]["@id"]]
        assert action["@type"] == "CreateAction"
        assert "coherence " in action["description"]
        assert {used["@id"] for used in action["object"]} <= parts
        assert {made["@id"] for made in action["result"]} == {p for p in parts if p.startswith("result/")}
        software_ = graph[action["instrument"]["@id"]]
        assert software_["@type"] == "SoftwareApplication"
        assert software.installed()["source"] in software_["identifier"]
        assert sums.keys() == sizes.keys() - {"manifest-sha256.txt"}
        for entity in graph.values():  # nothing is referred to that is not there, but for the specification
            for value in entity.values():
                for reference in value if isinstance(value, list) else [value]:
                    if isinstance(reference, dict) and reference != descriptor["conformsTo"]:
                        assert reference["@id"] in graph


def test_a_changed_number_is_found_and_named(unpacked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(unpacked / "result/series.parquet", "coherence", 73, 0.125)
    status, out, err = cli(capsys, "reproduce", unpacked)
    assert status == 1, err
    assert out.startswith("not reproduced: result/series.parquet is not as it was packed")
    assert "run 1, week 13: coherence is 0.125 in the bundle, 0." in out
    write_checksums(unpacked)  # whoever changes checksums too is found out by the numbers
    status, out, _ = cli(capsys, "reproduce", unpacked)
    assert (status, len(out.splitlines())) == (1, 1)
    assert "run 1, week 13: coherence is 0.125 in the bundle" in out


def test_a_changed_verdict_is_found_and_named(bundles: dict[str, Path], tmp_path: Path) -> None:
    unpack(bundles["claims"], tmp_path)
    path = tmp_path / f"result/{CLAIM}.json"
    data = json.loads(path.read_text())
    data["core"][0]["effect"] = 7.5
    path.write_text(json.dumps(data))
    write_checksums(tmp_path)
    assert "core.0.effect is 7.5 in the bundle" in again(tmp_path).differs


def test_another_scenario_under_the_same_numbers_is_found(unpacked: Path) -> None:
    path = unpacked / "scenarios/bakery.toml"
    path.write_text(path.read_text().replace("clarity = 0.8", "clarity = 0.7"))
    assert again(unpacked).differs.startswith("scenarios/bakery.toml is not as it was packed")
    write_checksums(unpacked)
    verdict = again(unpacked)
    assert "when run again" in verdict.differs
    assert verdict.again != verdict.stated


def test_the_hash_is_of_the_numbers_and_not_of_their_file(results: dict[str, Path], tmp_path: Path) -> None:
    source, other = results["run"] / "series.parquet", tmp_path / "series.parquet"
    table = pq.read_table(source).replace_schema_metadata({"written": "another day"})
    pq.write_table(table, other, compression="gzip", row_group_size=7, use_dictionary=False)
    assert source.read_bytes() != other.read_bytes()
    assert data_hash({"a": source}) == data_hash({"a": other})
    assert difference(source, other) is None
    change(other, "cash", 0, -1.0)
    assert data_hash({"a": source}) != data_hash({"a": other})


def test_other_versions_are_told(
    bundles: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = {**software.installed(), "engine": "0" * 16, "numba": "0.1"}
    monkeypatch.setattr("sim.bundle.reproduce.installed", lambda: here)
    err = cli(capsys, "reproduce", bundles["run"])[2]
    assert "the engine's source is 0000000000000000 here" in err
    assert "numba is 0.1 here" in err


def test_claims_that_this_version_does_not_have_are_programs_to_be_trusted_first(
    bundles: dict[str, Path], tmp_path: Path
) -> None:
    unpack(bundles["claims"], tmp_path)
    (tmp_path / "claims/c07_silos.py").write_text("raise SystemExit('ran')")
    write_checksums(tmp_path)
    with pytest.raises(BundleError, match="is a program"):
        again(tmp_path)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "runs.parquet").unlink(), "runs.parquet has gone"),
        (lambda folder: (folder / "diary.txt").write_text("dear"), "did not write (diary.txt)"),
        (lambda folder: change(folder / "runs.parquet", "coherence", 0, 0.5), "runs.parquet has changed"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "manifest.json is torn"),
        (lambda folder: (folder / "manifest.json").unlink(), "is not a folder of results"),
        (lambda folder: (folder / "company.json").write_text("{}"), "client folder"),
        (lambda folder: shutil.rmtree(folder), "is not a folder of results"),
    ],
)
def test_what_is_no_whole_result_is_refused_in_one_sentence(
    spoil, said: str, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(result)
    status, out, err = cli(capsys, "pack", result, "-o", tmp_path / "b.zip")
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert not [path for path in tmp_path.iterdir() if "zip" in path.name]


def test_an_unfinished_sweep_is_refused(results: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(results["sweep"], tmp_path / "sweep"))
    (folder / "manifest.json").unlink()
    with pytest.raises(BundleError, match="not finished"):
        pack(folder, tmp_path / "b.zip")
    (folder / "table.parquet").unlink()
    with pytest.raises(BundleError, match=r"not finished: \d+ of \d+ parts"):
        pack(folder, tmp_path / "b.zip")


@pytest.mark.parametrize("place", ["client", "client/whatif", "run-of-client", "sweep-of-client"])
def test_what_a_company_gave_is_never_packed(
    place: str, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = tmp_path / "client"
    (client / "whatif").mkdir(parents=True)
    (client / "company.json").write_text("{}")
    (client / "manifest.json").write_text(json.dumps({"made_by": "smb-coherence", "kind": "client", "files": []}))
    (client / "scenario.toml").write_text('extends = "default"\nweeks = 2\n')
    (tmp_path / "changed.toml").write_text('extends = "client/scenario.toml"\nweeks = 3\n')
    (tmp_path / "study.toml").write_text('base = "changed.toml"\ndesign = "oat"\n[vary]\nscarcity = [0.4, 0.5]\n')
    arguments = ["run", tmp_path / "changed.toml", "-n", "1", "--no-figures", "-o", tmp_path / "run-of-client"]
    assert cli(capsys, *arguments)[0] == 0
    assert cli(capsys, "sweep", tmp_path / "study.toml", "-o", tmp_path / "sweep-of-client")[0] == 0
    status, _, err = cli(capsys, "pack", tmp_path / place, "-o", tmp_path / "b.zip")
    assert status == 2
    assert "stays private and is never packed" in err


def test_a_scenario_that_tells_of_single_people_is_packed_only_if_invented(tmp_path: Path) -> None:
    (tmp_path / "made-up.toml").write_text('extends = "default"\nweeks = 2\nlinks = [[0, 1], [1, 2]]\n')
    assert (
        sim.cli.status(["run", str(tmp_path / "made-up.toml"), "-n", "1", "--no-figures", "-o", str(tmp_path / "r")])
        == 0
    )
    with pytest.raises(BundleError, match="who listens to whom"):
        pack(tmp_path / "r", tmp_path / "b.zip")
    assert again(pack(tmp_path / "r", tmp_path / "b.zip", invented=True).path).reproduced


def test_a_place_of_this_machine_in_a_text_is_refused(result: Path, tmp_path: Path) -> None:
    manifest = json.loads((result / "manifest.json").read_text())
    (result / "summary.md").write_text(f"See {Path.cwd()}/notes for more.")
    manifest["sha256"].pop("summary.md")
    (result / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"result/summary.md names a place of this machine"):
        pack(result, tmp_path / "b.zip")


def test_a_result_that_does_not_say_which_code_made_it_is_packed_with_a_remark(result: Path, tmp_path: Path) -> None:
    manifest = json.loads((result / "manifest.json").read_text())
    for key in ("sha256", "code"):  # as runs were written before there were bundles
        manifest.pop(key)
    (result / "manifest.json").write_text(json.dumps(manifest))
    packed = pack(result, tmp_path / "b.zip")
    assert [remark for remark in packed.remarks if "does not record which source" in remark]
    assert again(packed.path).reproduced


def test_a_result_of_other_versions_is_packed_with_a_remark(result: Path, tmp_path: Path) -> None:
    manifest = json.loads((result / "manifest.json").read_text())
    manifest["versions"]["numpy"] = "1.2.3"
    (result / "manifest.json").write_text(json.dumps(manifest))
    packed = pack(result, tmp_path / "b.zip")
    assert "1.2.3 in the result" in packed.remarks[0]
    with zipfile.ZipFile(packed.path) as archive:
        assert "# The result records numpy 1.2.3." in archive.read("requirements.txt").decode()


def test_nothing_is_overwritten_unasked(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "b.zip"
    target.write_text("mine")
    status, _, err = cli(capsys, "pack", result, "-o", target)
    assert (status, target.read_text()) == (2, "mine")
    assert "--force" in err
    assert cli(capsys, "pack", result, "-o", target, "--force")[0] == 0
    assert zipfile.is_zipfile(target)


def _zip(path: Path, *names: str, link: bool = False) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o120777 if link else 0o644) << 16
            archive.writestr(entry, "x")
    return path


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/outside.txt", "a/../../outside.txt", "..\\outside.txt", "C:outside"]
)
def test_members_that_lead_elsewhere_are_refused_before_anything_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    path = _zip(tmp_path / "bad.zip", "bundle.json", name)
    with pytest.raises(BundleError, match="would be written outside"):
        unpack(path, inside)
    assert list(inside.iterdir()) == []
    assert cli(capsys, "reproduce", path)[0] == 2
    assert not list(tmp_path.rglob("outside*"))


def test_links_doubles_and_floods_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BundleError, match="is a link"):
        unpack(_zip(tmp_path / "link.zip", "a", link=True), tmp_path)
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = _zip(tmp_path / "twice.zip", "a", "a")
    with pytest.raises(BundleError, match="two files of one name"):
        unpack(twice, tmp_path)
    with pytest.raises(BundleError, match="more than"):
        unpack(_zip(tmp_path / "many.zip", *map(str, range(MOST_FILES + 1))), tmp_path)
    monkeypatch.setattr("sim.bundle.unpack.MOST_BYTES", 2)
    with pytest.raises(BundleError, match="unpacked it would take"):
        unpack(_zip(tmp_path / "large.zip", "a", "b", "c"), tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 torn"])
def test_what_is_no_bundle_is_refused_in_one_sentence(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    for place in (tmp_path / "x.zip", tmp_path, tmp_path / "nothing.zip"):
        status, out, err = cli(capsys, "reproduce", place)
        assert (status, out, len(err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize(
    "spoil",
    [
        {"kind": "poem"}, {"replicates": 0}, {"seed": -1}, {"data": []}, {"data": ["/etc/hosts"]}, {"format": 2},
        {"made_by": "x"}, {"scenario": "../scenario.toml"}, {"scenario": 3},
    ],
)  # fmt: skip
def test_a_bundle_that_does_not_say_what_to_run_is_refused(spoil: dict[str, object], unpacked: Path) -> None:
    said = json.loads((unpacked / "bundle.json").read_text())
    (unpacked / "bundle.json").write_text(json.dumps({**said, **spoil}))
    write_checksums(unpacked)
    with pytest.raises(BundleError):
        again(unpacked)


def test_a_result_of_a_version_whose_fields_are_gone_says_which_version_made_it(result: Path, tmp_path: Path) -> None:
    manifest = json.loads((result / "manifest.json").read_text())
    manifest["scenario"]["founder"]["doubt"] = 0.5
    manifest["versions"]["smb-coherence"] = "0.0.1"
    (result / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"does not understand \(it was made by smb-coherence 0.0.1, .*founder.doubt"):
        pack(result, tmp_path / "old.zip")


def test_a_population_is_packed_with_its_table_and_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "draws.csv").write_text("founder.clarity,headcount\n0.3,8\n0.5,12\n0.8,20\n")
    (tmp_path / "firms.toml").write_text(
        'weeks = 8\ndraws = "draws.csv"\n[founder]\nvoice = { low = 0.2, high = 0.9 }\n'
    )
    monkeypatch.chdir(tmp_path)
    arguments = ["run", "firms.toml", "-n", "5", "--no-figures", "--out", "run"]
    monkeypatch.setattr("sys.argv", ["coherence", *arguments])
    assert sim.cli.status(arguments) == 0
    drawn = json.loads((tmp_path / "run" / "manifest.json").read_text())["drawn"]
    assert set(drawn) == {"founder.voice", "founder.clarity", "headcount"}
    assert drawn["founder.voice"]["low"] < drawn["founder.voice"]["median"] < drawn["founder.voice"]["high"]
    packed = pack(tmp_path / "run", tmp_path / "firms.zip")
    with zipfile.ZipFile(packed.path) as content:
        assert "scenarios/firms.draws.csv" in content.namelist()
    assert again(packed.path).reproduced
