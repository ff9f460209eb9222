#!/usr/bin/env python3
"""Fails or kills `linkway run --once` at every single file operation, one after another, and checks what is left.

    swift build && python3 Tests/Tools/fault_sweep.py

For each kind of call and fault: the 1st call, then the 2nd, and so on, until a run passes untouched. After each, a clean
run must give every document exactly one end: delivered whole, or in failed/ with its reason. Needs strace. Takes a minute.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINKWAY = os.environ.get("LINKWAY", os.path.join(HOME, ".build/debug/linkway"))
CALLS = ["renameat2", "fsync", "mkdir", "unlink", "write"]
# A file system that cannot rename without replacing: second names are given and first ones taken away.
OLD = ["-e", "inject=renameat2:error=EINVAL"]
FAULTS = [(call, fault, []) for call in CALLS for fault in ["signal=KILL", "error=EIO", "error=ENOSPC"]]
FAULTS += [("renameat2", "error=EINVAL", [])]
FAULTS += [(call, fault, OLD) for call in ["?link,?linkat", "unlink"] for fault in ["signal=KILL", "error=EIO"]]


# Delivered with a warning.
WITHOUT_OFFSET = "<Referred>02/03/2026 09:05</Referred>"


def documents():
    with open(os.path.join(HOME, "samples/riverside-xml/minimal.xml")) as file:
        letter = file.read()
    return {
        "a.xml": letter.replace("Dray", "Aname"),
        "b.xml": letter.replace("07/11/1951", "31/02/1951"),  # held
        "c.xml": letter.replace("</Patient>", ""),  # refused
        "d.xml": letter.replace("Dray", "Dname").replace("<ClinicSlot>", WITHOUT_OFFSET + "<ClinicSlot>"),
    }


def begin(root, texts):
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root + "/in")
    for name, text in texts.items():
        with open(f"{root}/in/{name}", "w") as file:
            file.write(text)


def run(root, injection=None):
    """Runs once; whether the fault was met."""
    command = [LINKWAY, "run", "--once", "--inbox", root + "/in", "--queue", root + "/queue", "--quiet"]
    command += ["--mappings", HOME + "/mappings"]
    log = root + ".strace"
    if injection:
        call, fault, always, number = injection
        command = ["strace", "-f", "-o", log, "-e", f"trace={call},renameat2", *always, "-e", f"inject={call}:{fault}:when={number}"] + command
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not injection:
        return False
    with open(log) as file:
        text = file.read()
    if "KILL" in fault:
        return "+++ killed" in text
    return any("INJECTED" in line for line in text.splitlines() if not always or "renameat2" not in line)


def torn(root):
    return [name for name in glob.glob(root + "/queue/ready/*") if not open(name, "rb").read().endswith(b"}\n")]


def wrong(root, texts):
    """What is not as it must be after a clean run."""
    found = []
    if sorted(os.listdir(root + "/in")) != [".work", "done", "failed"] or os.listdir(root + "/in/.work"):
        found.append("inbox")
    if os.listdir(root + "/queue/tmp"):
        found.append("tmp")
    if len(os.listdir(root + "/queue/ready")) != 2 or torn(root):
        found.append("ready")
    if sorted(os.listdir(root + "/in/done")) != ["a.xml", "d.xml", "d.xml.findings.txt"]:
        found.append("done")
    if sorted(os.listdir(root + "/in/failed")) != ["b.xml", "b.xml.why.txt", "c.xml", "c.xml.why.txt"]:
        found.append("failed")
    for folder, name in [("done", "a.xml"), ("failed", "b.xml"), ("failed", "c.xml"), ("done", "d.xml")]:
        path = f"{root}/in/{folder}/{name}"
        if os.path.exists(path) and open(path).read() != texts[name]:
            found.append(name)
    return found


def main():
    texts = documents()
    points = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        root = folder + "/sweep"
        for call, fault, always in FAULTS:
            number = 1
            while True:
                begin(root, texts)
                met = run(root, (call, fault, always, number))
                if not met:
                    break
                found = ["torn"] if torn(root) else []
                run(root)
                found += wrong(root, texts)
                points += 1
                if found:
                    failures += 1
                    print(f"FAILED at {call} {number}, {fault} {always[1:]}: {', '.join(found)}")
                number += 1
            print(f"{call:13} {fault:13} {number - 1} points {' '.join(always[1:])}", flush=True)
    print(f"{points} points, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
