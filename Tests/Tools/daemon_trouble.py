#!/usr/bin/env python3
"""Troubles of the real process that last for a while: full and read-only disks, clocks that jump, a second instance, a stop
under load, receivers that are dead, slow, busy, or lose their answers.

    swift build && python3 Tests/Tools/daemon_trouble.py [--short] [NAME …]

Nothing may be lost or changed, nothing repeated without cause, and the gateway must go on by itself within ten seconds of
the trouble's end. What a machine cannot show (no root, no strace, no clang) is skipped, loudly.
"""
import argparse
import collections
import concurrent.futures
import glob
import http.server
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from gateway_under_test import Gateway, free_port, letter

MUTED = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Skipped(Exception):
    pass


class Check:
    """Gathers what is not as it must be."""

    def __init__(self):
        self.found = []

    def __call__(self, is_so, words):
        if not is_so:
            self.found.append(words)


def feed(gateway, count, first=1):
    for number in range(first, first + count):
        gateway.drop(f"{number:05d}.xml", letter(number))


def settle(gateway, check, count, seconds=10):
    """Waits for the end of all, stops, and checks what must hold after any trouble."""
    begin = time.monotonic()
    check(gateway.wait(lambda: len(gateway.delivered()) >= count and len(gateway.documents("inbox/done")) >= count, seconds),
          f"only {len(gateway.delivered())} of {count} after {seconds} s")
    took = time.monotonic() - begin
    check(gateway.stop() == 0, "does not stop with 0")
    check(len(gateway.delivered()) == count and not gateway.torn(), f"{len(gateway.delivered())} of {count} in the queue")
    check(gateway.states() == {"message": {"delivered": count}, "delivery": {"delivered": count}}, "states")
    check(gateway.verify(), "audit")
    return f"well again after {took:.1f} s"


def started(gateway, check):
    gateway.start()
    check(gateway.wait(gateway.is_ready, 10), "not ready")


# Disks

class Mount:
    """A small file system in memory at a folder."""

    def __init__(self, path, options):
        if os.geteuid() != 0:
            raise Skipped("only root may mount")
        os.makedirs(path, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], check=False, **MUTED).returncode != 0:
            raise Skipped("cannot mount here")
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], check=False)

    def fill(self):
        """Takes all the room there is."""
        try:
            with open(self.path + "/ballast", "ab", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
        except OSError:
            pass

    def fill_inodes(self):
        os.makedirs(self.path + "/many", exist_ok=True)
        try:
            for number in range(1_000_000):
                os.close(os.open(f"{self.path}/many/{number}", os.O_CREAT | os.O_WRONLY))
        except OSError:
            pass

    def free(self):
        for path in glob.glob(self.path + "/many/*") + [self.path + "/ballast"]:
            if os.path.exists(path):
                os.unlink(path)


def disk_is_full(root, check, where, by, seconds):
    gateway = Gateway(root)
    with Mount(f"{root}/{where}", "size=8m,nr_inodes=400,mode=700") as disk:
        started(gateway, check)
        feed(gateway, 5)
        check(gateway.wait(lambda: len(gateway.delivered()) == 5, 10), "did not begin")
        getattr(disk, by)()
        feed(gateway, 20, 6)
        time.sleep(seconds)
        check(gateway.process.poll() is None, "ended by itself")
        if where == "state" and by == "fill":
            # What the store has no room for is not let go of.
            held = len(gateway.documents("inbox/done"))
            check(held < 25, "let go of all on a full disk")
        disk.free()
        return settle(gateway, check, 25)


def full_state(root, check, seconds):
    return disk_is_full(root, check, "state", "fill", seconds)


def full_queue(root, check, seconds):
    return disk_is_full(root, check, "queue", "fill", seconds)


def no_inodes(root, check, seconds):
    return disk_is_full(root, check, "queue", "fill_inodes", seconds)


def broken_disk(root, check, seconds, error="EIO"):
    """All that is written fails for a while, and comes back."""
    if not shutil.which("strace"):
        raise Skipped("strace is not installed")
    gateway = Gateway(root)
    started(gateway, check)
    calls = "?pwrite64,?fdatasync,?fsync,?syncfs,?renameat2,?mkdir,?ftruncate"
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:error={error}", "-p",
         str(gateway.process.pid)], **MUTED)
    time.sleep(0.5)
    feed(gateway, 20)
    time.sleep(seconds)
    check(gateway.process.poll() is None, "ended by itself")
    check(not gateway.delivered() and not gateway.documents("inbox/done"), "let go of something on a broken disk")
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    return settle(gateway, check, 20)


def read_only(root, check, seconds):
    return broken_disk(root, check, seconds, "EROFS")


# The process

def two_instances(root, check, _):
    gateway = Gateway(root)
    started(gateway, check)
    second = subprocess.run(gateway.command("run"), capture_output=True, text=True, check=False, timeout=20)
    check(second.returncode == 69, f"the second ends with {second.returncode}")
    check("has the state folder" in second.stderr, "the second does not say why")
    feed(gateway, 3)
    return settle(gateway, check, 3)


def stop_under_load(root, check, _):
    """Ended amid its work three times, its queue being read all the while: exit 0, and nothing comes twice."""
    gateway, count, taken = Gateway(root), 600, collections.Counter()
    feed(gateway, count)
    slowest = 0
    for delay in [0.15, 0.4, 0.7]:
        started(gateway, check)
        end = time.monotonic() + delay
        while time.monotonic() < end:
            take(gateway, taken)
        begin = time.monotonic()
        check(gateway.stop(15) == 0, "does not stop with 0 within 15 s")
        slowest = max(slowest, time.monotonic() - begin)
        take(gateway, taken)
    started(gateway, check)
    gateway.wait(lambda: take(gateway, taken) or len(taken) >= count, 30)
    check(gateway.stop() == 0, "does not stop with 0")
    take(gateway, taken)
    check(len(taken) == count, f"{len(taken)} of {count} came out")
    check(max(taken.values(), default=0) == 1, "something came twice")
    check(gateway.verify(), "audit")
    return f"slowest stop {slowest:.1f} s"


def take(gateway, taken):
    for name in gateway.delivered():
        os.unlink(f"{gateway.root}/queue/ready/{name}")
        taken[name] += 1


def clock(root, check, _):
    """The wall clock jumps by hours, days and past 2038."""
    library = root + ".clock.so"
    if subprocess.run(["clang", "-shared", "-fPIC", "-xc", "-", "-o", library], input=CLOCK, text=True,
                      check=False).returncode != 0:
        raise Skipped("clang cannot make a library")
    gateway, stamp = Gateway(root), root + ".clock"
    set_clock(stamp, 0)
    gateway.start(environment={"LD_PRELOAD": library, "CLOCK_OFFSET": stamp})
    check(gateway.wait(gateway.is_ready, 10), "not ready")
    count, slowest = 0, 0
    day = 86_400
    for jump in [0, 3600, -3600, day, -day, -5 * 365 * day, 15 * 365 * day, 0]:
        set_clock(stamp, jump)
        feed(gateway, 3, count + 1)
        count += 3
        begin = time.monotonic()
        check(gateway.wait(lambda: len(gateway.delivered()) == count, 10), f"no progress within 10 s of a jump to {jump} s")
        slowest = max(slowest, time.monotonic() - begin)
    settle(gateway, check, count)
    return f"slowest {slowest:.1f} s"


# A wall clock that is off by as many seconds as a file says.
CLOCK = """
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long offset(void) {
    char text[32] = {0};
    int file = open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    return count > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += offset();
    return result;
}
"""


def set_clock(stamp, offset):
    with open(stamp + ".new", "w") as file:
        file.write(f"{offset}\n")
    os.rename(stamp + ".new", stamp)


# Receivers

class Receiver(http.server.ThreadingHTTPServer):
    """Takes posts as `behave` says: it is given a request, and answers a status, `None` to hang up without an answer."""
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, behave):
        super().__init__(("127.0.0.1", port), Handler)
        self.behave, self.lock, self.attempts, self.bodies = behave, threading.Lock(), [], {}
        self.taken, self.changed = set(), 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def note(self, key, body):
        with self.lock:
            self.attempts.append((time.monotonic(), key))
            if self.bodies.setdefault(key, body) != body:
                self.changed += 1
            return sum(1 for _, other in self.attempts if other == key)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        key = self.headers.get("Idempotency-Key")
        status, headers = self.server.behave(self.server, key, self.server.note(key, body))
        if status == 200:
            with self.server.lock:
                self.server.taken.add(key)
        if status is None:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def receiving(root, check, behave, seconds, count=12, after=lambda receiver: None):
    """Delivers to a receiver that is in trouble for a while."""
    port = free_port()
    route = f"{{ name: services, consent: none-needed, http: {{ url: 'http://127.0.0.1:{port}/in', loopback: true }} }}"
    gateway = Gateway(root, route)
    receiver = Receiver(port, behave) if behave else None
    started(gateway, check)
    feed(gateway, count)
    time.sleep(seconds)
    attempts = len(receiver.attempts) if receiver else 0
    if receiver:
        after(receiver)
    else:
        receiver = Receiver(port, lambda *_: (200, {}))
    begin = time.monotonic()
    check(gateway.wait(lambda: len(receiver.taken) == count, 25), f"only {len(receiver.taken)} of {count} came")
    took = time.monotonic() - begin
    gateway.wait(lambda: False, 1)
    check(gateway.stop() == 0, "does not stop with 0")
    check(gateway.states()["delivery"] == {"delivered": count}, f"states {gateway.states()['delivery']}")
    check(receiver.changed == 0, "other bytes under one key")
    check(len(receiver.bodies) == count, f"{len(receiver.bodies)} keys for {count} documents")
    check(gateway.verify(), "audit")
    receiver.shutdown()
    return receiver, attempts, took


def dead_receiver(root, check, seconds):
    _, _, took = receiving(root, check, None, seconds + 2)
    check(took <= 10, f"recovers after {took:.1f} s")
    return f"well again after {took:.1f} s"


def slow_receiver(root, check, _):
    def behave(*_):
        time.sleep(1.5)
        return 200, {}
    receiver, _, _ = receiving(root, check, behave, 1)
    check(len(receiver.attempts) == 12, f"{len(receiver.attempts)} attempts for 12 documents")
    return f"{len(receiver.attempts)} attempts"


def busy_receiver(root, check, _):
    """503 with Retry-After: nothing before its time, and no storm after."""
    state = {"until": None, "early": 0}

    def behave(server, *_):
        now = time.monotonic()
        with server.lock:
            if state["until"] is None:
                state["until"] = now + 3
            # Those on their way when the first answer was given are forgiven.
            if now < state["until"] - 2.8:
                return 503, {"Retry-After": "3"}
            if now < state["until"] - 0.25:
                state["early"] += 1
                return 503, {"Retry-After": "3"}
        return 200, {}
    receiver, _, took = receiving(root, check, behave, 1)
    check(state["early"] == 0, f"{state['early']} came before their time")
    check(took <= 12, f"recovers after {took:.1f} s")
    return f"{len(receiver.attempts)} attempts, well again after {took:.1f} s"


def failing_receiver(root, check, seconds):
    """500 to everything for a while: no storm."""
    state = {"well": False}
    receiver, attempts, took = receiving(
        root, check, lambda *_: (200 if state["well"] else 500, {}), seconds + 4,
        after=lambda _: state.update(well=True))
    check(attempts <= 25 + 5 * (seconds + 4), f"{attempts} attempts in {seconds + 4} s")
    check(took <= 10, f"recovers after {took:.1f} s")
    return f"{attempts} attempts while it failed, well again after {took:.1f} s"


def lost_answers(root, check, _):
    """Takes six documents and hangs up before it answers."""
    def behave(server, *_):
        with server.lock:
            return (None if len(server.attempts) <= 6 else 200), {}
    receiver, _, took = receiving(root, check, behave, 1)
    check(took <= 10, f"recovers after {took:.1f} s")
    check(len(receiver.attempts) <= 12 + 6, "more was repeated than answers were lost")
    return f"{len(receiver.attempts)} attempts for 12 documents, the same bytes under the same key"


ALL = [full_state, full_queue, no_inodes, broken_disk, read_only, two_instances, stop_under_load, clock, dead_receiver,
       slow_receiver, busy_receiver, failing_receiver, lost_answers]


def show(trouble, folder, seconds):
    """What was found wrong, `None` when it could not be shown; and a line that says so."""
    check = Check()
    try:
        words = trouble(f"{folder}/{trouble.__name__}", check, seconds)
    except Skipped as reason:
        return None, f"SKIPPED: {trouble.__name__}: {reason}"
    verdict = "FAILED: " + "; ".join(check.found) if check.found else "held"
    return check.found, f"{trouble.__name__:18} {verdict} ({words})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(trouble.__name__ for trouble in ALL))
    parser.add_argument("--short", action="store_true", help="troubles of two seconds, not of twenty")
    options = parser.parse_args()
    folder, failures, shown = tempfile.mkdtemp(prefix="linkway-trouble-"), 0, 0
    chosen = [trouble for trouble in ALL if not options.names or trouble.__name__ in options.names]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for found, line in pool.map(lambda trouble: show(trouble, folder, 2 if options.short else 20), chosen):
            print(line, flush=True)
            failures += bool(found)
            shown += found is not None
    print(f"{shown} troubles, {failures} failures")
    if failures:
        print(f"everything is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0 if shown else 1


if __name__ == "__main__":
    sys.exit(main())
