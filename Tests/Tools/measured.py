"""Runs a command and writes its exit code and the most memory it held, in bytes, as `CODE BYTES`.

  measured.py OUT ERROR COMMAND ARGUMENT…

Standard output and standard error of the command go to the files OUT and ERROR.
"""
import resource
import subprocess
import sys

with open(sys.argv[1], "wb") as out, open(sys.argv[2], "wb") as error:
    code = subprocess.run(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=out, stderr=error).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
