"use strict";

// Starts the language server, `nesy lsp`, when the first rule file is opened.

const { commands, window, workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function newClient() {
  const settings = workspace.getConfiguration("nesy.server");
  const server = {
    command: settings.get("command", "nesy"),
    args: ["lsp", ...settings.get("arguments", [])],
    transport: TransportKind.stdio,
  };
  return new LanguageClient("nesy", "nesy", server, {
    documentSelector: [{ language: "nesy" }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.{nesy,problog,pl,csv}") },
  });
}

async function start() {
  client = newClient();
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    window.showErrorMessage(
      `nesy: the language server does not start (${error.message}). ` +
        "Install it with: pip install 'nesy[editor]', and set nesy.server.command to where it is.",
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running !== undefined) {
    await running.stop();
  }
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    commands.registerCommand("nesy.restartServer", restart),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("nesy.server")) {
        return restart();
      }
      return undefined;
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
