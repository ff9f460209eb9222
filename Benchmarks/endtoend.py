#!/usr/bin/env python3
"""How fast the whole gateway is, as JSON lines: folder to queue, HTTP posts, idle, and 100,000 files waiting.

    swift build -c release --product linkway
    python3 Benchmarks/endtoend.py folder --documents 10000
    python3 Benchmarks/endtoend.py syncs http idle flood

Every figure stands beside the disk's own rate of 8 KB writes each made to last, by one writer, on the same file system in
the same minute: what a gateway does without gathering. The documents are our samples with numbers of their own (5 to 7 KB,
half XML, half FHIR JSON; every second one is taken with a warning, so that a note is written beside it). Nothing here passes
or fails. `http` needs wrk, `syncs` needs strace.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TICKS = os.sysconf("SC_CLK_TCK")

CONFIGURATION = """
linkway: 1
mappings: {mappings}
state: state
settle: 0s
sources:
  - {{ name: practice, folder: inbox, poll: 1s }}
  - {{ name: platform, http: {{ token: {{ file: token }} }} }}
routes: [ {{ name: queue, queue: queue, consent: none-needed }} ]
http: {{ listen: "127.0.0.1:{port}", admin: "127.0.0.1:{admin}" }}
"""

# wrk's script: a document of its own for each request.
POSTS = """
local parts, count, threads = {parts}, 0, 0
function setup(t) t:set("thread", threads); threads = threads + 1 end
function init(args) wrk.method = "POST"; wrk.headers["Authorization"] = "Bearer bench-token-nobody-else-has"
  wrk.headers["Content-Type"] = "application/fhir+json" end
local function number(n)
  local digits = string.format("999%06d", n % 1000000)
  local sum = 0
  for i = 1, 9 do sum = sum + digits:byte(i) % 48 * (11 - i) end
  local check = (11 - sum % 11) % 11
  return check == 10 and number(n + 1) or digits .. check
end
function request()
  count = count + 1
  local n = thread * 250000 + count
  local names = {{ id = string.format("-%04x-4000-8%03x-", n % 65536, math.floor(n / 65536)), number = number(2 * n),
    referral = string.format("MV-REF-%07d", n) }}
  local body = {{}}
  for i, part in ipairs(parts) do body[i] = names[part] or part end
  return wrk.format(nil, "/v1/referrals", nil, table.concat(body))
end
"""


# Documents

def nhs_number(number):
    """A number of the range for tests whose check digit is right, each its own: of two that follow, one has one."""
    number *= 2
    while True:
        digits = f"999{number % 1_000_000:06d}"
        check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11) % 11
        if check != 10:
            return digits + str(check)
        number += 1


def sample(name):
    with open(os.path.join(HOME, "samples", name), encoding="utf-8") as file:
        return file.read()


class Documents:
    def __init__(self):
        self.letter = sample("riverside-xml/rich-letter.xml")
        self.message = sample("fhir-bars/minimal.json")

    def text(self, number):
        nhs = nhs_number(number)
        if number % 2:
            return self.letter.replace("RV-2026-004417", f"RV-2026-{number:07d}").replace(
                "9D2E1B64-6C0A-4E0B-9D57", f"{number:08X}-6C0A-4E0B-9D57").replace("999 000 4102", nhs)
        return self.message.replace("-0000-4000-8000-", f"-{number % 65536:04x}-4000-8{number // 65536:03x}-").replace(
            "9990004234", nhs).replace("MV-REF-7711", f"MV-REF-{number:07d}")

    def write(self, folder, count, first=0):
        for number in range(first, first + count):
            name = f"{folder}/{number:07d}.{'xml' if number % 2 else 'json'}"
            with open(name, "w", encoding="utf-8") as file:
                file.write(self.text(number))

    def script(self):
        """The message in parts for wrk: text, and the words of `words` where its own go."""
        words = {"-0000-4000-8000-": "id", "9990004234": "number", "MV-REF-7711": "referral"}
        parts = re.split("(" + "|".join(words) + ")", self.message)
        return POSTS.format(parts="{" + ", ".join(json.dumps(words.get(part, part)) for part in parts) + "}")


# The gateway

class Gateway:
    def __init__(self, program, root):
        self.program, self.root, self.process = program, root, None
        for folder in ["inbox", "state", "queue"]:
            os.makedirs(f"{root}/{folder}", mode=0o700)
        self.port, self.admin = free_port(), free_port()
        with open(root + "/token", "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("bench-token-nobody-else-has\n")
        with open(root + "/linkway.yaml", "w") as file:
            file.write(CONFIGURATION.format(mappings=HOME + "/mappings", port=self.port, admin=self.admin))

    def start(self, before=()):
        """Starts it. Returns the seconds until it answers on its control socket."""
        begin = time.monotonic()
        with open(self.root + "/log", "ab") as log:
            self.process = subprocess.Popen(
                [*before, self.program, "run", "--config", self.root + "/linkway.yaml"], stdout=log, stderr=log)
        while not self.answers():
            if self.process.poll() is not None:
                raise SystemExit("the gateway ended: " + open(self.root + "/log").read()[-2000:])
            time.sleep(0.005)
        return time.monotonic() - begin

    def answers(self):
        with socket.socket(socket.AF_UNIX) as caller:
            try:
                caller.connect(self.root + "/state/control.sock")
                caller.sendall(b'{"ask":"hello"}\n')
                return bool(caller.recv(1))
            except OSError:
                return False

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait()

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, field="VmHWM"):
        """In MB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return round(int(re.search(field + r":\s+(\d+)", file.read()).group(1)) / 1024, 1)

    def delivered(self):
        ready = self.root + "/queue/ready"
        return sum(1 for _ in os.scandir(ready)) if os.path.isdir(ready) else 0

    def wait(self, count, seconds=600):
        end = time.monotonic() + seconds
        while self.delivered() < count:
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"only {self.delivered()} of {count} came out")
            time.sleep(0.05)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sync_rate(root, seconds=2.0):
    """Writes of 8 KB, each made to last, that one writer does in a second."""
    descriptor = os.open(root + "/probe", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    block, count, begin = b"x" * 8192, 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        os.write(descriptor, block)
        os.fsync(descriptor)
        count += 1
    os.close(descriptor)
    os.unlink(root + "/probe")
    return round(count / (time.monotonic() - begin))


def say(name, **figures):
    print(json.dumps({"bench": name, **figures}), flush=True)


# What is measured

def folder(gateway, options):
    """Documents in an inbox, through to files in a queue."""
    Documents().write(gateway.root + "/inbox", options.documents)
    before = sync_rate(gateway.root)
    begin = time.monotonic()
    ready = gateway.start()
    gateway.wait(options.documents)
    seconds = time.monotonic() - begin
    cpu, peak = gateway.cpu(), gateway.memory()
    disk = (before + sync_rate(gateway.root)) / 2
    say("folder", documents=options.documents, per_second=round(options.documents / seconds),
        disk_syncs_per_second=round(disk), times_disk=round(options.documents / seconds / disk, 1),
        cpu_seconds=round(cpu, 2), cpu_us_per_document=round(cpu / options.documents * 1e6), peak_mb=peak,
        ready_seconds=round(ready, 2), exit=gateway.stop())


def syncs(gateway, options):
    """How often it makes the disk flush, counted in a run of its own."""
    count = min(options.documents, 4000)
    Documents().write(gateway.root + "/inbox", count)
    log = gateway.root + "/syncs"
    gateway.start(["strace", "-f", "--seccomp-bpf", "-c", "-o", log, "-e", "trace=fsync,fdatasync,syncfs"])
    gateway.wait(count)
    subprocess.run(["pkill", "-TERM", "-P", str(gateway.process.pid)], check=False)
    gateway.process.wait()
    with open(log) as file:
        calls = {line.split()[-1]: int(line.split()[3]) for line in file if re.search(r"sync(fs)?$", line.strip())}
    say("syncs", documents=count, **calls, per_document=round(sum(calls.values()) / count, 3))


def http(gateway, options):
    """Posts over 64 connections, each answered after its commit."""
    with open(gateway.root + "/posts.lua", "w") as file:
        file.write(Documents().script())
    gateway.start()
    before, cpu = sync_rate(gateway.root), gateway.cpu()
    output = subprocess.run(
        ["wrk", "-t2", "-c64", f"-d{options.seconds}s", "--latency", "-s", gateway.root + "/posts.lua",
         f"http://127.0.0.1:{gateway.port}/"], capture_output=True, text=True, check=True).stdout
    cpu = gateway.cpu() - cpu
    disk = (before + sync_rate(gateway.root)) / 2
    count = int(re.search(r"(\d+) requests in", output).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    taken = count - (int(wrong.group(1)) if wrong else 0)
    gateway.wait(taken, 120)
    say("http", acknowledged=taken, refused=count - taken, per_second=round(rate * taken / count),
        p50=re.search(r"50%\s+(\S+)", output).group(1), p99=re.search(r"99%\s+(\S+)", output).group(1),
        disk_syncs_per_second=round(disk), cpu_us_per_document=round(cpu / taken * 1e6), peak_mb=gateway.memory(),
        exit=gateway.stop())


def idle(gateway, options):
    """What it costs to wait."""
    gateway.start()
    time.sleep(2)
    cpu = gateway.cpu()
    time.sleep(options.idle)
    say("idle", seconds=options.idle, core_percent=round((gateway.cpu() - cpu) / options.idle * 100, 3),
        resident_mb=gateway.memory("VmRSS"), peak_mb=gateway.memory(), exit=gateway.stop())


def flood(gateway, options):
    """Many files waiting; killed amid them and started again; and once more with all of them in the store."""
    count = options.waiting
    Documents().write(gateway.root + "/inbox", count)
    disk, begin = sync_rate(gateway.root), time.monotonic()
    first = gateway.start()
    gateway.wait(1)
    delivery = time.monotonic() - begin
    gateway.wait(count // 10)
    peak = gateway.memory()
    gateway.stop(signal.SIGKILL)
    again = gateway.start()
    begin, done = time.monotonic(), gateway.delivered()
    gateway.wait(count)
    rate = (count - done) / (time.monotonic() - begin)
    peak = max(peak, gateway.memory())
    gateway.stop(signal.SIGKILL)
    full = gateway.start()
    say("flood", waiting=count, ready_seconds=round(first, 2), first_delivery_seconds=round(delivery, 2),
        ready_after_kill_seconds=round(again, 2), ready_with_all_in_store_seconds=round(full, 2),
        per_second=round(rate), disk_syncs_per_second=disk, peak_mb=peak,
        store_mb=round(sum(entry.stat().st_size for entry in os.scandir(gateway.root + "/state") if entry.is_file()) / 1e6),
        exit=gateway.stop())


ALL = {"folder": folder, "syncs": syncs, "http": http, "idle": idle, "flood": flood}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", choices=[*ALL, []], default=[])
    parser.add_argument("--program", default=os.path.join(HOME, ".build/release/linkway"))
    parser.add_argument("--place", help="a folder on the file system to measure")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=15, help="of posts")
    parser.add_argument("--idle", type=int, default=60, help="seconds of idleness")
    options = parser.parse_args()
    # Removed at the very end: for minutes after many files went, ext4 without a journal is slow to make new ones.
    place = tempfile.mkdtemp(prefix="linkway-bench-", dir=options.place)
    try:
        for name in options.what or ALL:
            measure(name, f"{place}/{name}", options)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def measure(name, root, options):
    os.mkdir(root, mode=0o700)
    gateway = Gateway(options.program, root)
    try:
        ALL[name](gateway, options)
    finally:
        if gateway.process and gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()


if __name__ == "__main__":
    main()
