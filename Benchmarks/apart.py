#!/usr/bin/env python3
"""Many referrals of few people posted at once: is anything of one person in another's? One JSON line.

    swift build -c release --product linkway
    python3 Benchmarks/apart.py                  # half a minute of posts about 40 people
    python3 Benchmarks/apart.py --seconds 360    # about a million; needs 25 GB of disk

Each person has words of their own (names, reason, NHS number), and each referral's number tells whose it is. Every file that
comes out is read: it may hold words of one person only, and must hold all of them. Needs wrk.
Exit code 1 when one is mixed or incomplete, or did not come.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from endtoend import HOME, Documents, Gateway, nhs_number, say

PEOPLE = 40
# What stands in the sample, and the kind of word that takes its place.
PLACES = {"Tregear": "family", "Wren": "given", "New baby": "reason", "9990004234": "number",
          "MV-REF-7711": "referral", "-0000-4000-8000-": "id"}
POSTS = """
local parts, people, count, threads = {parts}, {people}, 0, 0
function setup(t) t:set("thread", threads); threads = threads + 1 end
function init(args) wrk.method = "POST"; wrk.headers["Authorization"] = "Bearer bench-token-nobody-else-has"
  wrk.headers["Content-Type"] = "application/fhir+json" end
function request()
  count = count + 1
  local n = thread + 2 * count
  local person = people[n % {number} + 1]
  local body = {{}}
  for i, part in ipairs(parts) do
    if part == "id" then body[i] = string.format("-%04x-4000-8%03x-", n % 65536, math.floor(n / 65536))
    elseif part == "referral" then body[i] = string.format("MV-REF-%08d", n)
    else body[i] = person[part] or part end
  end
  return wrk.format(nil, "/v1/referrals", nil, table.concat(body))
end
"""


def person(number):
    words = {kind: f"Zq{number:02d}{kind}" for kind in ["family", "given", "reason"]}
    return {**words, "number": nhs_number(1000 + number)}


def lua(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {lua(item)}" for key, item in value.items()) + "}"
    return "{" + ", ".join(map(lua, value)) + "}" if isinstance(value, list) else json.dumps(value)


def script():
    message = Documents().message
    parts = [PLACES.get(part, part) for part in re.split("(" + "|".join(PLACES) + ")", message)]
    return POSTS.format(parts=lua(parts), people=lua([person(n) for n in range(PEOPLE)]), number=PEOPLE)


class Reader:
    """Takes what came out, and judges it."""

    def __init__(self, root):
        self.ready, self.came, self.mixed, self.incomplete = root + "/queue/ready", 0, 0, 0
        self.people = [person(n) for n in range(PEOPLE)]
        self.whose = {word: n for n, own in enumerate(self.people) for word in own.values()}
        self.word = re.compile(r"Zq\d\d[a-z]+|\b999\d{7}\b")

    def take(self):
        for entry in list(os.scandir(self.ready)) if os.path.isdir(self.ready) else []:
            with open(entry.path, encoding="utf-8") as file:
                text = file.read()
            os.unlink(entry.path)
            self.judge(text)

    def judge(self, text):
        self.came += 1
        owner = int(re.search(r"MV-REF-(\d{8})", text).group(1)) % PEOPLE
        found = set(self.word.findall(text))
        self.mixed += any(self.whose.get(word) != owner for word in found)
        self.incomplete += not found >= set(self.people[owner].values())


def run(gateway, seconds):
    with open(gateway.root + "/posts.lua", "w", encoding="utf-8") as file:
        file.write(script())
    gateway.start()
    reader, begin = Reader(gateway.root), time.monotonic()
    with subprocess.Popen(
            ["wrk", "-t2", "-c64", f"-d{seconds}s", "-s", gateway.root + "/posts.lua", f"http://127.0.0.1:{gateway.port}/"],
            stdout=subprocess.PIPE, text=True) as posts:
        while posts.poll() is None:
            reader.take()
            time.sleep(0.2)
        output = posts.stdout.read()
    count = int(re.search(r"(\d+) requests in", output).group(1))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    taken, end = count - (int(wrong.group(1)) if wrong else 0), time.monotonic() + 120
    while reader.came < taken and time.monotonic() < end:
        reader.take()
        time.sleep(0.2)
    spent = time.monotonic() - begin
    ended = gateway.stop()
    reader.take()
    say("apart", people=PEOPLE, acknowledged=taken, refused=count - taken, came=reader.came, mixed=reader.mixed,
        incomplete=reader.incomplete, per_second=round(reader.came / spent), exit=ended)
    # What was posted when wrk stopped may have been taken with nobody there to hear so.
    return reader.came >= taken > 0 and reader.mixed == reader.incomplete == ended == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(HOME, ".build/release/linkway"))
    parser.add_argument("--place", help="a folder on the file system to work on")
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    root = tempfile.mkdtemp(prefix="linkway-apart-", dir=options.place)
    gateway = Gateway(options.program, root)
    try:
        is_well = run(gateway, options.seconds)
    finally:
        if gateway.process and gateway.process.poll() is None:
            gateway.process.kill()
            gateway.process.wait()
        shutil.rmtree(root, ignore_errors=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
