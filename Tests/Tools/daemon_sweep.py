#!/usr/bin/env python3
"""Fails or kills `linkway run` at one system call after another, and checks what is left.

    swift build && python3 Tests/Tools/daemon_sweep.py [--short]

Three documents are worked off: one is delivered, one held, one is the first again. For each kind of call and fault: the
1st call of each thread, then the 2nd, and so on, until a run passes untouched; `--short` takes a few of each. After each, a
clean run must give every document exactly one end, and the audit trail must be whole. A fault in the bell by which threads
wake each other (an eventfd, which no disk can fail) may keep it from stopping when asked; it may harm nothing else.
Needs strace. The long form takes a good while.
"""
import argparse
import concurrent.futures
import os
import re
import shutil
import sys
import tempfile

from gateway_under_test import Gateway, letter

ERRORS = ["error=EIO", "error=ENOSPC"]
KILL = "signal=KILL"
FAULTS = {
    "renameat2": [KILL, *ERRORS], "fsync,fdatasync,syncfs": [KILL, *ERRORS, "error=EINTR"],
    "write": [KILL, *ERRORS, "error=EINTR"], "pwrite64": [KILL, *ERRORS, "error=EINTR"],
    "mkdir": [KILL, *ERRORS], "unlink": [KILL, "error=EIO"], "openat": [KILL, "error=EIO", "error=ENOSPC", "error=EMFILE"],
}
SHORT = {"renameat2": [1, 2, 4], "fsync,fdatasync,syncfs": [1, 2, 3, 6], "write": [1, 4], "pwrite64": [1, 9, 40],
         "mkdir": [1], "unlink": [1], "openat": [40, 9, 2]}


def texts():
    first = letter(1)
    return {"a.xml": first, "b.xml": letter(2).replace("07/11/1951", "31/02/1951"), "c.xml": first}


def is_ended(gateway):
    return (gateway.documents("inbox/done") == ["a.xml", "c.xml"] and gateway.documents("inbox/failed") == ["b.xml"]
            and len(gateway.delivered()) == 1)


def wrong(gateway, documents):
    """What is not as it must be after a clean run."""
    found = []
    if gateway.documents("inbox") or gateway.names("inbox/.work"):
        found.append("left in the inbox")
    if not is_ended(gateway) or gateway.torn() or gateway.names("queue/tmp"):
        found.append("ends")
    for folder, name in [("done", "a.xml"), ("failed", "b.xml"), ("done", "c.xml")]:
        path = f"{gateway.root}/inbox/{folder}/{name}"
        if not os.path.exists(path) or open(path, encoding="utf-8").read() != documents[name]:
            found.append(name)
    if not os.path.exists(gateway.root + "/inbox/failed/b.xml.why.txt"):
        found.append("no reason")
    states = gateway.states()
    if states != {"message": {"delivered": 1, "held": 1}, "delivery": {"delivered": 1}}:
        found.append(f"states {states}")
    if not gateway.verify():
        found.append("audit")
    return found


def only_a_bell(log):
    struck = [line for line in log.splitlines() if "(INJECTED)" in line]
    return bool(struck) and all("<anon_inode:[eventfd]>" in line for line in struck)


def strike(root, call, fault, number):
    """Runs once with a fault, then cleanly. Returns whether the fault was met, and what was wrong."""
    gateway, documents, log = Gateway(root), texts(), root + ".strace"
    for name, text in documents.items():
        gateway.drop(name, text)
    names = ",".join("?" + name for name in call.split(","))
    gateway.start(["strace", "-f", "-y", "-qq", "-o", log, "-e", f"trace={names}", "-e", f"inject={names}:{fault}:when={number}"])
    gateway.wait(lambda: is_ended(gateway), 4)
    is_stopped = gateway.stop() is not None
    with open(log) as file:
        text = file.read()
    found = [] if is_stopped or only_a_bell(text) else ["does not stop"]
    is_met = "+++ killed by SIGKILL" in text if fault == KILL else "(INJECTED)" in text
    if re.search(r"SIG(ILL|TRAP|SEGV|ABRT|BUS)", text):
        found.append("crashed")
    found += [f"torn {name}" for name in gateway.torn()]
    gateway.start()
    if not gateway.wait(lambda: gateway.is_ready() and is_ended(gateway) and not gateway.names("inbox/.work"), 20):
        found.append("not worked off")
    code = gateway.stop()
    if code != 0:
        found.append(f"clean run ends with {code}")
    found += wrong(gateway, documents)
    return is_met, found


def sweep(folder, call, fault, is_short):
    """All points of one call and fault. Returns how many were met, and the failures."""
    root = f"{folder}/{call.split(',')[0]}-{fault.split('=')[1]}"
    number, points, failures = 1, 0, []
    chosen = list(SHORT[call])
    while True:
        if is_short:
            if not chosen:
                break
            number = chosen.pop(0)
        is_met, found = strike(root, call, fault, number)
        if found:
            failures.append(f"FAILED at {call} {number}, {fault}: {', '.join(found)}")
            shutil.copytree(root, f"{folder}/failed/{os.path.basename(root)}-{number}", dirs_exist_ok=True)
        if not is_met:
            break
        points += 1
        number += 1
    if not points:
        failures.append(f"FAILED at {call}, {fault}: no such call was made")
    return call, fault, points, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--call", help="of this kind only")
    options = parser.parse_args()
    if not shutil.which("strace"):
        print("SKIPPED: strace is not installed")
        return 1
    folder = tempfile.mkdtemp(prefix="linkway-sweep-")
    points = failures = 0
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(sweep, folder, call, fault, options.short) for call, faults in FAULTS.items()
                for fault in faults if options.call in (None, call)]
        for job in concurrent.futures.as_completed(jobs):
            call, fault, count, found = job.result()
            print(*found, f"{call:24} {fault:13} {count} points", sep="\n", flush=True)
            points += count
            failures += len(found)
    print(f"{points} points, {failures} failures")
    if failures:
        print(f"everything is kept in {folder}/failed")
        return 1
    shutil.rmtree(folder)
    return 0 if points else 1


if __name__ == "__main__":
    sys.exit(main())
