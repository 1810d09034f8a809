"""The lines for GitHub Actions and GitLab: valid by the schemas of these, and what they run is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import published
import pytest
import yaml

FOLDER = published.ROOT / ".github" / "actions" / "ctkms"
ACTION: dict[str, Any] = yaml.safe_load((FOLDER / "action.yml").read_text("utf-8"))
CHECK_SCHEMA = Path(sys.executable).with_name("check-jsonschema")
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")


class Runner:
    """Runs the shell steps of the action as a runner of GitHub Actions does."""

    def __init__(self, workspace: Path, temporary: Path) -> None:
        self._workspace = workspace
        self._temporary = temporary
        self.outputs: dict[str, str] = {}

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        (step,) = (step for step in ACTION["runs"]["steps"] if step["name"] == name)
        given = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | inputs
        values = {f"inputs.{name.replace('_', '-')}": value for name, value in given.items()}
        values |= {"github.action_path": str(FOLDER), "steps.python.outputs.python-path": sys.executable}
        file = self._temporary / "output"
        file.touch()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            **{name: EXPRESSION.sub(lambda one: values[one[1]], value) for name, value in step["env"].items()},
            "RUNNER_TEMP": str(self._temporary),
            "GITHUB_OUTPUT": str(file),
        }
        assert not EXPRESSION.search(step["run"]), "an input would get into the text of the script"
        assert step["shell"] == "bash"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self._workspace,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.outputs |= dict(line.split("=", 1) for line in file.read_text().splitlines())
        return done


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's temporary folder, with the action's ctkms in it."""
    folder = tmp_path_factory.mktemp("runner")
    done = Runner(folder, folder).run("Install ctkms")
    assert done.returncode == 0, done.stderr
    assert (folder / "ctkms" / "ctkms_opa" / "policies").is_dir()
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return published.sample(tmp_path / "team")


@pytest.fixture
def runner(workspace: Path, temporary: Path) -> Runner:
    (temporary / "output").unlink(missing_ok=True)
    return Runner(workspace, temporary)


def valid(schema: str, file: Path) -> None:
    done = subprocess.run([CHECK_SCHEMA, "--builtin-schema", schema, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_one() -> None:
    valid("vendor.github-actions", FOLDER / "action.yml")


def test_every_output_is_one_of_a_step_and_every_step_says_its_shell() -> None:
    steps = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}
    for name, output in ACTION["outputs"].items():
        (expression,) = EXPRESSION.findall(output["value"])
        assert expression == f"steps.check.outputs.{name}"
    assert 'echo "exit-code=' in steps["check"]["run"]
    assert {("uses" in step) != ("shell" in step) for step in ACTION["runs"]["steps"]} == {True}
    used = set(re.findall(r"inputs\.([\w-]+)", (FOLDER / "action.yml").read_text("utf-8")))
    assert used == set(ACTION["inputs"])


def given() -> dict[str, str]:
    """The inputs that the README's workflow gives to the action."""
    (job,) = published.snippet(".github/workflows/ctkms.yml")["jobs"].values()
    (step,) = (step for step in job["steps"] if "OWNER/ctkms" in step["uses"])
    path, _, revision = step["uses"].removeprefix("OWNER/ctkms/").partition("@")
    assert (published.ROOT / path, revision) == (FOLDER, published.REVISION)
    assert set(step["with"]) <= set(ACTION["inputs"])
    return dict(step["with"])


def test_the_workflow_of_the_readme_is_one(tmp_path: Path) -> None:
    file = tmp_path / "ctkms.yml"
    file.write_text(published.snippets()[".github/workflows/ctkms.yml"])
    valid("vendor.github-workflows", file)


def test_the_workflow_of_the_readme_passes_what_is_right(runner: Runner, workspace: Path) -> None:
    done = runner.run("Judge the key policies", **given())
    assert (done.returncode, done.stderr) == (0, "")
    assert runner.outputs == {"sarif": "ctkms.sarif", "exit-code": "0"}
    assert "Verdict: pass" in done.stdout
    assert json.loads((workspace / "ctkms.sarif").read_text())["version"] == "2.1.0"


def test_the_workflow_of_the_readme_annotates_what_is_wrong(runner: Runner, workspace: Path) -> None:
    published.spoil(workspace)
    done = runner.run("Judge the key policies", **given())
    assert done.returncode == 1
    assert runner.outputs["exit-code"] == "1"
    assert "::error file=policies/trail.json,line=23,col=28,title=CT-TRAIL-ENCRYPT::" in done.stdout
    (run,) = json.loads((workspace / "ctkms.sarif").read_text())["runs"]
    assert "CT-TRAIL-ENCRYPT" in {result["ruleId"] for result in run["results"]}
    (job,) = published.snippet(".github/workflows/ctkms.yml")["jobs"].values()
    assert job["steps"][-1]["with"]["sarif_file"] == runner.outputs["sarif"]


def test_inputs_are_words_and_never_code(runner: Runner, workspace: Path) -> None:
    (workspace / "policies" / "trail.json").rename(workspace / "-a $(touch hacked) `b`.json")
    done = runner.run(
        "Judge the key policies",
        paths="-a $(touch hacked) `b`.json\n\npolicies\n",
        data="expectations/trails.yaml\nexpectations/accounts.yaml\n",
        options='--profile=documented\n--key=arn:aws:kms:us-east-1:111111111111:key/1"; touch hacked; "\n',
        sarif="of mine.sarif",
    )
    assert done.returncode == 2
    assert "key: " in done.stderr
    assert not (workspace / "hacked").exists()
    done = runner.run("Judge the key policies", paths="-a $(touch hacked) `b`.json", data="expectations")
    assert done.returncode in {0, 3}, done.stderr
    assert not (workspace / "hacked").exists()


def test_options_reach_the_command(runner: Runner) -> None:
    done = runner.run("Judge the key policies", **given(), options="--write-baseline=known.json\n--notes")
    assert "known from now on" in done.stderr


def test_the_pipeline_of_gitlab_is_one(tmp_path: Path) -> None:
    file = tmp_path / ".gitlab-ci.yml"
    file.write_text(published.snippets()[".gitlab-ci.yml"])
    valid("vendor.gitlab-ci", file)


def gitlab(tmp_path: Path, workspace: Path) -> int:
    """The status of the README's job for GitLab in a Python that is as empty as that of the image."""
    (job,) = published.snippet(".gitlab-ci.yml").values()
    project = published.publish(tmp_path / "ctkms")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "image"], check=True)
    script = "\n".join(job["script"]).replace(published.REPOSITORY, project.as_uri())
    assert project.as_uri() in script
    environment = os.environ | {"PATH": f"{tmp_path / 'image' / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-ec", script], cwd=workspace, env=environment, capture_output=True, check=False)
    for report in job["artifacts"]["reports"].values():
        assert (workspace / report).is_file(), done.stderr
    return done.returncode


def test_the_pipeline_of_gitlab_reports_what_is_wrong(tmp_path: Path, workspace: Path) -> None:
    published.spoil(workspace)
    assert gitlab(tmp_path, workspace) == 1
    issues = json.loads((workspace / "gl-code-quality-report.json").read_text())
    assert {"CT-TRAIL-ENCRYPT"} <= {issue["check_name"] for issue in issues}
    assert '<failure type="CT-TRAIL-ENCRYPT"' in (workspace / "ctkms-junit.xml").read_text()


def test_all_lines_to_paste_are_tried() -> None:
    assert set(published.snippets()) == {".github/workflows/ctkms.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"}
