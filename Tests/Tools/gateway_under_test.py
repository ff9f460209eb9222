"""A gateway of its own folder for the tools beside this file: documents in, ends counted."""
import glob
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINKWAY = os.environ.get("LINKWAY", os.path.join(HOME, ".build/debug/linkway"))

QUEUE = "{ name: queue, queue: queue, consent: none-needed }"
CONFIGURATION = """
linkway: 1
mappings: mappings
state: {state}
settle: 0s
sources:
  - {{ name: practice, folder: inbox, poll: 1s }}
{sources}
routes: [ {route} ]
{http}
"""
TOKEN = "gateway-under-test-token-nobody-else-has"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nhs_number(number):
    """A number of the range for tests whose check digit is right, each its own. Of two that follow each other one has one."""
    for candidate in [number * 2, number * 2 + 1]:
        digits = f"999{candidate % 1_000_000:06d}"
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check != 10:
            return f"{digits[:3]} {digits[3:6]} {digits[6:]}{check}"
    raise ValueError(number)


def letter(number):
    with open(os.path.join(HOME, "samples/riverside-xml/minimal.xml"), encoding="utf-8") as file:
        text = file.read()
    return text.replace("999 000 4110", nhs_number(number)).replace("RV-2026-000018", f"RV-2026-{number:06d}")


class Gateway:
    """One folder, and the process that works there."""

    def __init__(self, root, route=QUEUE, state="state", takes_posts=False):
        self.root, self.state, self.process, self.log = root, os.path.join(root, state), None, root + ".log"
        shutil.rmtree(root, ignore_errors=True)
        os.makedirs(root + "/inbox", mode=0o700)
        for name in ["riverside-base", "riverside-xml", "tables"]:
            shutil.copytree(f"{HOME}/mappings/{name}", f"{root}/mappings/{name}")
        sources = http = ""
        if takes_posts:
            self.port = free_port()
            sources = "  - { name: platform, http: { token: { file: token } } }"
            http = f'http: {{ listen: "127.0.0.1:{self.port}", admin: "127.0.0.1:{free_port()}" }}'
            with open(root + "/token", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(TOKEN + "\n")
        with open(root + "/linkway.yaml", "w") as file:
            file.write(CONFIGURATION.format(state=state, route=route, sources=sources, http=http))

    def drop(self, name, text):
        """As a good sender does: written hidden, then named."""
        with open(f"{self.root}/inbox/.{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(f"{self.root}/inbox/.{name}", f"{self.root}/inbox/{name}")

    def command(self, *words):
        return [LINKWAY, *words, "--config", self.root + "/linkway.yaml"]

    def start(self, before=(), environment=None):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*before, *self.command("run")], stdout=log, stderr=log, env={**os.environ, **(environment or {})})

    def is_ready(self):
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(self.state + "/control.sock")
                caller.sendall(b'{"ask":"hello"}\n')
                return bool(caller.recv(1))
            except OSError:
                return False

    def wait(self, condition, seconds):
        """Whether something came true in time, while the process lived."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            if self.process.poll() is not None:
                return condition()
            time.sleep(0.01)
        return condition()

    def pid(self):
        """Of the gateway itself, also where it runs under another program."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
            children = file.read().split()
        return int(children[0]) if children else self.process.pid

    def stop(self, seconds=20):
        """Ends it as a service manager does. Returns how it ended, `None` when it had to be killed."""
        if self.process.poll() is None:
            try:
                os.kill(self.pid(), signal.SIGTERM)
            except (OSError, ValueError):
                pass
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        if self.process.poll() is None:
            try:
                os.kill(self.pid(), signal.SIGKILL)
            except (OSError, ValueError):
                pass
            self.process.kill()
        self.process.wait()

    # What came of it

    def names(self, folder):
        path = os.path.join(self.root, folder)
        return sorted(os.listdir(path)) if os.path.isdir(path) else []

    def documents(self, folder):
        return [name for name in self.names(folder) if not name.startswith(".") and not name.endswith(".txt")
                and os.path.isfile(f"{self.root}/{folder}/{name}")]

    def delivered(self):
        return self.names("queue/ready")

    def torn(self):
        """Files of the queue that are not whole."""
        found = []
        for name in glob.glob(self.root + "/queue/ready/*"):
            try:
                with open(name, "rb") as file:
                    json.load(file)
            except ValueError:
                found.append(os.path.basename(name))
        return found

    def states(self):
        """How many messages and deliveries there are in each state; after a stop."""
        store = sqlite3.connect(self.state + "/linkway.sqlite")
        try:
            return {table: dict(store.execute(f"SELECT state, count(*) FROM {table} GROUP BY state"))
                    for table in ["message", "delivery"]}
        finally:
            store.close()

    def verify(self):
        """Whether the audit trail is whole."""
        return subprocess.run(self.command("audit", "verify"), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0
