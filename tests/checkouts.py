"""A fresh checkout to start things in: small, and without a network."""

import os
import subprocess
import sys
import sysconfig
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import uv

ROOT = Path(__file__).parent.parent
UV = str(Path(uv.find_uv_bin()).parent)

BREAKROOM = """\
import json
import os
import sys
from importlib.metadata import distributions

found = {one.name: one.version for one in distributions() if one.name in ("greeting", "hammer")}
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "installed": found}))
sys.exit(7)
"""


class Checkout:
    """A folder with our run.py, commands of a few lines, and what it may install."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        for package in ("cli", "bench"):
            self.write(f"{package}/__main__.py", BREAKROOM)
        for name in ("run.py", "tests/__main__.py"):
            self.write(name, (ROOT / name).read_text())
        self.lock("1.0")

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def lock(self, version: str) -> None:
        runtime = self.wheel("greeting", version)
        self.write("requirements.lock", runtime)
        self.write("requirements-dev.lock", runtime + self.wheel("hammer", "1.0"))

    def wheel(self, name: str, version: str) -> str:
        """Build a package; the line that locks it."""
        self.write("wheels/README", "")
        file = self.folder / f"wheels/{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        with ZipFile(file, "w") as archive:
            archive.writestr(f"{info}/METADATA", f"Name: {name}\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        return f"{name}=={version} --hash=sha256:{sha256(file.read_bytes()).hexdigest()}\n"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.folder / "run.py"), *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        wheels = str(self.folder / "wheels")
        return {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": UV,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": wheels,
            "PIP_NO_INDEX": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "UV_FIND_LINKS": wheels,
            "UV_NO_CACHE": "1",
            "UV_NO_CONFIG": "1",
            "UV_OFFLINE": "1",
        } | more

    def start(
        self, *arguments: str, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            cwd=cwd,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
        )

    def spawn(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def lend_tools(self) -> None:
        """Let its .venv use what is installed where this test runs."""
        self.start("bench")
        packages = self.venv / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
        (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
        for tool in ("lint-imports", "ruff"):
            (self.venv / "bin" / tool).symlink_to(Path(sysconfig.get_path("scripts")) / tool)
