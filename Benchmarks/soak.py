#!/usr/bin/env python3
"""Steady work for a long time, with kills: does memory grow, do descriptors leak, is anything lost? JSON lines.

    swift build -c release --product linkway
    python3 Benchmarks/soak.py                                  # an hour, 50 documents a second, a kill every 30 s
    python3 Benchmarks/soak.py --minutes 10 --kill-every 0      # one process without a kill

Each minute a line tells where it stands; the last one has the verdict. Two slopes, each by least squares over samples taken
once a second, those of each start's first ten seconds left out: `over_run` is through all samples, so it shows what grows
from start to start; `within_life` lets each process have its own level, so it shows what one process leaks while it lives.
A life of 30 s is too short to tell a leak from warming up: for `within_life` read a run without kills. `second_half` is
`over_run` of the latter half of the time: page caches that fill slowly are full by then, and what still grows is a leak.
Exit code 1 when something was lost, stuck, came twice without a kill between, or came again with other bytes.
"""
import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time

from endtoend import HOME, Documents, Gateway, nhs_number, say

WARM_UP = 10
# What is thrown away while it runs, so that the disk does not fill: it was counted.
SPENT = "inbox/done"


class Receiver:
    """Reads the queue as its reader does, and remembers what came under which key."""

    def __init__(self, root):
        self.ready, self.came, self.people = root + "/queue/ready", {}, set()
        self.repeats = self.differing = self.unprovoked = self.doubled = 0

    def take(self, kills):
        for entry in list(os.scandir(self.ready)) if os.path.isdir(self.ready) else []:
            with open(entry.path, "rb") as file:
                content = file.read()
            os.unlink(entry.path)
            digest = hashlib.sha256(content).digest()[:16]
            before = self.came.get(entry.name)
            self.came[entry.name] = digest, kills
            if before:
                self.repeats += 1
                self.differing += before[0] != digest
                self.unprovoked += before[1] == kills
            else:
                person = json.loads(content)["person"]["nhsNumber"]["value"]
                self.doubled += person in self.people
                self.people.add(person)


def slope(samples):
    """By least squares, per hour, of pairs of seconds and a value."""
    if len(samples) < 2:
        return None
    middle, level = (sum(column) / len(samples) for column in zip(*samples))
    spread = sum((second - middle) ** 2 for second, _ in samples)
    return 3600 * sum((second - middle) * (value - level) for second, value in samples) / spread if spread else None


def later_half(samples):
    return [sample for sample in samples if sample[0] >= samples[-1][0] / 2]


def within(lives):
    """The slope that all lives share, each with a level of its own."""
    centred = []
    for life in lives:
        if life:
            middle, level = (sum(column) / len(life) for column in zip(*life))
            centred += [(second - middle, value - level) for second, value in life]
    return slope(centred)


def rounded(number):
    return None if number is None else round(number, 2)


class Soak:
    def __init__(self, gateway, options):
        self.gateway, self.options, self.documents = gateway, options, Documents()
        self.receiver = Receiver(gateway.root)
        self.sent = self.kills = 0
        self.memory, self.descriptors = [[]], [[]]
        self.begin = self.started = time.monotonic()

    def drop(self):
        """As a good sender does: written hidden, then named."""
        name = f"{self.sent:07d}.{'xml' if self.sent % 2 else 'json'}"
        hidden = f"{self.gateway.root}/inbox/.{name}"
        with open(hidden, "w", encoding="utf-8") as file:
            file.write(self.documents.text(self.sent))
        os.rename(hidden, f"{self.gateway.root}/inbox/{name}")
        self.sent += 1

    def sample(self):
        now = time.monotonic()
        if now - self.started >= WARM_UP:
            self.memory[-1].append((now - self.begin, self.gateway.memory("VmRSS")))
            count = len(os.listdir(f"/proc/{self.gateway.process.pid}/fd"))
            self.descriptors[-1].append((now - self.begin, count))

    def restart(self):
        self.gateway.stop(signal.SIGKILL)
        # What it delivered lies there now; what comes after this is of the next one, and a kill lies between.
        self.receiver.take(self.kills)
        self.kills += 1
        self.memory.append([])
        self.descriptors.append([])
        self.gateway.start()
        self.started = time.monotonic()

    def tell(self, name, **more):
        lives = self.memory
        samples = [sample for life in lives for sample in life]
        open_files = [sample for life in self.descriptors for sample in life]
        say(name, minutes=round((time.monotonic() - self.begin) / 60, 1), sent=self.sent,
            came=len(self.receiver.people), kills=self.kills, samples=len(samples),
            resident_mb=[rounded(min((s[1] for s in samples), default=None)),
                         rounded(max((s[1] for s in samples), default=None))],
            descriptors=[min((s[1] for s in open_files), default=None), max((s[1] for s in open_files), default=None)],
            mb_per_hour_over_run=rounded(slope(samples)), mb_per_hour_within_life=rounded(within(lives)),
            mb_per_hour_second_half=rounded(slope(later_half(samples))), mb_now=samples[-1][1] if samples else None,
            descriptors_per_hour_over_run=rounded(slope(open_files)),
            descriptors_per_hour_within_life=rounded(within(self.descriptors)),
            repeats=self.receiver.repeats, differing=self.receiver.differing, unprovoked=self.receiver.unprovoked,
            doubled=self.receiver.doubled, **more)

    def run(self):
        self.gateway.start()
        self.begin = self.started = time.monotonic()
        second = 0
        while second < self.options.minutes * 60:
            for tick in range(10):
                while self.sent < (second + (tick + 1) / 10) * self.options.rate:
                    self.drop()
                self.receiver.take(self.kills)
                time.sleep(max(0.0, self.begin + second + (tick + 1) / 10 - time.monotonic()))
            second += 1
            if self.gateway.process.poll() is not None:
                raise SystemExit(f"the gateway ended by itself: {self.gateway.process.returncode}")
            self.sample()
            if self.options.kill_every and second % self.options.kill_every == 0:
                self.restart()
            if second % 60 == 0:
                self.forget()
                self.tell("soak-so-far")
        return self.settle()

    def forget(self):
        """Removes documents that came out long ago."""
        for folder, _, names in os.walk(f"{self.gateway.root}/{SPENT}"):
            for name in names:
                os.unlink(os.path.join(folder, name))

    def settle(self):
        """Lets it work off what is left, ends it as an operator would, and counts."""
        end = time.monotonic() + 60
        while len(self.receiver.people) < self.sent and time.monotonic() < end:
            self.receiver.take(self.kills)
            time.sleep(0.1)
        ended = self.gateway.stop()
        self.receiver.take(self.kills)
        owed = {nhs_number(number) for number in range(self.sent)}
        root = self.gateway.root
        set_aside = self.files("inbox/failed")
        missing = len(owed - self.receiver.people)
        lost, stuck = max(0, missing - set_aside), self.files("inbox", deep=False) + self.files("inbox/.work")
        self.tell("soak", lost=lost, stuck=stuck, set_aside=set_aside, exit=ended, place=root)
        wrong = self.receiver
        return lost == stuck == wrong.differing == wrong.unprovoked == wrong.doubled == 0 == ended

    def files(self, name, deep=True):
        """Documents in a folder; notes and hidden files are none."""
        path, count = f"{self.gateway.root}/{name}", 0
        for _, folders, names in os.walk(path):
            count += sum(1 for file in names if not file.startswith(".") and not file.endswith(".txt"))
            if not deep:
                folders.clear()
        return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(HOME, ".build/release/linkway"))
    parser.add_argument("--place", help="a folder on the file system to work on")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=int, default=50, help="documents a second")
    parser.add_argument("--kill-every", type=int, default=30, help="seconds between kills; 0 for none")
    options = parser.parse_args()
    root = tempfile.mkdtemp(prefix="linkway-soak-", dir=options.place)
    gateway = Gateway(options.program, root)
    is_well = False
    try:
        is_well = Soak(gateway, options).run()
    finally:
        if gateway.process and gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
    if is_well:
        shutil.rmtree(root, ignore_errors=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
