#!/usr/bin/env python3
"""Cuts the power of the file system under the running gateway, again and again; nothing that was promised may be gone.

    swift build && python3 Tests/Tools/power_cut.py [--cuts 250] [--file-system ext4|xfs]

Inbox, state and queue stand on a file system of their own in an image. Letters come in by folder and over HTTP; one counts as
taken when, before the cut, its sender had it and the folder on disk, or was answered 202. At a random moment the file system is shut down
without flushing its log or any page (the ioctl that file systems have for such tests), the gateway is killed, and the file
system mounted anew, which plays its log back. In the end every letter that was taken must have come out whole, the audit trail
must be whole, and no start may have failed. Needs root, loop devices, mkfs.ext4 or mkfs.xfs; what is missing is said, loudly.
"""
import argparse
import fcntl
import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

from gateway_under_test import TOKEN, Gateway, letter

# EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN, and the flag for "flush neither log nor pages".
SHUT_DOWN, NO_FLUSH = 0x8004587D, (2).to_bytes(4, sys.byteorder)
# Set where what is mounted is seen by nobody else.
ALONE = "LINKWAY_MOUNTS_ALONE"


class Disk:
    """A file system in an image, whose power can be cut."""

    def __init__(self, folder, kind):
        self.image, self.path = f"{folder}/{kind}.img", f"{folder}/{kind}"
        os.makedirs(self.path)
        with open(self.image, "wb") as file:
            file.truncate(1 << 30)
        subprocess.run([f"mkfs.{kind}", "-q", self.image], check=True, stdout=subprocess.DEVNULL)
        self.mount()

    def mount(self):
        subprocess.run(["mount", "-o", "loop", self.image, self.path], check=True)

    def cut(self):
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUT_DOWN, NO_FLUSH)
        finally:
            os.close(folder)

    def unmount(self):
        for _ in range(100):
            if subprocess.run(["umount", self.path], check=False, stderr=subprocess.DEVNULL).returncode == 0:
                return
            time.sleep(0.05)
        raise SystemExit(f"{self.path} cannot be unmounted")


def force(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Sender(threading.Thread):
    """Sends letters until the power goes; notes those that it may rely on."""

    def __init__(self, send, numbers, taken):
        super().__init__(daemon=True)
        self.send, self.numbers, self.taken, self.is_over = send, numbers, taken, False

    def run(self):
        while not self.is_over:
            number = next(self.numbers)
            try:
                text = letter(number)
            except ValueError:
                continue
            try:
                # What is answered after the cut is no promise: with the power gone nobody could have heard it.
                if self.send(number, text) and not self.is_over:
                    self.taken.append(number)
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            time.sleep(0.002)


def by_folder(root):
    def send(number, text):
        hidden, name = f"{root}/inbox/.{number:06d}.xml", f"{root}/inbox/{number:06d}.xml"
        with open(hidden, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.rename(hidden, name)
        force(root + "/inbox")
        return True
    return send


def by_http(port):
    def send(_, text):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/xml"}
            connection.request("POST", "/v1/referrals", text, headers)
            return connection.getresponse().status == 202
        finally:
            connection.close()
    return send


def prepared(disk):
    gateway = Gateway(disk.path + "/site", takes_posts=True)
    gateway.log = disk.image + ".log"
    os.sync()
    return gateway


def came(gateway):
    """Numbers of the letters that came out."""
    numbers = set()
    for name in gateway.delivered():
        with open(f"{gateway.root}/queue/ready/{name}", encoding="utf-8") as file:
            numbers.update(int(number) for number in re.findall(r"RV-2026-(\d{6})", file.read()))
    return numbers


def cuts(disk, count, chance):
    """Returns what was found wrong, and a line about what was done."""
    gateway = prepared(disk)
    # An iterator of a range is safe to share: what one thread takes, no other does.
    numbers, taken, found, recoveries = iter(range(1, 400_000)), [], [], []
    for _ in range(count):
        begin = time.monotonic()
        gateway.start()
        if not gateway.wait(gateway.is_ready, 10):
            found.append("a start failed")
        recoveries.append(time.monotonic() - begin)
        senders = [Sender(by_folder(gateway.root), numbers, taken), Sender(by_http(gateway.port), numbers, taken)]
        for sender in senders:
            sender.start()
        time.sleep(chance.uniform(0.02, 1.0))
        for sender in senders:
            sender.is_over = True
        disk.cut()
        gateway.kill()
        for sender in senders:
            sender.join()
        disk.unmount()
        disk.mount()
    gateway.start()
    if not gateway.wait(lambda: gateway.is_ready() and set(taken) <= came(gateway) and not gateway.documents("inbox"), 60):
        lost = sorted(set(taken) - came(gateway))
        found.append(f"{len(lost)} lost {lost[:9]}, {len(gateway.documents('inbox'))} stuck")
    if gateway.stop() != 0:
        found.append("does not stop with 0")
    if gateway.torn():
        found.append(f"{len(gateway.torn())} torn")
    if gateway.documents("inbox/failed"):
        found.append(f"{len(gateway.documents('inbox/failed'))} set aside")
    states = gateway.states()
    if set(states["message"]) != {"delivered"} or set(states["delivery"]) != {"delivered"}:
        found.append(f"states {states}")
    if not gateway.verify():
        found.append("audit")
    return found, f"{count} cuts, {len(taken)} letters taken, ready again within {max(recoveries):.1f} s"


def missing(kind):
    if ALONE not in os.environ:
        return "only root may mount, and not everywhere"
    if not shutil.which("mkfs." + kind):
        return f"mkfs.{kind} is not installed"
    return None if os.path.exists("/dev/loop-control") else "there are no loop devices"


def show(kind, options):
    folder = tempfile.mkdtemp(prefix="linkway-power-")
    try:
        disk = Disk(folder, kind)
    except (OSError, subprocess.CalledProcessError):
        shutil.rmtree(folder)
        return None, f"SKIPPED: {kind}: cannot mount an image here"
    try:
        found, words = cuts(disk, options.cuts, random.Random(options.seed))
        if found:
            subprocess.run(["cp", "-a", disk.path, folder + "/failed"], check=False)
    finally:
        subprocess.run(["umount", "-l", disk.path], check=False)
    if found:
        return found, f"{kind:5} FAILED: {'; '.join(found)} ({words}; all is kept in {folder})"
    shutil.rmtree(folder)
    return [], f"{kind:5} held ({words})"


def alone():
    """Goes on where nobody else sees what is mounted: while another holds it too, an unmounted file system lives on."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    before = ["unshare", "--mount", "--propagation", "private"]
    if ALONE in os.environ or os.geteuid() != 0 or not shutil.which("unshare"):
        return
    if subprocess.run([*before, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        os.execvpe("unshare", [*before, sys.executable, *sys.argv], {**os.environ, ALONE: "1"})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=250, help="for each file system")
    parser.add_argument("--file-system", choices=["ext4", "xfs"])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    alone()
    failures = 0
    for kind in [options.file_system] if options.file_system else ["ext4", "xfs"]:
        reason = missing(kind)
        found, line = (None, f"SKIPPED: {kind}: {reason}") if reason else show(kind, options)
        print(line, flush=True)
        failures += bool(found)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
