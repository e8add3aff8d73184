"""What mkdocs calls while it builds the site; see mkdocs.yml."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from nesy_site.commands import with_commands
from nesy_site.diagrams import with_diagrams
from nesy_site.pages import benchmarks, made, title
from nesy_site.repository import address, rewritten

_paths: dict[str, str] = {}
"""Where pages that are not in docs/ come from."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List the benchmarks in the navigation."""
    chapters: list[dict[str, Any]] = config.nav or []
    for chapter in chapters:
        if "Benchmarks" in chapter:
            chapter["Benchmarks"] = [{title(path): address(path)} for path in benchmarks()]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not in docs/."""
    for file in made():
        _paths[file.uri] = file.path
        files.append(File.generated(config, file.uri, content=file.text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links to where things are on the site, draw the grammar, and show the help of commands."""
    uri = page.file.src_uri
    return with_commands(with_diagrams(rewritten(markdown, _paths.get(uri, f"docs/{uri}"))))
