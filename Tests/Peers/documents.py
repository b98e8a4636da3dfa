"""Documents as others read them: nbformat's validator over exports, jupytext there and back.

    python Tests/Peers/documents.py [--rlhf .build/release/rlhf]

For every tutorial: rlhf writes it as a notebook, nbformat validates it and writes the same bytes again;
jupytext makes a notebook of the page and a page of that notebook, rlhf reads both, and no cell is lost
or changed on any of the ways. For every recorded session: its notebook is valid too. Exit code 1 tells
that something differs.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import jupytext
import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[2]


def export(rlhf, source, out):
    subprocess.run([rlhf, "export", str(source), "--out", str(out)], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)


def validated(path):
    """The notebook, after the validator, its warnings being errors, and Jupyter's own bytes."""
    text = path.read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == text, f"{path}: Jupyter would write other bytes"
    return notebook


def cells(notebook):
    """Names and texts of the cells that run; blank lines at the ends are no part of a cell."""
    return [(cell.metadata.get("name"), cell.source.strip("\n")) for cell in notebook.cells
            if cell.cell_type == "code"]


def promises(notebook):
    """What a tutorial says about its cells, without what a session adds."""
    return [cell.metadata.get("rlhf", {}).get("expect") for cell in notebook.cells
            if cell.cell_type == "code"]


def prose(notebook):
    return "\n\n".join(cell.source.strip("\n") for cell in notebook.cells if cell.cell_type == "markdown")


def check_tutorial(rlhf, page, folder):
    ours = folder / "ours.ipynb"
    export(rlhf, page, ours)
    notebook = validated(ours)

    # Ours to a page with jupytext, and that page with rlhf.
    theirs = folder / "theirs.md"
    theirs.write_text(jupytext.writes(notebook, fmt="md:myst"), encoding="utf-8")
    export(rlhf, theirs, folder / "again.ipynb")
    again = validated(folder / "again.ipynb")

    # The page to a notebook with jupytext, that to a page with rlhf, and back with jupytext.
    made = jupytext.read(page, fmt="md:myst")
    nbformat.validate(made)
    nbformat.write(made, folder / "made.ipynb")
    export(rlhf, folder / "made.ipynb", folder / "made.md")
    back = jupytext.read(folder / "made.md", fmt="md:myst")

    count = len(cells(notebook))
    for name, other in [("jupytext's page", again), ("jupytext's notebook", made), ("there and back", back)]:
        assert cells(other) == cells(notebook), f"{page}: cells differ in {name}"
        assert promises(other) == promises(notebook), f"{page}: promises differ in {name}"
        assert prose(other) == prose(notebook), f"{page}: prose differs in {name}"
    print(f"{page.relative_to(ROOT)}: {count} cells, valid, kept on 3 ways through jupytext")


def check_session(rlhf, session, folder):
    out = folder / "session.ipynb"
    export(rlhf, session, out)
    notebook = validated(out)
    kinds = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kinds[output.output_type] = kinds.get(output.output_type, 0) + 1
            for mime in output.get("data", {}):
                kinds[mime] = kinds.get(mime, 0) + 1
    # Into rlhf and out again: as a document it has the same cells.
    export(rlhf, out, folder / "document.ipynb")
    assert cells(validated(folder / "document.ipynb")) == cells(notebook), f"{session}: cells differ"
    shown = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{session.relative_to(ROOT)}: {len(cells(notebook))} cells, valid; {shown}")
    recording = folder / "session.cast"
    export(rlhf, session, recording)
    lines = [json.loads(line) for line in recording.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["version"] == 3 and all(line[0] >= 0 and line[1] in "omx" for line in lines[1:])
    print(f"  recording: {sum(line[1] == 'm' for line in lines[1:])} markers, "
          f"{sum(line[0] for line in lines[1:]):.1f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rlhf", default=str(ROOT / ".build/release/rlhf"))
    rlhf = str(pathlib.Path(parser.parse_args().rlhf).resolve())
    print(f"nbformat {nbformat.__version__}, jupytext {jupytext.__version__}")
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for page in sorted((ROOT / "Tutorials").glob("*.md")):
                check_tutorial(rlhf, page, folder)
            for session in sorted(path.parent for path in (ROOT / "Sessions").glob("*/session.json")):
                check_session(rlhf, session, folder)
    except (AssertionError, nbformat.ValidationError, Warning) as error:
        sys.exit(f"differs: {error}")


if __name__ == "__main__":
    main()
