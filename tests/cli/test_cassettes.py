"""`hl-harness cassettes`, from the outside."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from typer.testing import CliRunner

from harness.cli import app_for
from harness.errors import CassetteError, SettingsError
from harness.recording import cassette
from harness.recording.rekey import rekey
from harness.recording.tape import Frame, Place
from tests.recording.owned import Owner, owned_tape
from tests.recording.tapes import order, provenance, read, tape

ROOT = Path(__file__).parents[2]
KEPT = (
    "test_agent/test_named_agent_is_listed.yaml",
    "test_cancel/test_cancel_by_oid.yaml",
)
OWNER = Owner(*(bytes([number]) + bytes(range(31)) for number in (3, 1, 2)))


def call(*arguments):
    return CliRunner().invoke(app_for(["cassettes"]), ["cassettes", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    """A cassette folder: two of the repository's, and one of testnet; with a list of their scenarios."""
    made = tmp_path / "cassettes"
    for name in KEPT:
        (made / name).parent.mkdir(parents=True)
        shutil.copy(ROOT / "cassettes" / name, made / name)
    shutil.copytree(ROOT / "cassettes" / "universe", made / "universe")
    facts = cassette.read(made / KEPT[0], record_command="").provenance
    for path in (made / "universe").glob("*.json"):
        if path.stem not in facts.universe.values():
            path.unlink()
    recorded = rekey(owned_tape(OWNER), OWNER.ring)
    own = msgspec.structs.replace(
        recorded,
        provenance=msgspec.structs.replace(recorded.provenance, universe=facts.universe),
    )
    cassette.write(made / "test_x" / "test_y.yaml", own)
    (tmp_path / "ids").write_text(
        "scenarios/test_agent.py::test_named_agent_is_listed\nscenarios/test_cancel.py::test_cancel_by_oid\n"
        "scenarios/test_x.py::test_y\n\n3 tests collected in 0.1s\n"
    )
    return made


def options(folder):
    return (f"--cassettes={folder}", f"--scenarios={folder.parent / 'ids'}")


def mine(folder):
    return folder / "test_x" / "test_y.yaml"


def rewrite(folder, **changes):
    """Write the testnet's tape with other parts, as a recorder would."""
    path = mine(folder)
    old = cassette.read(path, record_command="")
    cassette.write(path, msgspec.structs.replace(old, **changes))


def faults(folder):
    answer = call("verify", *options(folder), "--json")
    problems = json.loads(answer.output)["problems"]
    found = [f"{one['where']}: {one['found']}" for one in problems if one["kind"] == "fault"]
    assert answer.exit_code == (1 if found else 0)
    return found


def test_list_names_each_with_its_facts(folder):
    answer = call("list", f"--cassettes={folder}")

    assert answer.exit_code == 0
    assert "3 cassettes, 0 unreadable" in answer.output
    assert "virtual clock             2       0         0     2" in answer.output
    assert "scenarios/test_agent.py::test_named_agent_is_listed" in answer.output
    rows = json.loads(call("list", f"--cassettes={folder}", "--json").output)
    by_target = {row["target"]: row for row in rows}
    assert by_target["testnet"]["recorded"] == "2026-01-01"
    assert by_target["testnet"]["age_days"] > 0
    assert by_target["testnet"]["frames"] == 4
    assert by_target["localnet"]["age_days"] is None


def test_list_tells_of_what_it_cannot_read(folder):
    mine(folder).write_text("version: 1\n")
    answer = call("list", f"--cassettes={folder}")

    assert answer.exit_code == 1
    assert "unreadable: Cassette" in answer.output


def test_show_is_a_table_of_steps_and_frames(folder):
    text = call("show", mine(folder)).output

    assert "testnet, SDK 0.24.0" in text
    assert '{"type":"createSubAccount","name":"desk"}' in text
    assert 'frame 2, websocket 1 sent {"method":"subscribe"' in text
    assert text.index("frame 1") < text.index('"type":"order"')


def test_show_of_a_step_explains_who_signed(folder):
    text = call("show", mine(folder), "--step", 2).output

    assert "signature: an L1 action, by 0x" in text
    assert "(the agent of draw 1)" in text
    text = call("show", mine(folder), "--step", 1).output
    assert (
        "signature: a user-signed action, by 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 (replay account 0)"
        in text
    )
    data = json.loads(call("show", mine(folder), "--step", 2, "--json").output)
    assert data["steps"][0]["signatures"][0]["who"] == "the agent of draw 1"
    assert data["steps"][0]["number"] == 2
    assert len(json.loads(call("show", mine(folder), "--json").output)["frames"]) == 4


def test_show_of_another_file_says_what_to_do(folder):
    other = folder / "universe" / "meta-0.json"
    other.write_text("{}")

    refused = call("show", other).exception

    assert isinstance(refused, CassetteError)
    assert "no `harness` part" in refused.found
    assert refused.do.endswith("\n  pytest scenarios/test_mine.py --target=localnet --record")


def test_wrong_use_is_a_settings_error(folder):
    for arguments in (
        ("show", folder / "none.yaml"),
        ("show", mine(folder), "--step", 99),
        ("list", "--cassettes=nowhere"),
        ("verify", folder / "none.yaml"),
        ("verify", f"--cassettes={folder}", "--scenarios=nowhere"),
        ("prune", f"--cassettes={folder}", f"--scenarios={mine(folder)}"),
    ):
        assert isinstance(call(*arguments).exception, SettingsError), arguments


def test_sound_cassettes_pass(folder):
    answer = call("verify", *options(folder))

    assert answer.exit_code == 0, answer.output
    assert "3 cassettes verified: 0 faults, 0 notes" in answer.output
    assert call("verify", mine(folder), f"--cassettes={folder}").exit_code == 0


def test_edit_that_leaves_a_tape_of_testnet_valid_is_found(folder):
    text = mine(folder).read_text()
    assert "3000.50" in text
    mine(folder).write_text(text.replace("3000.50", "3000.51"))

    (found,) = faults(folder)
    assert "the content was changed after it was recorded" in found
    with pytest.raises(CassetteError, match="changed after it was recorded"):
        cassette.read(mine(folder), record_command="pytest")


def test_other_line_ends_are_no_change(folder):
    mine(folder).write_bytes(mine(folder).read_bytes().replace(b"\n", b"\r\n"))

    assert cassette.read(mine(folder), record_command="").provenance.target == "testnet"


def test_digest_that_was_taken_out_is_missed(folder):
    lines = [line for line in mine(folder).read_text().splitlines() if not line.startswith("  digest: ")]
    mine(folder).write_text("\n".join(lines) + "\n")

    assert any("without its digest" in one for one in faults(folder))


def test_layout_of_another_hand_is_found(folder):
    path = folder / KEPT[0]
    path.write_text(path.read_text().replace("commands: []", "commands:  []"))

    assert faults(folder) == [": the file is not as --record writes it, though it says the same"]


def test_signer_who_is_no_replay_account_is_found(folder):
    stranger = msgspec.structs.replace(
        owned_tape(OWNER), provenance=cassette.read(mine(folder), record_command="").provenance
    )
    cassette.write(mine(folder), stranger)
    found = faults(folder)

    assert any("it recovers to 0x" in one for one in found)
    assert any("is somebody's: neither a replay account nor a placeholder" in one for one in found)
    assert any("the name 'living room' is somebody's" in one for one in found)


def test_missing_and_damaged_universe_is_found(folder):
    next((folder / "universe").glob("meta-*.json")).write_text("{}")

    assert len(faults(folder)) == 3
    assert "the content is not what the file's name says" in faults(folder)[0]


def test_nonce_and_clock_and_frames_out_of_order_are_found(folder):
    old = cassette.read(mine(folder), record_command="")
    rewrite(folder, steps=[*old.steps, old.steps[0]])
    found = faults(folder)
    assert "step 10: the clock goes back" in found[0]
    assert found[1].startswith("step 10: nonce ")

    opened = old.frames[0]
    rewrite(
        folder,
        steps=old.steps,
        frames=[opened, opened, Frame(2, "sent", "x", Place(99)), Frame(1, "closed", "", Place(1))],
    )
    assert [one.split(":")[0] for one in faults(folder)] == ["frame 2", "frame 3", "frame 3", "frame 4"]


def test_orphan_is_found_and_pruned_when_told_to(folder):
    ids = folder.parent / "ids"
    ids.write_text(ids.read_text().replace("scenarios/test_x.py::test_y\n", ""))
    (folder / "universe" / "meta-0123456789ab.json").write_text("{}")
    assert faults(folder) == [": an orphan: no scenario has this cassette"]

    named = call("prune", *options(folder), "--dry-run")
    assert named.exit_code == 1
    assert named.output.split() == [str(mine(folder)), str(folder / "universe" / "meta-0123456789ab.json")]
    assert isinstance(call("prune", *options(folder)).exception, SettingsError)
    assert mine(folder).exists()

    data = json.loads(call("prune", *options(folder), "--yes", "--json").output)
    assert data["deleted"]
    assert not mine(folder).parent.exists()
    assert len(list((folder / "universe").iterdir())) == 2
    again = call("prune", *options(folder))
    assert (again.exit_code, again.output) == (0, "nothing to delete\n")


def test_universe_is_left_alone_when_a_cassette_cannot_be_read(folder):
    (folder / KEPT[0]).write_text("version: 1\n")

    assert call("prune", *options(folder)).output == "nothing to delete\n"


def test_cassette_of_another_name_is_found(folder):
    mine(folder).rename(folder / KEPT[0])

    assert "its scenario: the cassette of scenarios/test_x.py::test_y has another name" in faults(folder)


class Project:
    """A project with recorded scenarios, and commands in it as a user types them."""

    def __init__(self, folder):
        self.folder = folder
        self.write("pytest.ini", "[pytest]\naddopts = --import-mode=importlib\n")
        self.write("conftest.py", 'pytest_plugins = ["harness.plugin"]\n')

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def scenario(self, module, name="test_y", above=""):
        self.write(module, f"{above}def {name}(trader): trader.info.all_mids()\n")

    def run(self, *arguments, below="."):
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=self.folder / below,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    def record(self, *modules):
        assert self.run("pytest", "--target=localnet", "--record", "-q", *modules).returncode == 0

    @property
    def tapes(self):
        return sorted(
            path.relative_to(self.folder / "cassettes").as_posix() for path in self.folder.rglob("*.yaml")
        )


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


def test_pytest_says_which_scenarios_there_are(project):
    project.scenario("scenarios/test_x.py")
    project.record()
    done = project.run("harness", "cassettes", "verify")
    assert (done.returncode, done.stdout) == (0, "1 cassettes verified: 0 faults, 0 notes\n")
    project.scenario("scenarios/test_x.py", "test_z")
    assert "an orphan" in project.run("harness", "cassettes", "verify").stdout
    project.write("scenarios/test_x.py", "nonsense(\n")
    done = project.run("harness", "cassettes", "prune", "--yes")
    assert done.returncode == 2
    assert "cannot be collected whole" in done.stderr
    assert "SyntaxError" in done.stderr


def test_cassettes_of_modules_that_give_no_test_are_no_orphans(project):
    modules = ("scenarios/test_skipped.py", "scenarios/test_ignored.py", "scenarios/test_x.py")
    for module in modules:
        project.scenario(module)
    project.record()
    project.scenario(modules[0], above='import pytest\n\npytest.importorskip("no_such_package")\n\n\n')
    project.write("scenarios/conftest.py", 'collect_ignore = ["test_ignored.py"]\n')
    project.scenario(modules[2], "test_z")

    done = project.run("harness", "cassettes", "verify", "--json")
    notes = {
        one["path"]: one["found"] for one in json.loads(done.stdout)["problems"] if one["kind"] == "note"
    }
    assert sorted(notes) == sorted(modules[:2])
    assert "pytest --collect-only -rs scenarios/test_skipped.py" in notes[modules[0]]

    done = project.run("harness", "cassettes", "prune", "--yes")
    assert (done.returncode, done.stdout) == (0, "cassettes/test_x/test_y.yaml\n")
    assert all(module in done.stderr for module in modules[:2])
    assert project.tapes == ["test_ignored/test_y.yaml", "test_skipped/test_y.yaml"]

    (project.folder / modules[0]).unlink()
    data = json.loads(project.run("harness", "cassettes", "prune", "--yes", "--json").stdout)
    assert (data["files"], data["left_alone"]) == (["cassettes/test_skipped/test_y.yaml"], {modules[1]: 1})


def test_nothing_is_an_orphan_where_all_modules_are_skipped(project):
    project.scenario("scenarios/test_x.py")
    project.record()
    project.scenario("scenarios/test_x.py", above='import pytest\n\npytest.importorskip("no_such_package")\n')

    assert project.run("harness", "cassettes", "prune", "--yes").stdout == "nothing to delete\n"


def test_scenarios_outside_testpaths_are_collected_and_nothing_else_is(project):
    project.write("pytest.ini", "[pytest]\naddopts = --import-mode=importlib\ntestpaths = tests\n")
    project.scenario("other/test_x.py")
    project.record("other")
    project.write("tests/test_broken.py", "import no_such_package\n")

    done = project.run("harness", "cassettes", "verify")
    assert (done.returncode, done.stdout) == (0, "1 cassettes verified: 0 faults, 0 notes\n")


def test_nothing_is_pruned_by_another_project(project, tmp_path_factory):
    project.scenario("scenarios/test_x.py")
    project.record()
    other = Project(tmp_path_factory.mktemp("other"))
    done = other.run("harness", "cassettes", "prune", "--yes", f"--cassettes={project.folder}/cassettes")

    assert done.returncode == 2
    assert "No scenario of these cassettes is in" in done.stderr
    assert project.tapes == ["test_x/test_y.yaml"]


def test_cassettes_are_those_of_the_project_from_any_folder_in_it(project):
    project.scenario("scenarios/test_x.py")
    project.record()

    done = project.run("harness", "cassettes", "verify", below="scenarios")
    assert (done.returncode, done.stdout) == (0, "1 cassettes verified: 0 faults, 0 notes\n")


def test_folders_can_be_verified_and_are_not_shown(folder):
    assert "1 cassettes verified" in call("verify", mine(folder).parent, f"--cassettes={folder}").output
    assert "3 cassettes verified" in call("verify", folder, f"--cassettes={folder}").output
    (folder / "empty").mkdir()
    with pytest.raises(SettingsError, match="There is no cassette in"):
        raise call("verify", folder / "empty", f"--cassettes={folder}").exception
    with pytest.raises(SettingsError, match="is a folder"):
        raise call("show", folder).exception


def test_tape_of_localnet_has_no_digest(tmp_path):
    cassette.write(tmp_path / "a.yaml", tape(read("allMids")))
    cassette.write(
        tmp_path / "b.yaml",
        msgspec.structs.replace(tape(read("allMids")), provenance=provenance(target="testnet")),
    )

    assert "digest" not in (tmp_path / "a.yaml").read_text()
    assert "\n  digest: " in (tmp_path / "b.yaml").read_text()


@pytest.mark.parametrize(("answer", "is_there"), [(True, False), (False, True)])
def test_prune_asks_somebody_who_is_there(folder, monkeypatch, answer, is_there):
    ids = folder.parent / "ids"
    ids.write_text(ids.read_text().replace("scenarios/test_x.py::test_y\n", ""))
    asked = []
    monkeypatch.setattr(
        "harness.cli.cassettes.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    )
    monkeypatch.setattr("typer.confirm", lambda text: asked.append(text) or answer)

    assert call("prune", *options(folder)).exit_code == (0 if answer else 1)
    assert asked == ["Delete these 1 files?"]
    assert mine(folder).exists() is is_there


def test_signature_of_nobody_is_shown_as_that(folder):
    cassette.write(mine(folder), tape(order(r="0x0")))

    assert (
        "signature: an L1 action, which belongs to no address"
        in call("show", mine(folder), "--step", 1).output
    )
