"""The extension for VS Code: its files are what VS Code expects, and its script starts the server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nesy
from nesy.cli.main import app
from nesy.errors import Source
from nesy.language.operators import PREFIX
from nesy.language.parser import parse_program
from nesy.language.tokens import Tokens

GRAMMAR = Path(__file__).parents[3] / "grammar"
FOLDER = GRAMMAR / "vscode"


def read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


PACKAGE = read("package.json")
CONTRIBUTES = PACKAGE["contributes"]
SNIPPETS = read("snippets.json")


def test_the_manifest_says_what_vs_code_needs() -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]*", PACKAGE["name"])
    assert PACKAGE["version"] == nesy.__version__
    assert {"publisher", "license", "description", "displayName", "categories"} <= PACKAGE.keys()
    assert re.fullmatch(r"\^\d+\.\d+\.\d+", PACKAGE["engines"]["vscode"])
    assert "vscode-languageclient" in PACKAGE["dependencies"]
    (language,) = CONTRIBUTES["languages"]
    assert language["id"] == "nesy"
    assert ".nesy" in language["extensions"]
    assert PACKAGE["activationEvents"] == ["onLanguage:nesy"]
    for part in ("grammars", "snippets"):
        assert [entry["language"] for entry in CONTRIBUTES[part]] == [language["id"]]


def test_every_file_that_is_named_exists_inside_the_folder() -> None:
    named = [PACKAGE["main"], CONTRIBUTES["languages"][0]["configuration"]]
    named += [entry["path"] for part in ("grammars", "snippets") for entry in CONTRIBUTES[part]]
    for name in named:
        path = (FOLDER / name).resolve()
        assert path.is_file(), name
        assert FOLDER.resolve() in path.parents, name


def test_the_grammar_is_the_one_of_the_language() -> None:
    copy = FOLDER / CONTRIBUTES["grammars"][0]["path"]
    assert copy.read_bytes() == (GRAMMAR / "nesy.tmLanguage.json").read_bytes(), "run: npm run grammar"
    assert CONTRIBUTES["grammars"][0]["scopeName"] == json.loads(copy.read_text())["scopeName"]
    assert set(CONTRIBUTES["languages"][0]["extensions"]) >= {".nesy", ".problog"}


def test_the_language_configuration_is_that_of_the_language() -> None:
    configuration = read("language-configuration.json")
    comments = configuration["comments"]
    text = f"{comments['lineComment']} a\n{' b '.join(comments['blockComment'])} p."
    assert Tokens(Source("t", text)).texts == ["p", ".", ""]
    for pair in configuration["autoClosingPairs"]:
        assert pair.keys() == {"open", "close", "notIn"}
    word = re.compile(configuration["wordPattern"])
    assert word.findall("p1(Xs, _y) :- q is 0.5") == ["p1", "Xs", "_y", "q", "is", "0.5"]
    indent = re.compile(configuration["indentationRules"]["increaseIndentPattern"])
    assert indent.search("p(X) :-  % why")
    assert not indent.search("p(X) :- q(X),")
    (rule,) = configuration["onEnterRules"]
    assert re.search(rule["beforeText"], "    q(X).")
    assert not re.search(rule["beforeText"], "p(X) :- q(X).")


def filled(body: str | list[str]) -> str:
    """A snippet with its placeholders left as they are: `${1:x}` is x, `${1|a,b|}` is a, `$0` nothing."""
    text = body if isinstance(body, str) else "\n".join(body)
    pattern = r"\$\{\d+:([^}]*)\}|\$\{\d+\|([^,|]*)[^}]*\}|\$\d+|\\([\\$}])"
    return re.sub(pattern, lambda found: found[1] or found[2] or found[3] or "", text)


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippets_are_rules(name: str) -> None:
    snippet = SNIPPETS[name]
    assert snippet.keys() == {"prefix", "body", "description"}
    text = filled(snippet["body"])
    assert "$" not in text
    whole = text if text.endswith(".") else f"p :- {text}."
    program, malformed = parse_program(Source(name, whole))
    assert malformed == ()
    assert len(program.statements) == 1


def test_snippets_are_told_apart_by_their_prefixes() -> None:
    prefixes = [snippet["prefix"] for snippet in SNIPPETS.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert filled(SNIPPETS["negation"]["body"]) == "\\+ goal"
    assert "\\+" in PREFIX


PLAY = """
const Module = require("module");
const said = [];
const handlers = {};
class LanguageClient {
  constructor(id, name, server, options) { Object.assign(this, { id, server, options }); }
  async start() {
    said.push(["start", this.server, this.options.documentSelector]);
    if (this.server.command === "absent") { throw new Error("spawn absent ENOENT"); }
  }
  async stop() { said.push(["stop"]); }
}
const settings = { command: process.argv[2], arguments: ["--allow-python"] };
const vscode = {
  commands: { registerCommand: (name, action) => { handlers[name] = action; return {}; } },
  window: { showErrorMessage: (text) => said.push(["error", text]) },
  workspace: {
    getConfiguration: () => ({ get: (key, otherwise) => settings[key] ?? otherwise }),
    createFileSystemWatcher: (glob) => ({ glob }),
    onDidChangeConfiguration: (action) => { handlers.changed = action; return {}; },
  },
};
const load = Module._load;
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode
  : name === "vscode-languageclient/node" ? { LanguageClient, TransportKind: { stdio: 0 } }
  : load(name, ...rest);
const extension = require(process.argv[1]);
(async () => {
  const context = { subscriptions: [] };
  await extension.activate(context);
  await handlers["nesy.restartServer"]();
  await handlers.changed({ affectsConfiguration: () => false });
  await extension.deactivate();
  console.log(JSON.stringify({ said, kept: context.subscriptions.length }));
})();
"""


def play(command: str) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed, and nothing else runs the script of the extension")
    arguments = [node, "-e", PLAY, str(FOLDER / "extension.js"), command]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    played: dict[str, Any] = json.loads(done.stdout)
    return played


def test_the_script_starts_and_stops_the_server() -> None:
    played = play("/venv/bin/nesy")
    server = {"command": "/venv/bin/nesy", "args": ["lsp", "--allow-python"], "transport": 0}
    start = ["start", server, [{"language": "nesy"}]]
    assert played == {"said": [start, ["stop"], start, ["stop"]], "kept": 2}
    for option in ("--stdio", "--allow-python", "--allow-file"):
        assert option in CliRunner().invoke(app, ["lsp", "--help"]).stdout


def test_a_server_that_does_not_start_is_explained() -> None:
    said = play("absent")["said"]
    assert [kind for kind, *_ in said] == ["start", "error", "start", "error"]
    assert "pip install 'nesy[editor]'" in said[1][1]


def test_settings_and_commands_are_those_of_the_script() -> None:
    script = (FOLDER / "extension.js").read_text(encoding="utf-8")
    for name in CONTRIBUTES["configuration"]["properties"]:
        assert f'"{name.removeprefix("nesy.server.")}"' in script
    for command in CONTRIBUTES["commands"]:
        assert f'registerCommand("{command["command"]}"' in script
    restricted = PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert set(restricted) == set(CONTRIBUTES["configuration"]["properties"])
