# SPDX-License-Identifier: MIT
"""Programs that end by themselves, as the system's packages install them. Each takes a Variant and returns an Outcome."""
import functools
import hashlib
import os
import subprocess
import tempfile

from interleave import clean_environment
from servers import nginx_server
from workload import Variant, batch, digest, output_of

HERE = os.path.dirname(os.path.abspath(__file__))


@functools.cache
def scratch():
    return tempfile.TemporaryDirectory()


@functools.cache
def sample(megabytes):
    """A file of real bytes: what /usr/bin holds, cut at that size."""
    path = os.path.join(scratch().name, f"{megabytes}M")
    with open(path, "wb") as out:
        for name in sorted(os.listdir("/usr/bin")):
            program = os.path.join("/usr/bin", name)
            if os.path.isfile(program) and os.access(program, os.R_OK):
                with open(program, "rb") as file:
                    out.write(file.read((megabytes << 20) - out.tell()))
    return path


def compressor(megabytes, *command):
    """`command FILE`; the compressed bytes on standard output are the result."""
    return lambda variant: batch(variant, [*command, sample(megabytes)])


def python3(variant):
    return batch(variant, ["/usr/bin/python3", os.path.join(HERE, "threads.py")])


def ffmpeg(variant):
    """Decoder, filter and encoder threads; the checksum of every encoded packet is the result. At a constant
    quantiser: with its rate control x264's packets are not the same in each native run on a busy machine."""
    return batch(variant, ["ffmpeg", "-nostdin", "-v", "error", "-threads", "2", "-filter_threads", "2", "-f", "lavfi",
                           "-i", "testsrc2=duration=6:size=640x360:rate=30", "-vf", "scale=480:270,gblur=sigma=2",
                           "-c:v", "libx264", "-preset", "veryfast", "-qp", "25", "-threads", "2",
                           "-flags", "+bitexact", "-f", "framemd5", "-"])


def aria2c(variant):
    """Eight connections to a local nginx; the file fetched is the result."""
    native = Variant("server", variant.build, clean_environment())
    with nginx_server(native, 64 << 20) as (_, url), tempfile.TemporaryDirectory() as folder:
        outcome = batch(variant, ["aria2c", "-q", "--no-conf", "-x8", "-s8", "-k1M", "--file-allocation=none", "-d",
                                  folder, "-o", "file", url])
        outcome.result["file"] = digest(os.path.join(folder, "file"))
    outcome.measured.clear()  # a wait for the network
    return outcome


@functools.cache
def repository():
    """A repository of real text, the same in each run."""
    folder = os.path.join(scratch().name, "repository")
    env = clean_environment(GIT_AUTHOR_DATE="2026-01-01T00:00:00Z", GIT_COMMITTER_DATE="2026-01-01T00:00:00Z",
                            GIT_CONFIG_GLOBAL=os.devnull)
    output_of("git", "init", "-q", folder)
    git = ["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x@x"]
    for part in ("linux", "c++"):
        subprocess.run(["cp", "-rL", f"/usr/include/{part}", folder], check=False, stderr=subprocess.DEVNULL)
        subprocess.run([*git, "add", "-A"], check=True, env=env)
        subprocess.run([*git, "commit", "-q", "-m", part], check=True, env=env, stdout=subprocess.DEVNULL)
    return folder


def git_pack(variant):
    """Threaded delta search. Which deltas it finds depends on the schedule; what is in the pack does not."""
    folder = repository()
    outcome = batch(variant, ["git", "-C", folder, "repack", "-a", "-d", "-f", "-q", "--threads=2"])
    outcome.result["objects"] = output_of("git", "-C", folder, "count-objects", "-v").split("in-pack: ")[1].split()[0]
    outcome.result["check"] = output_of("git", "-C", folder, "fsck", "--full", "--strict")
    return outcome


def git_grep(variant):
    return batch(variant, ["git", "-C", repository(), "grep", "--threads=4", "-n", "-E", "[a-z]+_[0-9]+ *\\("])


@functools.cache
def pack():
    path = os.path.join(scratch().name, "test.pack")
    with open(path, "wb") as file:
        subprocess.run(["git", "-C", repository(), "pack-objects", "--all", "--stdout", "--threads=1", "-q"],
                       stdin=subprocess.DEVNULL, stdout=file, check=True, env=clean_environment())
    return path


def git_index_pack(variant):
    with tempfile.TemporaryDirectory() as folder:
        outcome = batch(variant, ["git", "index-pack", "--threads=2", "-o", os.path.join(folder, "index"), pack()])
        outcome.result["index"] = digest(os.path.join(folder, "index"))
    return outcome


def sqlite3(variant):
    """An index that two helper threads sort."""
    script = b"""PRAGMA threads=2; PRAGMA cache_size=200; PRAGMA temp_store=MEMORY;
CREATE TABLE t(a INTEGER, b TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<400000)
INSERT INTO t SELECT (i*7919)%400009, printf('%08x', (i*104729)%1000003) FROM n;
CREATE INDEX x ON t(b, a);
SELECT count(*), sum(a), max(b) FROM t WHERE b > '0007';
SELECT b, a FROM t ORDER BY b DESC, a LIMIT 20;
PRAGMA integrity_check;
"""
    with tempfile.TemporaryFile() as text:
        text.write(script)
        text.seek(0)
        return batch(variant, ["sqlite3", ":memory:"], stdin=text)


def openssl(variant):
    """Two forked children; what they measure is theirs, so that only the exit status counts."""
    outcome = batch(variant, ["openssl", "speed", "-seconds", "1", "-multi", "2", "sha256"])
    outcome.measured.clear()
    del outcome.result["output"]
    return outcome


def rsync(variant):
    with tempfile.TemporaryDirectory() as folder:
        outcome = batch(variant, ["rsync", "-a", "/usr/include/c++", "/usr/include/linux", folder])
        outcome.result["tree"] = digest(folder)
    return outcome


def sort(variant):
    command = ["sort", "--parallel=4", "-S", "20M", numbers()]
    return batch(variant, command)


@functools.cache
def numbers():
    path = os.path.join(scratch().name, "numbers")
    with open(path, "w", encoding="ascii") as file:
        for index in range(1_000_000):
            file.write(hashlib.md5(str(index).encode()).hexdigest() + "\n")
    return path


def clang(variant):
    """One C++ unit, compiled; the object file is the result."""
    source = os.path.join(HERE, "lock_overhead.cpp")
    return batch(variant, ["clang-19", "-x", "c++", "-std=c++20", "-O1", "-c", source, "-o", "-"])


def lld(variant):
    """A link by a pool of threads; the program is the result."""
    objects = os.path.join(scratch().name, "unit.o")
    if not os.path.exists(objects):
        output_of("clang-19", "-x", "c++", "-std=c++20", "-c", os.path.join(HERE, "lock_overhead.cpp"), "-o", objects)
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "out")
        outcome = batch(variant, ["ld.lld-19", "--threads=4", "-r", "-o", program, *[objects]])
        outcome.result["file"] = digest(program)
    return outcome


def node(variant):
    """V8's compiler and collector threads, and the pool of libuv."""
    script = """const c = require('crypto'), z = require('zlib'); let n = 0, a = [];
for (let i = 0; i < 300000; i++) a.push({i, s: 'x' + i});
for (let i = 0; i < 24; i++) c.pbkdf2('p' + i, 's', 20000, 32, 'sha256', (e, k) => {
  z.gzip(Buffer.alloc(1 << 20, k), (e, d) => { n += d.length; if (i == 23) setTimeout(() => console.log(a.length), 1); }); });
"""
    return batch(variant, ["node", "-e", script])


def chromium(variant):
    """A page in a headless browser with all its processes; the text of the page is the result."""
    page = "data:text/html,<p id=p>0</p><script>let n=0;for(let i=0;i<1e6;i++)n+=i;p.textContent=n</script>"
    with tempfile.TemporaryDirectory() as folder:
        outcome = batch(variant, ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                                  f"--user-data-dir={folder}", "--virtual-time-budget=2000", "--dump-dom", page])
    return outcome
