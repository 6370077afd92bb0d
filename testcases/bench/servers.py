# SPDX-License-Identifier: MIT
"""Servers under load, as the system's packages install them. Each function takes a Variant and returns an Outcome."""
import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request

from workload import Outcome, answers, free_port, output_of, served, server

SECONDS = 4


@contextlib.contextmanager
def folder_for(user=None):
    with tempfile.TemporaryDirectory() as folder:
        if user and os.geteuid() == 0:
            shutil.chown(folder, user, user)
        yield folder


def as_user(name):
    """Some servers refuse to be root."""
    return ["setpriv", f"--reuid={name}", f"--regid={name}", "--clear-groups"] if os.geteuid() == 0 else []


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def memcached(variant):
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    generator = os.path.join(variant.build, "testcases", "bench", "memcached_load")
    with server(variant, ["memcached", *user, "-l", "127.0.0.1", "-p", str(port), "-t", "4", "-m", "256"], port) as one:
        measured = served(one, lambda: float(output_of(generator, str(port), "2", "16", str(SECONDS))) * SECONDS)
    return Outcome(measured, {"status": one.status})


def redis(variant):
    port, count = free_port(), 150_000
    with folder_for() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--io-threads", "4",
                   "--io-threads-do-reads", "yes", "--save", "", "--dir", folder]

        def load():
            output_of("redis-benchmark", "-p", str(port), "-t", "set,get,incr,lpush", "-n", str(count), "-c", "50",
                      "-P", "16", "-q")
            return 4 * count

        with server(variant, command, port) as one:
            measured = served(one, load)
            length = output_of("redis-cli", "-p", str(port), "llen", "mylist")
    return Outcome(measured, {"status": one.status, "list": length})


def mariadb(variant):
    """sysbench's read-write mix; then a checksum of a table that only this function wrote."""
    with folder_for("mysql") as folder:
        path, port = os.path.join(folder, "socket"), free_port()
        data = os.path.join(folder, "data")
        user = ["--user=mysql"] if os.geteuid() == 0 else []
        output_of("mariadb-install-db", "--no-defaults", f"--datadir={data}", *user, "--skip-test-db",
                  "--auth-root-authentication-method=normal")
        command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={path}", f"--port={port}", *user,
                   f"--pid-file={folder}/pid", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=2",
                   "--innodb-buffer-pool-size=64M", "--bind-address=127.0.0.1"]

        def sql(text):
            return output_of("mariadb", "--no-defaults", f"--socket={path}", "-uroot", "-N", "-e", text)

        bench = ["sysbench", "oltp_read_write", "--db-driver=mysql", f"--mysql-socket={path}", "--mysql-user=root",
                 "--mysql-db=bench", "--tables=2", "--table-size=5000", "--threads=4", f"--time={SECONDS}"]

        def load():
            text = output_of(*bench, "run")
            return int(re.search(r"transactions:\s+(\d+)", text).group(1))

        with server(variant, command, lambda: os.path.exists(path)) as one:
            sql("create database bench; create table bench.mine (id int primary key, text varchar(40));"
                "insert into bench.mine values " + ",".join(f"({i},md5({i}))" for i in range(2000)))
            output_of(*bench, "prepare")
            measured = served(one, load)
            checksum = sql("checksum table bench.mine; select count(*) from bench.sbtest1")
    return Outcome(measured, {"status": one.status, "tables": checksum})


NGINX = """
{user}
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
thread_pool default threads=4;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/www;
    sendfile off; aio threads; directio 4k; output_buffers 2 64k;
  }}
}}
"""


@contextlib.contextmanager
def nginx_server(variant, size):
    """nginx that reads a file of that size in its thread pool; yields (server, URL)."""
    with folder_for() as folder:
        port = free_port()
        os.chmod(folder, 0o755)
        os.mkdir(os.path.join(folder, "www"))
        with open(os.path.join(folder, "www", "file"), "wb") as file:
            file.write(bytes(i * i % 251 for i in range(4096)) * (size // 4096))
        config = write(os.path.join(folder, "nginx.conf"),
                       NGINX.format(folder=folder, port=port, user="user root;" if os.geteuid() == 0 else ""))
        with server(variant, ["nginx", "-c", config, "-e", f"{folder}/error.log"], port) as one:
            yield one, f"http://127.0.0.1:{port}/file"


def nginx(variant):
    with nginx_server(variant, 256 << 10) as (one, url):
        def load():
            text = output_of("wrk", "-t1", "-c16", f"-d{SECONDS}s", url)
            return int(re.search(r"(\d+) requests in", text).group(1))

        throughput = served(one, load)["throughput"]  # its workers' processor time is not the master's
        with urllib.request.urlopen(url) as answer:
            body = answer.read()
    return Outcome({"throughput": throughput}, {"status": one.status, "body": hash(body)})


def postgres(variant):
    binaries = sorted(path for path in ("/usr/lib/postgresql/" + name + "/bin"
                                        for name in os.listdir("/usr/lib/postgresql")))[-1]
    with folder_for("postgres") as folder:
        data, port, user = os.path.join(folder, "data"), free_port(), as_user("postgres")
        output_of(*user, f"{binaries}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", cwd="/")
        connect = ["-h", "127.0.0.1", "-p", str(port), "-U", "postgres"]
        if variant.reports:
            shutil.chown(variant.reports, "postgres")

        def load():
            text = output_of("pgbench", *connect, "-c", "4", "-j", "2", "-T", str(SECONDS), "postgres")
            return int(re.search(r"actually processed: (\d+)", text).group(1))

        command = [*user, f"{binaries}/postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "fsync=off"]
        with server(variant, command, lambda: answers(port) and subprocess.run(
                ["pg_isready", *connect], stdout=subprocess.DEVNULL, check=False).returncode == 0) as one:
            output_of("pgbench", *connect, "-i", "-s", "2", "-q", "postgres")
            throughput = served(one, load)["throughput"]
            rows = output_of("psql", *connect, "-At", "-c", "select count(*), sum(bbalance - bbalance) from "
                             "pgbench_accounts, pgbench_branches", "postgres")
    return Outcome({"throughput": throughput}, {"status": one.status, "rows": rows})


def mpd(variant):
    """Starts, scans a folder of sound files in its update thread, answers, ends."""
    with folder_for() as folder:
        port, music = free_port(), os.path.join(folder, "music")
        os.mkdir(music)
        for index in range(20):
            output_of("ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine=frequency={200 + index}:duration=1",
                      os.path.join(music, f"{index}.wav"))
        config = write(os.path.join(folder, "conf"), f"""
music_directory "{music}"
db_file "{folder}/db"
state_file "{folder}/state"
bind_to_address "127.0.0.1"
port "{port}"
audio_output {{
  type "null"
  name "none"
}}
""")
        with server(variant, ["mpd", "--no-daemon", "--stderr", config], port) as one:
            text = mpd_talk(port, ["update", "add 1.wav", "add 2.wav", "play", "stop", "listall"])
    return Outcome({}, {"status": one.status, "songs": text.count("file: ")})


def mpd_talk(port, commands):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as stream:
        lines = stream.makefile("rw", encoding="utf-8", newline="\n")

        def ask(command):
            lines.write(command + "\n")
            lines.flush()
            text = ""
            while not text.endswith("OK\n") and "ACK" not in text:
                text += lines.readline()
            return text

        lines.readline()
        ask(commands[0])
        for _ in range(400):
            if "updating_db" not in ask("status"):
                break
            time.sleep(0.05)
        return "".join(ask(command) for command in commands[1:])


def transmission(variant):
    with folder_for() as folder:
        port = free_port()
        command = ["transmission-daemon", "-f", "-g", folder, "-w", folder, "-p", str(port), "-P", str(free_port()),
                   "--no-portmap", "--no-dht", "-M"]
        with server(variant, command, port) as one:
            text = output_of("transmission-remote", f"127.0.0.1:{port}", "-si")
    return Outcome({}, {"status": one.status, "version": re.search(r"Daemon version: .*", text).group()})
